import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, PROMPT } from '../helpers/prompt.ts';
import { get, useProject } from '../helpers/session-project.ts';

// Configurations that Debian packages ship, as they are, around an application of the tests: debug mode starts, a request
// stops at --break, and what was changed is listed. They are fetched from the archive at the time of the test.

const project = useProject();
const packages = mkdtempSync(join(tmpdir(), 'wsgi-dev-corpus-'));

interface Case {
  readonly package: string;
  readonly file: string;
  /** Of the script that it serves; the package's own may need a database. */
  readonly script: string;
  readonly path: string;
  /** Words of what was changed. */
  readonly changed: readonly string[];
  /** In a manual: how the line before the configuration begins, and the line behind it. */
  readonly between?: readonly [string, string];
  /** In a template: what whoever deploys it fills in, by its name; the others with nothing. */
  readonly filled?: Readonly<Record<string, string>>;
}

/** Of the two templates of heat. */
const HEAT = { PUBLICPORT: '8004', API_WORKERS: '2', USER: 'heat', HEAT_BIN_DIR: '/usr/bin', APACHE_NAME: 'apache2' };
const MAPPROXY = 'usr/share/doc/mapproxy/html/_sources/deployment.rst.txt';

const CORPUS: readonly Case[] = [
  {
    package: 'graphite-web',
    file: 'usr/share/graphite-web/apache2-graphite.conf',
    script: 'graphite.wsgi',
    path: '/',
    changed: ['WSGIDaemonProcess _graphite', 'WSGIImportScript /usr/share/graphite-web/graphite.wsgi', 'ErrorLog'],
  },
  {
    package: 'python3-django-hyperkitty',
    file: 'usr/share/doc/python3-django-hyperkitty/examples/apache.conf',
    script: 'wsgi.py',
    path: '/hyperkitty/lists',
    changed: ['WSGIDaemonProcess hyperkitty', 'WSGIProcessGroup hyperkitty', 'Alias /static'],
  },
  {
    package: 'openstack-dashboard-apache',
    file: 'etc/apache2/sites-available/openstack-dashboard.conf',
    script: 'wsgi.py',
    path: '/auth/login',
    changed: ['WSGIDaemonProcess horizon', '<Directory /usr/share/openstack-dashboard>'],
  },
  {
    package: 'openstack-dashboard-apache',
    file: 'etc/apache2/sites-available/openstack-dashboard-alias-only.conf',
    script: 'wsgi.py',
    path: '/horizon/auth/login',
    changed: ['WSGIDaemonProcess horizon', 'WSGIScriptAlias /horizon'],
  },
  {
    package: 'bepasty',
    file: 'usr/share/doc/bepasty/examples/apache_bepasty.conf.example',
    script: 'bepasty.wsgi',
    path: '/',
    // On a server with Debian's defaults it answers 403.
    changed: ['WSGIDaemonProcess bepasty', 'WSGIScriptAlias / /srv/bepasty/bepasty.wsgi'],
  },
  {
    package: 'openstack-dashboard-apache',
    file: 'etc/apache2/sites-available/openstack-dashboard-ssl.conf',
    script: 'wsgi.py',
    path: '/auth/login',
    changed: ['<VirtualHost *:443>', 'SSLCertificateFile', 'SSLCertificateKeyFile', 'WSGIDaemonProcess horizon'],
  },
  {
    package: 'loggerhead',
    file: 'usr/share/doc/loggerhead/examples/apache-loggerhead.conf',
    script: 'loggerhead.wsgi',
    path: '/bzr/trunk',
    changed: ['WSGIDaemonProcess loggerhead', 'WSGISocketPrefix', 'WSGIRestrictStdout On', 'WSGIRestrictSignal Off'],
  },
  {
    package: 'pywps-wsgi',
    file: 'etc/apache2/conf-available/pywps-wsgi.conf',
    script: 'wps.py',
    path: '/pywps/wps.py/jobs',
    changed: ['WSGIScriptAlias /pywps/wps.py /usr/share/pywps/wps.py'],
  },
  {
    package: 'supysonic',
    file: 'usr/share/doc/supysonic/examples/apache.conf',
    script: 'supysonic.wsgi',
    path: '/rest/ping.view',
    changed: ['WSGIDaemonProcess supysonic', 'WSGIScriptAlias / /usr/share/doc/supysonic/examples/supysonic.wsgi'],
  },
  {
    package: 'supysonic',
    file: 'usr/share/doc/supysonic/html/_sources/setup/deploying/apache.rst.txt',
    between: ['.. code-block:: apache', 'With that kind'],
    script: 'supysonic.wsgi',
    path: '/supysonic/rest/ping.view',
    changed: ['WSGIScriptAlias /supysonic /var/www/supysonic/supysonic.wsgi', '<Directory /var/www/supysonic>'],
  },
  {
    package: 'x2gobroker-wsgi',
    file: 'etc/x2go/x2gobroker-wsgi.apache.conf',
    script: 'x2gobroker-wsgi',
    path: '/x2gobroker/plain/',
    changed: ['WSGIDaemonProcess x2gobroker', 'WSGIProcessGroup x2gobroker', 'Require local'],
  },
  {
    package: 'x2gobroker-wsgi',
    file: 'etc/x2go/x2gobroker-wsgi.apache.vhost',
    // As it is written there.
    script: 'x2goroker-wsgi',
    path: '/plain/',
    changed: ['WSGIDaemonProcess x2gobroker', 'Require local', 'SSLCertificateFile', 'SSLCertificateKeyFile'],
  },
  {
    package: 'wims-lti',
    file: 'etc/apache2/sites-available/wims-lti-django.conf-dist',
    script: 'wsgi.py',
    path: '/lti/',
    changed: ['WSGIDaemonProcess wimslti', 'WSGIProcessGroup wims-lti', 'WSGIScriptAlias / /var/lib/wims-lti'],
  },
  {
    package: 'python3-heat',
    file: 'usr/lib/python3/dist-packages/heat/httpd/files/heat-api.conf',
    filled: HEAT,
    script: 'heat-wsgi-api',
    path: '/v1/stacks',
    changed: ['Listen 8004', 'WSGIDaemonProcess heat-api', '<VirtualHost *:8004>', 'WSGIScriptAlias / /usr/bin'],
  },
  {
    package: 'python3-heat',
    file: 'usr/lib/python3/dist-packages/heat/httpd/files/heat-api-cfn.conf',
    filled: HEAT,
    script: 'heat-wsgi-api-cfn',
    path: '/v1/',
    changed: ['Listen 8004', 'WSGIDaemonProcess heat-api-cfn', 'WSGIProcessGroup heat-api-cfn', 'ErrorLog'],
  },
  {
    package: 'python3-kdcproxy',
    file: 'usr/share/doc/python3-kdcproxy/README.gz',
    between: ['to use mod_wsgi', '[MS-KKDCP]'],
    script: '__init__.py',
    path: '/KdcProxy',
    changed: ['WSGIDaemonProcess kdcproxy', 'WSGIImportScript', 'WSGIScriptReloading Off', 'WSGIApplicationGroup'],
  },
  {
    package: 'mapproxy-doc',
    file: MAPPROXY,
    between: ['You need to modify your Apache', '``mod_wsgi`` has'],
    script: 'config.py',
    path: '/mapproxy/demo/',
    changed: ['WSGIScriptAlias /mapproxy /path/to/mapproxy/config.py'],
  },
  {
    package: 'mapproxy-doc',
    file: MAPPROXY,
    between: ['A more complete configuration', '.. _mod_wsgi'],
    script: 'config.py',
    path: '/mapproxy/demo/',
    changed: ['WSGIDaemonProcess mapproxy', 'WSGIPythonHome /path/to/mapproxy/venv'],
  },
];
const APPLICATION = `\
def application(environ, start_response):
    where = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(where)))])
    return [where.encode()]
`;

/** The configuration of a case, as it is to be deployed. */
function configuration({ package: name, file, between, filled }: Case): string {
  const content = readFileSync(join(fetched(name), file));
  const lines = (file.endsWith('.gz') ? gunzipSync(content) : content).toString().split('\n');
  const first = between === undefined ? 0 : lines.findIndex((line) => line.startsWith(between[0])) + 1;
  const behind = between === undefined ? -1 : lines.findIndex((line, at) => at > first && line.startsWith(between[1]));
  const text = lines.slice(first, behind === -1 ? undefined : behind).join('\n');
  return filled === undefined ? text : text.replace(/%([A-Z_]+)%/g, (_, word: string) => filled[word] ?? '');
}

/** Debian's own archive, as the machine's apt has it: one file of each package. */
function fetched(name: string): string {
  const into = join(packages, name);
  if (!readdirSync(packages).includes(name)) {
    mkdirSync(into);
    execFileSync('apt-get', ['-q', 'download', name], { cwd: into, stdio: 'ignore' });
    const [archive = ''] = readdirSync(into).filter((file) => file.endsWith('.deb'));
    execFileSync('dpkg-deb', ['-x', archive, '.'], { cwd: into });
  }
  return into;
}

beforeAll(async () => {
  execFileSync('apt-get', ['-q', 'update'], { stdio: 'ignore' });
  for (const one of CORPUS) fetched(one.package);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: site.conf}\n`);
}, 180_000);
afterEach(project.clear);
afterAll(() => rmSync(packages, { recursive: true, force: true }));

test.each(CORPUS)('$package: $file', async (one) => {
  const text = configuration(one);
  project.write('site.conf', text);
  project.write(one.script, APPLICATION);
  const terminal = await project.terminal(['up', '--debug', '--port', '0', '--break', `${one.script}:3`]);
  const [, url = ''] = await terminal.until(/Ready: (https?:\S+) \(debug.*\)\n?/);
  const response = get(new URL(one.path, url));
  await terminal.until(PROMPT);
  await command(terminal, 'p where', new RegExp(`\\n'${one.path}'\\n\\(Pdb\\) $`));
  expect(await goOn(terminal, { response })).toEqual({ status: 200, body: one.path });
  const report = JSON.parse(readFileSync(join(project.directory, '.wsgi-dev/run/apache.json'), 'utf8'));
  const before: readonly string[] = report.changed.map((change: { before: string }) => change.before);
  const told = (words: string): boolean => before.some((line) => line.startsWith(words));
  expect(one.changed.filter((words) => !told(words))).toEqual([]);
  expect(readFileSync(join(project.directory, 'site.conf'), 'utf8')).toBe(text);
  rmSync(join(project.directory, one.script));
});
