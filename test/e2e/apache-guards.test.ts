import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, PROMPT } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// Scripts that guard a location and one that chooses who serves it: as on the server, in one process and in several,
// and in debug mode they stop.

const project = useProject();
const SITE = `\
WSGIDaemonProcess shop processes=2 threads=3
WSGIDaemonProcess admin
<VirtualHost *:80>
    ServerName shop.example.org
    SetEnv HOST shop
    WSGIProcessGroup shop
    WSGIScriptAlias / /app/shop.wsgi
    WSGIScriptAlias /admin /app/admin.wsgi process-group=admin
    <Directory /app>
        WSGIDispatchScript /app/dispatch.py
        Require all granted
    </Directory>
    <Location /guarded>
        SetEnv PLACE guarded
        WSGIAccessScript /app/guards.py
    </Location>
    <Location /private>
        AuthType Basic
        AuthName shop
        AuthBasicProvider wsgi
        WSGIAuthUserScript /app/guards.py application-group=guards
        WSGIAuthGroupScript /app/guards.py
        Require wsgi-group staff
    </Location>
</VirtualHost>
<VirtualHost *:80>
    ServerName blog.example.org
    SetEnv HOST blog
    WSGIScriptAlias / /app/shop.wsgi
    <Directory /app>
        Require all granted
    </Directory>
</VirtualHost>
`;
const answer = (name: string): string => `\
def ${name}(environ, start_response):
    facts = ("${name}", environ["HOST"], environ.get("PLACE"), environ.get("REMOTE_USER"), environ["mod_wsgi.process_group"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(facts).encode()]
`;
const GUARDS = `\
import time

def allow_access(environ, host):
    if "stop" in environ["QUERY_STRING"]:
        breakpoint()
    if "raise" in environ["QUERY_STRING"]:
        raise ValueError("broken guard")
    waiting = "loop" in environ["QUERY_STRING"]
    while waiting:
        print("it waits", flush=True)
        time.sleep(0.1)
    return "no" not in environ["QUERY_STRING"]

def check_password(environ, user, password):
    known = {"ada": "lovelace", "eve": "apple"}
    return known.get(user) == password

def groups_for_user(environ, user):
    groups = {"ada": ["staff"]}
    return groups.get(user, [])
`;
const DISPATCH = `\
def process_group(environ):
    return "admin" if "admin" in environ["QUERY_STRING"] else None

def application_group(environ):
    return "chosen"

def callable_object(environ):
    return "other" if "other" in environ["QUERY_STRING"] else None
`;

/** Authorization of a user. */
function as(user: string): RequestInit {
  return { headers: { authorization: `Basic ${btoa(user)}` } };
}

async function body(url: string, path: string, init: RequestInit = {}): Promise<string> {
  return (await fetch(new URL(path, url), init)).text();
}

async function status(url: string, path: string, init: RequestInit = {}): Promise<number> {
  return (await fetch(new URL(path, url), init)).status;
}

/** What the other host answers. */
function blog(port: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, headers: { host: 'blog.example.org' }, agent: false };
    request(options, (response) => {
      text(response).then(resolve, reject);
    })
      .on('error', reject)
      .end();
  });
}

/** The events of stops, as the engine has them in its log. */
function stops(): readonly unknown[] {
  const log = project.docker('logs', project.container() ?? '');
  return [...log.matchAll(/\x1b\]7117;[^;]*;([\w-]+)\x07/g)]
    .map(([, body = '']) => JSON.parse(Buffer.from(body, 'base64url').toString()))
    .filter(({ event }) => event === 'stop');
}

beforeAll(async () => {
  project.write('site.conf', SITE);
  project.write('shop.wsgi', `${answer('application')}\n${answer('other')}`);
  project.write('admin.wsgi', answer('application'));
  project.write('guards.py', GUARDS);
  project.write('dispatch.py', DISPATCH);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: site.conf}\n`);
  await project.build();
});
afterEach(project.clear);

test.each(['debug', 'serve'])('each keeps its meaning in %s mode', async (mode) => {
  const debug = mode === 'debug' ? ['--debug'] : [];
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json', ...debug]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url } = JSON.parse(stdout);
  const group = (name: string): string => (mode === 'debug' ? "''" : `'${name}'`);
  expect(await body(url, '/')).toBe(`('application', 'shop', None, None, ${group('shop')})`);
  // WSGIAccessScript
  expect(await body(url, '/guarded')).toBe(`('application', 'shop', 'guarded', None, ${group('shop')})`);
  expect(await status(url, '/guarded?no')).toBe(403);
  // WSGIAuthUserScript, WSGIAuthGroupScript
  expect(await status(url, '/private')).toBe(401);
  expect(await status(url, '/private', as('ada:wrong'))).toBe(401);
  expect(await status(url, '/private', as('eve:apple'))).toBe(401);
  expect(await body(url, '/private', as('ada:lovelace'))).toMatch(/^\('application', 'shop', None, 'ada', /);
  // WSGIDispatchScript
  expect(await body(url, '/?other')).toMatch(/^\('other', 'shop'/);
  expect(await body(url, '/?admin')).toBe(`('application', 'shop', None, None, ${group('admin')})`);
  // Several applications and hosts
  expect(await body(url, '/admin')).toMatch(/^\('application', 'shop'/);
  expect(await blog(new URL(url).port)).toMatch(/^\('application', 'blog', None, None, ''\)$/);
});

test('a breakpoint in a guard stops, Ctrl-C is its own, and the request goes on', async () => {
  const terminal = await project.up(['--break', 'guards.py:15', '--break', 'dispatch.py:8']);
  const denied = project.get('/guarded?stop&no');
  await terminal.until(/GET \/guarded/);
  await terminal.until(PROMPT);
  await command(terminal, 'p host', /\n'\d[^']*'\n\(Pdb\) $/);
  terminal.type('c\r');
  expect((await denied).status).toBe(403);

  const known = fetch(new URL('/private', project.url()), as('ada:lovelace'));
  await terminal.until(/guards\.py\(15\)check_password/);
  await terminal.until(PROMPT);
  await command(terminal, 'p user', /\n'ada'\n\(Pdb\) $/);
  terminal.type('c\r');
  // Apache takes PATH_INFO for a URL of its own, and asks whether that would be let in.
  await terminal.until(/\[1\] GET \/private \(node\)\n> \/app\/guards\.py\(15\)check_password/);
  await terminal.until(PROMPT);
  terminal.type('c\r');
  await terminal.until(/dispatch\.py\(8\)callable_object/);
  await terminal.until(PROMPT);
  terminal.type('c\r');
  expect((await known).status).toBe(200);

  const broken = project.get('/guarded?raise');
  await terminal.until(/ValueError: broken guard/);
  await terminal.until(PROMPT);
  terminal.type('c\r');
  // As mod_wsgi has it: it says no.
  expect((await broken).status).toBe(403);

  const looping = project.get('/guarded?loop');
  await terminal.until(/it waits\n/);
  terminal.type('\x03');
  await terminal.until(/allow_access\(\)/);
  await terminal.until(PROMPT);
  await command(terminal, 'waiting = False');
  terminal.type('c\r');
  await terminal.until(/callable_object\(\)/);
  await terminal.until(PROMPT);
  terminal.type('c\r');
  expect((await looping).status).toBe(200);
  expect((await project.run(['ps'])).stdout).not.toMatch(/paused/);
  // No event of a request has told what they were asked about.
  expect(stops()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ request: null, function: 'allow_access', method: 'GET', path: '/guarded' }),
      expect.objectContaining({ request: null, function: 'check_password', method: 'GET', path: '/private' }),
      expect.objectContaining({ request: null, function: 'callable_object', path: expect.stringMatching(/^\//) }),
    ]),
  );
});
