import { type Bench, roundRobin } from '../bench.ts';
import { untilServed } from '../http.ts';
import { rawWith } from '../raw.ts';
import { requestsPerSecond, wrkMissing } from '../wrk.ts';

const LOAD = { connections: 16, seconds: 3 } as const;

/** What a person would write by hand for the same service: Debian's event MPM, one daemon process of 15 threads. */
const BY_HAND = `
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so
ServerRoot /etc/apache2
ServerName localhost
PidFile /tmp/httpd.pid
DefaultRuntimeDir /tmp
Listen 8000
StartServers 2
MinSpareThreads 25
MaxSpareThreads 75
ThreadsPerChild 25
MaxRequestWorkers 150
ErrorLog /dev/stderr
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog /dev/stdout combined
WSGISocketPrefix /tmp/wsgi
WSGIDaemonProcess app processes=1 threads=15 python-home=/opt/venv home=/app
WSGIScriptAlias / /tmp/wsgi-dev/entry.wsgi process-group=app application-group=%{GLOBAL}
<Directory />
    Require all denied
</Directory>
<Directory /tmp/wsgi-dev>
    Require all granted
</Directory>
`;

export const serve: Bench = {
  name: 'serve',
  about: `requests per second of up, over the same Apache configured by hand (wrk, ${LOAD.connections} connections)`,
  rounds: 10,
  rows: [
    {
      title: 'requests per second of `up` / by hand',
      value: 'up',
      over: 'byHand',
      unit: 'req/s',
      goal: { least: 0.97 },
    },
  ],
  missing: wrkMissing,
  async run(lab, rounds) {
    const project = await lab.project('bench-one');
    await lab.wsgiDev(project, 'up', '-d', '-p', `127.0.0.1:${project.port}`);
    await untilServed(project.port);
    const logs = ['-t', '--log-driver', 'local', '--log-opt', 'max-size=10m', '--log-opt', 'max-file=2'];
    const raw = await rawWith(lab, project, 'by-hand', BY_HAND, ['-DFOREGROUND'], logs);
    await raw.run();
    return await roundRobin(rounds, [
      () => Promise.resolve({ up: requestsPerSecond(project.port, lab.env, LOAD) }),
      () => Promise.resolve({ byHand: requestsPerSecond(raw.port, lab.env, LOAD) }),
    ]);
  },
};
