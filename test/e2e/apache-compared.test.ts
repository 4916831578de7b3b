import { chownSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { PROMPT, requested } from '../helpers/prompt.ts';
import { get, useProject } from '../helpers/session-project.ts';

// What fails in debug mode's one process: does it fail as the site is configured, too?

const project = useProject();
const SITE = `\
<VirtualHost *:80>
    WSGIDaemonProcess shop processes=2 threads=1
    WSGIDaemonProcess admin threads=1
    WSGIScriptAlias /admin /srv/shop/current/deploy/admin.wsgi process-group=admin
    WSGIScriptAlias / /srv/shop/current/deploy/shop.wsgi process-group=shop
    <Directory /srv/shop/current/deploy>
        Require all granted
    </Directory>
</VirtualHost>
`;
const SHOP = `\
import os
os.environ.setdefault("SETTINGS", "shop")
SETTINGS = os.environ["SETTINGS"]

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/several" and not environ["wsgi.multiprocess"]:
        raise RuntimeError("several processes are needed")
    if path.startswith("/broken"):
        raise ValueError("broken")
    if path == "/either":
        raise LookupError(str(environ["wsgi.multiprocess"]))
    if path == "/settings" and SETTINGS != "shop":
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [SETTINGS.encode()]
    if path == "/asked":
        breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REQUEST_METHOD"].encode()]
`;
const ADMIN = SHOP.replaceAll('shop', 'admin');
const ONE_PROCESS = 'What one process changes there:\n';
const SEVERAL = '    shop is 2 processes with variables of their own, wsgi.multiprocess is True (deploy/site.conf:2)\n';
const APART =
  '    scripts have processes of their own: /app/deploy/admin.wsgi in admin, /app/deploy/shop.wsgi in shop\n' +
  '    each script has an interpreter of its own (WSGIApplicationGroup is not said)\n';

/** `text` as it is. */
const exactly = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));

beforeAll(async () => {
  mkdirSync(join(project.directory, 'deploy'));
  chownSync(join(project.directory, 'deploy'), 1234, 1234);
  project.write('deploy/site.conf', SITE);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: deploy/site.conf}\n`);
});
beforeEach(() => {
  project.write('deploy/shop.wsgi', SHOP);
  project.write('deploy/admin.wsgi', ADMIN);
});
afterEach(project.clear);

test('a request that fails in one process alone, with what that changes; one that fails either way', async () => {
  const terminal = await project.up(['--no-post-mortem']);
  expect(await project.get('/several')).toMatchObject({ status: 500 });
  await terminal.until(
    exactly(
      'wsgi-dev: GET /several answers 200 as it is configured, and 500 in one process: ' +
        `RuntimeError: several processes are needed\n  ${ONE_PROCESS}${SEVERAL}${APART}` +
        '  For that it was sent once more, to the site as it is configured; --no-compare leaves that\n',
    ),
  );
  expect(await project.get('/broken?x=1')).toMatchObject({ status: 500 });
  await terminal.until(
    exactly(
      'wsgi-dev: GET /broken?x=1 answers 500 as it is configured too: ' +
        "ValueError: broken; one process isn't what breaks it\n",
    ),
  );
  expect(await project.get('/either')).toMatchObject({ status: 500 });
  await terminal.until(
    exactly('wsgi-dev: GET /either answers 500 as it is configured too, but with another error: LookupError: True\n'),
  );
  // One interpreter for two applications, of which the first sets a variable that is the second's too.
  expect(await project.get('/settings')).toEqual({ status: 503, body: 'admin' });
  await terminal.until(exactly(`wsgi-dev: GET /settings answers 200 as it is configured, and 503 in one process\n`));
});

test('what may change something isn’t repeated, nor a request that was quit, nor the same failure', async () => {
  const terminal = await project.up();
  const said = async (pattern: RegExp): Promise<void> => void (await terminal.until(pattern));
  const quit = requested(project, '/asked');
  await said(PROMPT);
  terminal.type('q\r');
  expect((await quit.response).status).toBe(500);
  const posted = fetch(new URL('/broken', project.url()), { method: 'POST' });
  await said(/ValueError: broken\n[\s\S]*\(Pdb\) $/);
  terminal.type('c\r');
  expect((await posted).status).toBe(500);
  for (const path of ['/broken', '/broken', '/broken/elsewhere']) {
    const { response } = requested(project, path);
    await said(/ValueError: broken\n[\s\S]*\(Pdb\) $/);
    terminal.type('c\r');
    expect(await response).toMatchObject({ status: 500 });
  }
  await said(/wsgi-dev: GET \/broken answers 500 as it is configured too/);
  expect(await project.get('/')).toMatchObject({ status: 200 });
  await said(/"GET \/ [^\n]* ms\n/);
  expect(terminal.screen.text().match(/as it is configured too/g)).toHaveLength(1);
});

test('--no-compare: a request that fails reaches the application once, and so does one that can’t be loaded', async () => {
  project.write('deploy/shop.wsgi', SHOP.replace('    path =', '    print("asked", flush=True)\n    path ='));
  const terminal = await project.up(['--no-post-mortem', '--no-compare']);
  expect(await project.get('/broken')).toMatchObject({ status: 500 });
  expect(await project.get('/')).toMatchObject({ status: 200 });
  await terminal.until(/"GET \/ [^\n]* ms\n/);
  expect(terminal.screen.text().match(/asked\n/g)).toHaveLength(2);
  expect(terminal.screen.text()).not.toMatch(/as it is configured/);
  expect(await project.run(['down'])).toMatchObject({ code: 0 });
  project.write('deploy/shop.wsgi', 'raise ImportError("no such thing")\n');
  project.write('deploy/admin.wsgi', 'raise ImportError("no such thing")\n');
  project.write('deploy/site.conf', SITE);
  const { code, stderr } = await project.run(['up', '--debug', '-d', '--port', '0', '--no-compare']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('no such thing') });
  expect(stderr).not.toMatch(/as it is configured/);
});

test.each([
  ['an import that needs its own processes', 'import mod_wsgi\nassert mod_wsgi.process_group, "alone"\n', true],
  ['an import that fails either way', 'raise ImportError("no such thing")\n', false],
])('%s', async (_what, line, one) => {
  project.write('deploy/shop.wsgi', line + SHOP);
  project.write('deploy/admin.wsgi', line + ADMIN);
  const { code, stderr } = await project.run(['up', '--debug', '-d', '--port', '0']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    one
      ? `as it is configured it can be loaded\nwsgi-dev: ${ONE_PROCESS}wsgi-dev: ${SEVERAL.slice(2)}`
      : "it can't be loaded as it is configured either: ImportError: no such thing; one process isn't what breaks it",
  );
  expect(project.container()).toBeUndefined();
});

test('a second start asks Apache nothing about the same text; where a file is gone since, it is told at its line', async () => {
  const mapped = SITE.replace(
    '</VirtualHost>',
    '    RewriteMap names txt:/srv/shop/current/deploy/names.txt\n</VirtualHost>',
  );
  project.write('deploy/site.conf', mapped);
  project.write('deploy/names.txt', 'a b\n');
  const remembered = join(project.directory, '.wsgi-dev/run/remembered.json');
  const up = () => project.run(['up', '--debug', '-d', '--port', '0']);
  expect(await up()).toMatchObject({ code: 0 });
  const made = statSync(remembered).mtimeMs;
  expect(await project.run(['down'])).toMatchObject({ code: 0 });
  expect(await up()).toMatchObject({ code: 0 });
  expect(statSync(remembered).mtimeMs).toBe(made);
  expect(await project.run(['down'])).toMatchObject({ code: 0 });
  rmSync(join(project.directory, 'deploy/names.txt'));
  const { code, stderr } = await up();
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/deploy\/site\.conf:9: RewriteMap: file for map names not found/),
  });
  expect(stderr).toMatch(/ {2}9 \| {5}RewriteMap names/);
  project.write('deploy/site.conf', SITE);
});

test('nothing is left of the comparison', async () => {
  const terminal = await project.up(['--no-post-mortem']);
  expect(await project.get('/several')).toMatchObject({ status: 500 });
  await terminal.until(/as it is configured/);
  const processes = project.docker('exec', project.container() ?? '', 'sh', '-c', 'cat /proc/[0-9]*/comm');
  expect(processes.split('\n').filter((name) => name === 'apache2')).toHaveLength(1);
  expect(await get(new URL('/', project.url()))).toMatchObject({ status: 200 });
});
