import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { useProject } from '../helpers/session-project.ts';

// Serve mode with a configuration of one's own: its scripts are loaded at the start, each in the interpreter that it has
// on a server, and one that can't be is told then.

const project = useProject();
const SITE = `\
WSGIDaemonProcess shop processes=2 threads=3 home=/app/deploy
WSGIDaemonProcess admin
<VirtualHost *:80>
    ServerName shop.example.org
    WSGIProcessGroup shop
    WSGIScriptAlias /api /app/deploy/api.wsgi process-group=admin application-group=%{GLOBAL}
    WSGIScriptAlias / /app/deploy/shop.wsgi
    <Directory /app/deploy>
        Require all granted
    </Directory>
    <Location /api/private>
        WSGIAccessScript /app/deploy/access.py
    </Location>
</VirtualHost>
`;
/** Tells how often it was loaded in this process, and where. */
const SCRIPT = `\
import os, sys
sys.times = getattr(sys, "times", 0) + 1

def application(environ, start_response):
    facts = (sys.times, environ["mod_wsgi.process_group"], environ["mod_wsgi.application_group"], os.getcwd())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [repr(facts).encode()]
`;
const ACCESS = 'def allow_access(environ, host):\n    return False\n';

function up(): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return project.run(['up', '-d', '--port', '0', '--format', 'json']);
}

beforeEach(() => {
  project.write('deploy/shop.wsgi', SCRIPT);
  project.write('deploy/api.wsgi', SCRIPT);
  project.write('deploy/access.py', ACCESS);
});
beforeAll(async () => {
  project.write('deploy/site.conf', SITE);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: deploy/site.conf}\n`);
  await project.build();
});
afterEach(project.clear);

test('scripts are loaded before a request has come, once, where the requests find them', async () => {
  project.write('deploy/shop.wsgi', `print("shop is loaded")\n${SCRIPT}`);
  project.write('deploy/api.wsgi', `print("api is loaded")\n${SCRIPT}`);
  const { code, stdout, stderr } = await up();
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url, apache } = JSON.parse(stdout);
  expect(apache.changed).toContainEqual(
    expect.objectContaining({
      before: 'WSGIScriptAlias / /app/deploy/shop.wsgi',
      after: 'WSGIScriptAlias / /app/deploy/shop.wsgi application-group=shop.example.org|',
    }),
  );
  const log = (await project.run(['logs'])).stdout;
  expect(log).toMatch(/shop is loaded/);
  expect(log).toMatch(/api is loaded/);
  const get = async (path: string): Promise<string> => (await fetch(new URL(path, url))).text();
  expect(await get('/')).toBe("(1, 'shop', 'shop.example.org|', '/app/deploy')");
  expect(await get('/api/')).toMatch(/^\(1, 'admin', '', /);
  expect((await fetch(new URL('/api/private', url))).status).toBe(403);
});

test('where none of those that serve can be loaded the start fails and says why', async () => {
  project.write('deploy/shop.wsgi', `import missing_one\n${SCRIPT}`);
  project.write('deploy/api.wsgi', 'def application(environ, start_response:\n');
  const { code, stderr } = await up();
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /deploy\/(shop|api)\.wsgi:1: (ModuleNotFoundError: No module named 'missing_one'|SyntaxError)/,
  );
  expect(project.container()).toBeUndefined();
});

test('a module of the project’s that nothing puts on sys.path is told, with what does', async () => {
  for (const script of ['shop', 'api']) project.write(`deploy/${script}.wsgi`, 'import shoplib\n');
  project.write('shoplib.py', '');
  const { code, stderr } = await project.run(['up', '--debug', '-d', '--port', '0']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/No module named 'shoplib'/) });
  expect(stderr).toMatch(
    /wsgi-dev: shoplib lies in \/app, which your Apache configuration doesn't put on sys\.path: python-path=\/app of WSGID/,
  );
});

test('one of several that fails is told, and the others serve; an edit mends it', async () => {
  project.write('deploy/shop.wsgi', `import missing_one\n${SCRIPT}`);
  const { code, stdout } = await up();
  expect(code).toBe(0);
  const { url } = JSON.parse(stdout);
  expect((await project.run(['logs'])).stdout).toMatch(/ModuleNotFoundError: No module named 'missing_one'/);
  expect(await (await fetch(new URL('/api/', url))).text()).toMatch(/^\(1, 'admin', '', /);
  expect((await fetch(url)).status).toBe(500);
  const ready = project.nextReady();
  project.write('deploy/shop.wsgi', SCRIPT);
  await ready;
  expect(await (await fetch(url)).text()).toMatch(/^\(1, 'shop', /);
});

test('a script whose process crashes as it is loaded ends the start', async () => {
  project.write('deploy/shop.wsgi', 'import os\nos.abort()\n');
  project.write('deploy/api.wsgi', 'import os\nos.abort()\n');
  const { code, stderr } = await up();
  expect(code).toBe(1);
  expect(stderr).toMatch(/its process crashes before it serves a request/);
});
