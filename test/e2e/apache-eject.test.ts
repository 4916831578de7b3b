import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { openTerminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// What `eject` prints, run where wsgi-dev isn't: the image without the runner, the project where it is deployed.

const project = useProject();
const SITE = `\
<VirtualHost *:80>
    ServerName shop.example.org
    WSGIDaemonProcess shop user=shop threads=5 python-path=/srv/shop/lib home=/srv/shop umask=0027
    WSGIProcessGroup shop
    WSGIScriptAlias / /srv/shop/shop.wsgi process-group=shop application-group=shop
    <Directory /srv/shop>
        Require all granted
    </Directory>
    ErrorLog \${APACHE_LOG_DIR}/shop/error.log
</VirtualHost>
`;
const SCRIPT = `\
import os
import shoplib

def application(environ, start_response):
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
    return [b"done"]
`;

beforeAll(async () => {
  project.write('site.conf', SITE);
  project.write('shop.wsgi', SCRIPT);
  mkdirSync(join(project.directory, 'lib'));
  chownSync(join(project.directory, 'lib'), 1234, 1234);
  project.write('lib/shoplib.py', 'NAME = "of the server"\n');
  await project.build();
});
afterEach(project.clear);

test('the script that eject prints stands at a prompt on a server without wsgi-dev', async () => {
  const { code, stdout, stderr } = await project.run(['eject', '--apache-config', 'site.conf']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).not.toContain('wsgi-dev/');
  expect(stdout).not.toContain('/app');
  project.write('debug.sh', stdout);
  const image =
    project.docker('images', '--format', '{{.Repository}}:{{.Tag}}', `wsgi-dev/${project.name}`).split('\n')[0] ?? '';
  const request = 'python3 -c "import urllib.request as u; print(u.urlopen(\'http://127.0.0.1:8000/\').read())"';
  const terminal = await openTerminal(
    [
      ...[
        'docker',
        'run',

        '-it',
        '--init',
        '--user',
        '1234:1234',
        '--cap-drop',
        'ALL',
        '--name',
        `${project.name}-ejected`,
      ],
      ...['-v', `${project.directory}:/srv/shop`, '--tmpfs', '/usr/lib/wsgi-dev', '-w', '/', image],
      // The request comes from beside it, once it listens.
      ...['sh', '-c', `(until ${request} 2>/dev/null; do sleep 0.1; done) & exec sh /srv/shop/debug.sh`],
    ],
    { cwd: project.directory, columns: 160 },
  );
  try {
    await terminal.until(/\(Pdb\) $/);
    terminal.type('p shoplib.NAME, os.getcwd(), oct(os.umask(0o27))\r');
    await terminal.until(/\('of the server', '\/srv\/shop', '0o27'\)\s+\(Pdb\) $/);
    terminal.type('c\r');
    await terminal.until(/b'done'/);
  } finally {
    terminal.close();
    project.docker('rm', '-f', `${project.name}-ejected`);
  }
});
