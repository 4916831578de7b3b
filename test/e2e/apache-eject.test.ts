import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../helpers/pty.ts';
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

/** As root: Apache lies where Red Hat has it, and nothing is where Debian has it; env knows no --block-signal. */
const RED_HAT = `\
set -e
mkdir -p /usr/lib64/httpd /etc/httpd/conf
mv /usr/lib/apache2/modules /usr/lib64/httpd/modules
ln -s ../../usr/lib64/httpd/modules /etc/httpd/modules
rm /usr/lib64/httpd/modules/mod_wsgi.so
mv /usr/lib64/httpd/modules/mod_wsgi.so-* /usr/lib64/httpd/modules/mod_wsgi_python3.so
mv /etc/mime.types /etc/httpd/conf/mime.types
mv /usr/sbin/apache2 /usr/sbin/httpd
rm -rf /etc/apache2 /usr/sbin/apache2ctl /usr/sbin/apachectl /usr/lib/apache2
python3 - <<'END'
data = open("/usr/sbin/httpd", "rb").read()
changed = data.replace(b'HTTPD_ROOT="/etc/apache2"', b'HTTPD_ROOT="/etc/httpd"' + bytes(2))
assert changed != data
open("/usr/sbin/httpd", "wb").write(changed)
END
mv /usr/bin/env /usr/bin/env8
printf '%s\\n' '#!/bin/sh' 'case $1 in --block*) exit 125 ;; esac' 'exec env8 "$@"' >/usr/bin/env
chmod 755 /usr/bin/env
`;
const REQUEST = 'python3 -c "import urllib.request as u; print(u.urlopen(\'http://127.0.0.1:8000/\').read())"';

function image(): string {
  const [name = ''] = project
    .docker('images', '--format', '{{.Repository}}:{{.Tag}}', `wsgi-dev/${project.name}`)
    .split('\n');
  return name;
}

/** Lines of the shell in the image without the runner, as root, where the project lies at /srv/shop. */
async function onServer(lines: string, options: readonly string[] = []): Promise<Terminal> {
  const mounts = ['-v', `${project.directory}:/srv/shop`, '--tmpfs', '/usr/lib/wsgi-dev', '-w', '/'];
  return openTerminal(
    [
      ...['docker', 'run', '-it', '--init', '--name', `${project.name}-ejected`, '--user', '0', ...mounts, ...options],
      ...[image(), 'sh', '-c', lines],
    ],
    { cwd: project.directory, columns: 160 },
  );
}

function gone(terminal: Terminal): void {
  terminal.close();
  project.docker('rm', '-f', `${project.name}-ejected`);
}

/** `command` as the application's user, who is none of the machine's and owns no terminal. */
const asShop = (command: string): string =>
  `exec setpriv --reuid 1234 --regid 1234 --clear-groups --bounding-set -all ${command}`;

async function ejected(...options: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(['eject', '--apache-config', 'site.conf', ...options]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).not.toContain('wsgi-dev/');
  expect(stdout).not.toContain('/app');
  project.write('debug.sh', stdout);
  return stdout;
}

test.each([
  ['Debian', ''],
  ['Red Hat', RED_HAT],
])('the script that eject prints stands at a prompt on a server without wsgi-dev, as %s has it', async (_, layout) => {
  const text = await ejected('-e', "GREETING=it's me", '-e', 'API_TOKEN=the-secret');
  expect(text).not.toContain('the-secret');
  // The request comes from beside it, once it listens.
  const asking = `(until ${REQUEST} 2>/dev/null; do sleep 0.1; done) &`;
  const terminal = await onServer(`${layout}\n${asking} ${asShop('env API_TOKEN=t sh /srv/shop/debug.sh')}`);
  try {
    await terminal.until(/debug\.sh: http:\/\/127\.0\.0\.1:8000\/ in a moment\n/);
    await terminal.until(/\(Pdb\) $/);
    terminal.resize(100, 30);
    terminal.type('p shoplib.NAME, os.getcwd(), oct(os.umask(0o27))\r');
    await terminal.until(/\('of the server', '\/srv\/shop', '0o27'\)\s+\(Pdb\) $/);
    terminal.type("p os.environ['GREETING'], os.environ['API_TOKEN']\r");
    await terminal.until(/\("it's me", 't'\)\s+\(Pdb\) $/);
    terminal.type('c\r');
    await terminal.until(/b'done'/);
  } finally {
    gone(terminal);
  }
});

test('server.paths is for the container: the script has the paths of the server', async () => {
  const without = await ejected();
  const configured = readFileSync(join(project.directory, 'wsgi-dev.yaml'), 'utf8');
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {paths: {/srv/shop: .}}\n`);
  try {
    expect(await ejected()).toBe(without);
  } finally {
    project.write('wsgi-dev.yaml', configured);
  }
});

test.each([
  ['Apache', 'rm /usr/sbin/apache2', /debug\.sh: no Apache is here, neither apache2 .* APACHE=FILE says where it is\n/],
  ['mod_wsgi', 'rm /usr/lib/apache2/modules/mod_wsgi*', /debug\.sh: mod_wsgi isn't on this server: .*python3-mod_wsgi/],
  [
    'prefork',
    'rm /usr/lib/apache2/modules/mod_mpm_prefork.so',
    /debug\.sh: mod_mpm_prefork\.so is nowhere in .*lib64\/httpd/,
  ],
])('what is missing is named: %s', async (_, gap, said) => {
  await ejected();
  const terminal = await onServer(`${gap}; ${asShop('sh /srv/shop/debug.sh')}`);
  try {
    await terminal.until(said);
    expect((await terminal.ended).code).toBe(1);
  } finally {
    gone(terminal);
  }
});

test.each([
  ['--service', 'web'],
  ['--break', 'app.py:5'],
  ['--debugger', 'pudb'],
])('an option that could do nothing there is refused: %s', async (option, value) => {
  const { code, stdout, stderr } = await project.run(['eject', option, value]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`unknown option '${option}'`);
});

test('root is told whom to be instead', async () => {
  await ejected();
  const terminal = await onServer('exec sh /srv/shop/debug.sh');
  try {
    await terminal.until(/debug\.sh: Apache runs no application as root: sudo -u shop sh \/srv\/shop\/debug\.sh\n/);
    expect((await terminal.ended).code).toBe(1);
  } finally {
    gone(terminal);
  }
});

test('a key that the application’s user can’t read has one in its place; the port is the project’s', async () => {
  const tls = `    SSLEngine on
    Include /etc/letsencrypt/options-ssl-apache.conf
    SSLCertificateFile /etc/ssl/shop.pem
    SSLCertificateKeyFile /etc/ssl/private/shop.key
`;
  project.write(
    'site.conf',
    SITE.replace(':80>', ':443>').replace('</Virt', `${tls}</Virt`) + SITE.replace(/.*WSGIDaemon.*\n/, ''),
  );
  const { stderr } = await project.run(['eject', '--apache-config', 'site.conf']);
  expect(stderr).toMatch(
    /site\.conf:\d+: Include \/etc\/letsencrypt\/options-ssl-apache\.conf is not here, and left out/,
  );
  const text = await ejected('--port', '8123');
  project.write('site.conf', SITE);
  expect(text).toMatch(/^Listen 127\.0\.0\.1:8123$/m);
  const get =
    'python3 -c "import ssl, urllib.request as u; print(u.urlopen(\'https://127.0.0.1:8443/\', context=ssl._create_unverified_context()).read())"';
  const asking = `(until ${get} 2>/dev/null; do sleep 0.1; done) &`;
  const files = 'touch /etc/ssl/shop.pem /etc/ssl/private/shop.key; chmod 600 /etc/ssl/private/shop.key';
  const terminal = await onServer(`${files}; ${asking} ${asShop('sh /srv/shop/debug.sh')}`);
  try {
    await terminal.until(/shop\.key can't be read by this user: a certificate that signs itself stands for it\n/);
    await terminal.until(/\(Pdb\) $/);
    terminal.type('c\r');
    await terminal.until(/b'done'/);
  } finally {
    gone(terminal);
  }
});
