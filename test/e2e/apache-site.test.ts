import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// A Debian site file with daemon mode, whose deployment lies in /srv/shop/current, run as it is and debugged.

const project = useProject();
const SITE = `\
# The site as it is deployed
<VirtualHost *:80>
    ServerName shop.example.org
    WSGIDaemonProcess unused umask=0077
    WSGIDaemonProcess shop user=shop group=shop threads=5 python-path=/srv/shop/current/lib \\
        home=/srv/shop/current/work umask=0027 display-name=%{GROUP}
    WSGIProcessGroup shop
    WSGIApplicationGroup shop
    WSGIScriptAlias /api /srv/shop/current/deploy/api.wsgi process-group=shop
    WSGIScriptAlias / /srv/shop/current/deploy/shop.wsgi
    <Directory /srv/shop/current/deploy>
        Require all granted
        SetEnv PLACE "a directory"
    </Directory>
    <Location /guarded>
        WSGIAccessScript /srv/shop/current/deploy/access.py
    </Location>
    <Location /private>
        AuthType Basic
        AuthName shop
        AuthBasicProvider wsgi
        WSGIAuthUserScript /srv/shop/current/deploy/access.py
        Require valid-user
    </Location>
    <IfModule mod_expires.c>
        ExpiresActive On
    </IfModule>
    ErrorLog \${APACHE_LOG_DIR}/shop/error.log
    CustomLog \${APACHE_LOG_DIR}/shop/access.log combined
</VirtualHost>
`;
const SCRIPT = `\
import json, os, sys
import shoplib

def application(environ, start_response):
    umask = os.umask(0)
    os.umask(umask)
    seen = {
        "lib": shoplib.NAME, "umask": f"{umask:04o}", "cwd": os.getcwd(), "place": environ.get("PLACE"),
        "group": environ["mod_wsgi.process_group"], "interpreter": environ["mod_wsgi.application_group"],
        "script": environ["SCRIPT_FILENAME"], "multi": environ["wsgi.multiprocess"],
    }
    body = json.dumps(seen).encode()
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("broken")
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
`;
const API = `\
def application(environ, start_response):
    name = environ["SCRIPT_NAME"]
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [name.encode()]
`;
const ACCESS = `\
def allow_access(environ, host):
    return False

def check_password(environ, user, password):
    return user == "ada" and password == "lovelace"
`;

beforeAll(async () => {
  project.write('deploy/site.conf', SITE);
  project.write('deploy/shop.wsgi', SCRIPT);
  project.write('deploy/api.wsgi', API);
  project.write('deploy/access.py', ACCESS);
  project.write('lib/shoplib.py', 'NAME = "of the project"\n');
  project.write('work/keep', '');
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: deploy/site.conf}\n`);
  await project.build();
});
afterEach(project.clear);

const effects = { lib: 'of the project', umask: '0027', cwd: '/app/work', place: 'a directory' };

test('debug mode is one process with what the daemon process would set, and stops in each script', async () => {
  const terminal = await project.up(['--break', 'deploy/shop.wsgi:5']);
  const page = await stoppedAt(project, terminal, '/page');
  await command(terminal, 'p shoplib.NAME', /\n'of the project'\n\(Pdb\) $/);
  const { status, body } = await goOn(terminal, page);
  expect({ status, seen: JSON.parse(body) }).toEqual({
    status: 200,
    seen: { ...effects, group: '', interpreter: '', script: '/app/deploy/shop.wsgi', multi: false },
  });
  const api = await stoppedAt(project, terminal, '/api');
  await command(terminal, 'p name', /\n'\/api'\n\(Pdb\) $/);
  expect(await goOn(terminal, api)).toEqual({ status: 200, body: '/api' });
});

test('an exception stops where it was raised, and an edit is served', async () => {
  const terminal = await project.up();
  const { response } = requested(project, '/broken');
  await terminal.until(/ValueError: broken\n/);
  await terminal.until(PROMPT);
  await command(terminal, 'p umask', /\n23\n\(Pdb\) $/);
  terminal.type('c\r');
  expect(await response).toMatchObject({ status: 500 });
  await terminal.until(/"GET [^\n]*broken[^\n]* 500 [^\n]*ms\n/);
  const ready = project.nextReady();
  project.write('lib/shoplib.py', 'NAME = "edited"\n');
  await ready;
  expect(JSON.parse((await project.get('/')).body)).toMatchObject({ lib: 'edited' });
  project.write('lib/shoplib.py', 'NAME = "of the project"\n');
});

test('scripts that guard a location keep guarding it', async () => {
  await project.up();
  expect(await project.get('/guarded')).toMatchObject({ status: 403 });
  expect(await project.get('/private')).toMatchObject({ status: 401 });
  const url = new URL('/private', project.url());
  const told = await fetch(url, { headers: { authorization: `Basic ${btoa('ada:lovelace')}` } });
  expect(told.status).toBe(200);
});

test('serve mode keeps the daemon process', async () => {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url } = JSON.parse(stdout);
  const seen = await (await fetch(url)).json();
  // Where nobody could answer a prompt, none opens.
  expect(await (await fetch(new URL('/api', url))).text()).toBe('/api');
  expect(seen).toEqual({
    ...{ ...effects, group: 'shop', interpreter: 'shop', script: '/app/deploy/shop.wsgi', multi: false },
  });
});

test('what was changed is said: on the terminal, as JSON, by config --apache and --dry-run', async () => {
  const before = readFileSync(join(project.directory, 'deploy/site.conf'), 'utf8');
  const up = await project.run(['up', '--debug', '-d', '--port', '0', '--format', 'json']);
  expect(up.code).toBe(0);
  const { apache } = JSON.parse(up.stdout);
  expect(apache.changed).toContainEqual({
    ...{ file: 'deploy/site.conf', line: 7, before: 'WSGIProcessGroup shop', after: 'WSGIProcessGroup %{GLOBAL}' },
    why: 'debug mode is one process',
  });
  expect(apache.changed.map(({ before: text }: { before: string }) => text.split(' ')[0])).toEqual(
    expect.arrayContaining(['WSGIDaemonProcess', 'WSGIScriptAlias', '<VirtualHost', 'ErrorLog', 'CustomLog']),
  );
  expect(apache.notes).toContainEqual('/srv/shop/current is taken for . of the project (server.paths)');
  project.clear();
  const terminal = await project.terminal(['up', '--debug', '--port', '0'], { columns: 200 });
  await terminal.until(
    /debug mode is one process: WSGIProcessGroup :7, WSGIApplicationGroup :8, WSGIScriptAlias :9 :10, /,
  );
  await terminal.until(/Ready: http/);

  const printed = await project.run(['config', '--apache', '--debug']);
  expect(printed.code).toBe(0);
  expect(printed.stdout).toContain(
    '# deploy/site.conf:7: WSGIProcessGroup shop → WSGIProcessGroup %{GLOBAL} (debug mode is one process)\n',
  );
  expect(printed.stdout).toMatch(/\n {4}WSGIScriptAlias \/api \/app\/deploy\/api\.wsgi process-group=%\{GLOBAL\} /);
  expect(printed.stdout).toContain('ExpiresActive On');
  expect(printed.stdout).not.toMatch(/\n *WSGIDaemonProcess/);
  const dry = await project.run(['up', '--debug', '--dry-run']);
  expect(dry.stdout).toContain('deploy/site.conf:7: WSGIProcessGroup shop → WSGIProcessGroup %{GLOBAL}');
  expect(readFileSync(join(project.directory, 'deploy/site.conf'), 'utf8')).toBe(before);
});
