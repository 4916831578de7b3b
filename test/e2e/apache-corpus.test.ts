import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { passage, textOf, useDebian } from '../helpers/debian.ts';
import { command, goOn, PROMPT } from '../helpers/prompt.ts';
import { get, useProject } from '../helpers/session-project.ts';

// Configurations that Debian packages ship, as they are, around an application of the tests: debug mode starts, a request
// stops at --break, and what was changed is listed. They are fetched from the archive at the time of the test.

const project = useProject();
const fetched = useDebian();

interface Case {
  readonly package: string;
  readonly file: string;
  /** Of the script that it serves; the package's own may need a database. */
  readonly script: string;
  readonly others?: readonly string[];
  readonly path: string;
  /** Words of what was changed. */
  readonly changed: readonly string[];
  /** In a manual: how the line before the configuration begins, and the line behind it. */
  readonly between?: readonly [string, string];
  /** In a template: what whoever deploys it fills in, by its name; the others with nothing. */
  readonly filled?: Readonly<Record<string, string>>;
  /** server.paths: what stands for a path of the deployment that can't be found out. */
  readonly paths?: Readonly<Record<string, string>>;
}

/** Of the two templates of heat. */
const HEAT = { PUBLICPORT: '8004', API_WORKERS: '2', USER: 'heat', HEAT_BIN_DIR: '/usr/bin', APACHE_NAME: 'apache2' };
const MAPPROXY = 'usr/share/doc/mapproxy/html/_sources/deployment.rst.txt';
const DJANGO = 'usr/share/doc/python-django-doc/html/howto/deployment/wsgi';
/** Where the manuals of the OpenStack services lie. */
const manual = (service: string, page: string): string => `usr/share/doc/${service}-doc/html/_sources/${page}.rst.txt`;

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
  {
    package: 'linkchecker-web',
    file: 'etc/apache2/conf-available/linkchecker-web.conf',
    script: 'lc.wsgi',
    path: '/lconlinewsgi/lc.wsgi',
    changed: ['WSGIScriptAlias /lconlinewsgi/lc.wsgi /usr/lib/cgi-bin/lc.wsgi', 'Require local'],
  },
  {
    package: 'prewikka',
    file: 'usr/share/doc/prewikka/README.Debian',
    between: ['======================================================', 'Content of'],
    script: 'prewikka.wsgi',
    path: '/events',
    changed: ['WSGIScriptAlias / /var/www/html/prewikka.wsgi', '<VirtualHost *:80>'],
  },
  {
    // A handler for what an Alias leads to; and a placeholder that nothing tells.
    package: 'neutron-doc',
    file: manual('neutron', 'admin/config-wsgi'),
    between: ['Create ``/etc/apache2/neutron.conf``', '.. end'],
    paths: { '<path-to-neutron-bin-dir>': '.' },
    script: 'neutron-api',
    path: '/networking',
    changed: ['Listen 9696', 'Alias /networking <path-to-neutron-bin-dir>/neutron-api', 'WSGISocketPrefix'],
  },
  {
    // As it is written there, with nothing filled in.
    package: 'murano-doc',
    file: manual('murano', 'admin/config-wsgi'),
    between: ['Create ``/etc/apache2/murano.conf``', '.. end'],
    script: 'murano-wsgi-api',
    path: '/v1/environments',
    changed: ['Listen 8082', 'WSGIDaemonProcess murano-api', 'WSGIScriptAlias / %MURANO_BIN_DIR%/murano-wsgi-api'],
  },
  {
    package: 'barbican-doc',
    file: manual('barbican', 'install/install-rdo'),
    between: ['   .. code-block:: apache', '#.  Start'],
    script: 'app.wsgi',
    path: '/v1/secrets',
    changed: ['<VirtualHost [::1]:9311>', 'WSGIDaemonProcess barbican-api', 'ErrorLog "/var/log/httpd/'],
  },
  {
    package: 'aodh-doc',
    file: manual('aodh', 'contributor/install/mod_wsgi'),
    between: ['You can then configure Apache', 'Modify the'],
    script: 'app',
    path: '/v2/alarms',
    changed: ['Listen 8042', 'ErrorLogFormat', 'WSGISocketPrefix /var/run/httpd'],
  },
  {
    // Clients show certificates, of authorities that lie in a directory of the server.
    package: 'keystone-doc',
    file: manual('keystone', 'admin/configure_tokenless_x509'),
    between: ['attributes to be passed. For example,', 'HAProxy and Apache'],
    script: 'main',
    path: '/v3/auth/tokens',
    changed: ['SSLCACertificatePath', 'SSLCertificateFile', 'WSGIScriptAlias / /var/www/cgi-bin/keystone/main'],
  },
  {
    package: 'keystone-doc',
    file: manual('keystone', 'admin/configure_tokenless_x509'),
    between: ['how to configure Apache to achieve', '----------'],
    script: 'main',
    path: '/v3/auth/tokens',
    changed: ['<VirtualHost 192.168.0.10:5000>', 'WSGIScriptAlias / /var/www/cgi-bin/keystone/main'],
  },
  {
    // Three servers, each on a port of its own.
    package: 'swift-doc',
    file: 'usr/share/doc/swift-doc/base/_sources/apache_deployment_guide.rst.txt',
    between: ['storage node::', 'Enable the newly'],
    script: 'object-server.wsgi',
    others: ['container-server.wsgi', 'account-server.wsgi'],
    path: '/d1/1/AUTH_a/c/o',
    changed: ['Listen 6200', 'Listen 6201', 'Listen 6202', '<VirtualHost *:6202>', 'WSGIDaemonProcess object-server'],
  },
  {
    package: 'python-pecan-doc',
    file: 'usr/share/doc/python-pecan-doc/html/_sources/deployment.rst.txt',
    between: ['example::', 'For more instructions'],
    script: 'app.wsgi',
    path: '/',
    changed: ['<VirtualHost *>', 'WSGIDaemonProcess simpleapp', 'WSGIProcessGroup simpleapp'],
  },
  {
    package: 'pywps-doc',
    file: 'usr/share/doc/pywps/html/_sources/deployment.rst.txt',
    between: ['(`/etc/apache2/sites-enabled/', '.. note::'],
    script: 'pywps.wsgi',
    path: '/pywps/jobs',
    changed: ['WSGIDaemonProcess pywps', 'WSGIScriptAlias /pywps', 'WSGIScriptReloading On', 'WSGIProcessGroup pywps'],
  },
  {
    // As a person copies it: a host that is to be filled in, a variable of a template, Apache 2.2's way to let in.
    package: 'freezer-doc',
    file: manual('freezer', 'install/common_configure'),
    between: ['   sudo vi /etc/apache2/sites-enabled', 'Install and configure'],
    script: 'wsgi.py',
    path: '/v2/jobs',
    changed: ['<VirtualHost ...>', 'WSGIDaemonProcess freezer-api', 'WSGIApplicationGroup freezer-api', 'ErrorLog'],
  },
  {
    package: 'python-bottle-doc',
    file: 'usr/share/doc/python-bottle-doc/html/_sources/deployment.rst.txt',
    between: ['The Apache configuration may', 'Google AppEngine'],
    script: 'app.wsgi',
    path: '/hello',
    changed: ['<VirtualHost *>', 'WSGIDaemonProcess yourapp', 'WSGIProcessGroup yourapp'],
  },
  {
    package: 'python-django-doc',
    file: `${DJANGO}/modwsgi.html`,
    between: ['httpd.conf file and add', 'The first bit'],
    script: 'wsgi.py',
    path: '/admin/',
    changed: [
      'WSGIPythonHome /path/to/venv',
      'WSGIPythonPath /path/to/mysite.com',
      '<Directory /path/to/mysite.com/mysite>',
    ],
  },
  {
    package: 'python-django-doc',
    file: `${DJANGO}/modwsgi.html`,
    between: ['a static file. All', 'Serving the admin'],
    script: 'wsgi.py',
    path: '/admin/',
    changed: ['WSGIScriptAlias / /path/to/mysite.com', '<Directory /path/to/mysite.com/mysite>'],
  },
  {
    // A script that lets users in.
    package: 'python-django-doc',
    file: `${DJANGO}/apache-auth.html`,
    between: ['only authenticated users', 'The WSGIAuthUserScript'],
    script: 'wsgi.py',
    path: '/open',
    changed: ['WSGIPythonPath /path/to/mysite.com', 'WSGIAuthUserScript /path/to/mysite.com/mysite/wsgi.py'],
  },
  {
    package: 'python-django-doc',
    file: `${DJANGO}/apache-auth.html`,
    between: ['In this case, the Apache', 'To support'],
    script: 'wsgi.py',
    path: '/open',
    changed: ['WSGIAuthUserScript /path/to/mysite.com', 'WSGIAuthGroupScript /path/to/mysite.com'],
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
  const whole = (file.endsWith('.gz') ? gunzipSync(content) : content).toString();
  const all = file.endsWith('.html') ? textOf(whole) : whole;
  const text = between === undefined ? all : passage(all, ...between);
  return filled === undefined ? text : text.replace(/%([A-Z_]+)%/g, (_, word: string) => filled[word] ?? '');
}

beforeAll(() => {
  for (const one of CORPUS) fetched(one.package);
}, 180_000);
afterEach(project.clear);

test.each(CORPUS)('$package: $file', async (one) => {
  const text = configuration(one);
  const paths = JSON.stringify(one.paths ?? {});
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: site.conf, paths: ${paths}}\n`);
  project.write('site.conf', text);
  for (const script of [one.script, ...(one.others ?? [])]) project.write(script, APPLICATION);
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
