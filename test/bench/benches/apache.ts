import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, roundRobin, timed } from '../bench.ts';
import { untilServed } from '../http.ts';
import type { Lab, Project } from '../lab.ts';

const SITE = `\
<VirtualHost *:80>
    ServerName shop.example.org
    WSGIDaemonProcess shop user=shop threads=5 python-path=/srv/shop umask=0027
    WSGIProcessGroup shop
    WSGIScriptAlias / /srv/shop/wsgi.py
    <Directory /srv/shop>
        Require all granted
    </Directory>
    <IfModule mod_expires.c>
        ExpiresActive On
    </IfModule>
    ErrorLog \${APACHE_LOG_DIR}/shop.log
</VirtualHost>
`;

/** What a configuration of the user's own costs a start whose image is there. */
export const apache: Bench = {
  name: 'apache',
  about: 'what --apache-config adds to up --debug',
  rounds: 15,
  rows: [
    { title: '`up --debug` to 200, with --apache-config', value: 'with', unit: 'ms' },
    { title: '--apache-config adds', value: 'added', unit: 'ms', goal: { most: 300 } },
  ],
  async run(lab, rounds) {
    const project = await lab.project('bench-one');
    writeFileSync(join(project.directory, 'site.conf'), SITE);
    return await roundRobin(rounds, [
      async () => {
        const without = await cycle(lab, project);
        const took = await cycle(lab, project, '--apache-config', 'site.conf');
        return { with: took, added: took - without };
      },
    ]);
  },
};

async function cycle(lab: Lab, project: Project, ...args: readonly string[]): Promise<number> {
  const took = await timed(async () => {
    await lab.wsgiDev(project, 'up', '-d', '--debug', '-p', `127.0.0.1:${project.port}`, ...args);
    await untilServed(project.port);
  });
  await lab.wsgiDev(project, 'down');
  return took;
}
