import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// Scripts that no directive names, and groups and interpreters that are chosen for each request: Apache loads the
// scripts as they are asked for, and breakpoints that are set from outside hold from their first line on.

const project = useProject();
const SITE = `\
WSGIDaemonProcess one
WSGIDaemonProcess two
<VirtualHost *:80>
    ServerName shop.example.org
    SetEnvIf Request_URI ^/ WHICH=one
    SetEnvIf Request_URI ^/apps/orders WHICH=two
    WSGIProcessGroup %{ENV:WHICH}
    WSGIApplicationGroup %{HOST}
    WSGIScriptAliasMatch ^/apps/([a-z]+) /app/apps/$1.wsgi
    WSGIScriptAlias /known /app/known.wsgi application-group=%{ENV:WHICH}
    Alias /files /app/files
    <Directory /app>
        Require all granted
    </Directory>
    <Directory /app/files>
        Options +ExecCGI
        AddHandler wsgi-script .wsgi
    </Directory>
    <Location /apps/guarded>
        WSGIAccessScript /app/guard.py
    </Location>
</VirtualHost>
`;
const SCRIPT = `\
NAME = __file__.rpartition("/")[2]

def application(environ, start_response):
    body = NAME.encode()
    facts = [("X-Group", environ["mod_wsgi.process_group"]), ("Content-Length", str(len(body)))]
    start_response("200 OK", [("Content-Type", "text/plain"), *facts])
    return [body]
`;
const GUARD = 'def allow_access(environ, host):\n    return True\n';

beforeAll(async () => {
  project.write('site.conf', SITE);
  for (const file of ['apps/cart.wsgi', 'apps/orders.wsgi', 'apps/guarded.wsgi', 'files/late.wsgi', 'known.wsgi'])
    project.write(file, SCRIPT);
  project.write('guard.py', GUARD);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: site.conf}\n`);
  await project.build();
  const { code, stderr } = await project.run(['build', '--python', '3.13']);
  if (code !== 0) throw new Error(stderr);
}, 600_000);
afterEach(project.clear);

test.each([
  ['the distribution’s Python', []],
  ['Python 3.13', ['--python', '3.13']],
])('a breakpoint in one stops as it is loaded and as it is called, with %s', async (_, options) => {
  const lines = ['apps/cart.wsgi:1', 'apps/orders.wsgi:4', 'apps/guarded.wsgi:1', 'files/late.wsgi:1', 'known.wsgi:4'];
  const terminal = await project.up([...options, ...lines.flatMap((line) => ['--break', line])]);
  for (const [path, place] of [
    ['/apps/cart', /cart\.wsgi\(1\)<module>/],
    ['/apps/orders', /orders\.wsgi\(4\)application/],
    ['/apps/guarded', /guarded\.wsgi\(1\)<module>/],
    ['/files/late.wsgi', /late\.wsgi\(1\)<module>/],
    ['/known', /known\.wsgi\(4\)application/],
  ] as const) {
    const stopped = requested(project, path);
    await terminal.until(place);
    await terminal.until(PROMPT);
    await command(terminal, 'p __file__', /\n'\/app\/[^']*'\n\(Pdb\) $/);
    const { status, body } = await goOn(terminal, stopped);
    expect({ path, status, body }).toEqual({ path, status: 200, body: expect.stringMatching(/^\w+\.wsgi$/) });
  }
});

test('serve mode chooses for each request, as on a server', async () => {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url } = JSON.parse(stdout);
  const groups = { '/apps/cart': 'one', '/apps/orders': 'two', '/files/late.wsgi': 'one', '/known': 'one' };
  for (const [path, group] of Object.entries(groups)) {
    const response = await fetch(new URL(path, url));
    expect([response.headers.get('x-group'), await response.text()]).toEqual([group, expect.stringMatching(/\.wsgi$/)]);
  }
});
