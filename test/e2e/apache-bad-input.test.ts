import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useProject } from '../helpers/session-project.ts';

// Configurations that can't be run: told with the place and Apache's own words, exit code 2, and nothing left behind.

const project = useProject();
const SCRIPT = 'WSGIScriptAlias / /app/deploy/app.wsgi\n<Directory /app/deploy>\nRequire all granted\n</Directory>\n';

beforeAll(async () => {
  project.write(
    'deploy/app.wsgi',
    'def application(environ, start_response):\n    start_response("200 OK", [])\n    return [b"fine"]\n',
  );
  await project.build();
});
afterEach(project.clear);

test.each<[string, string, readonly string[]]>([
  [
    'a directive that nobody knows',
    `${SCRIPT}\n  SetEnvv A b\n`,
    ["site.conf:6: Invalid command 'SetEnvv'", '  6 |   SetEnvv A b\n    |   ^'],
  ],
  [
    'wrong arguments',
    `Define X y\n<VirtualHost *:80>\n${SCRIPT}    RequestHeader\n</VirtualHost>\n`,
    ["site.conf:7: first argument must be 'add'", '  7 |     RequestHeader\n    |     ^'],
  ],
  ['a section that is not closed', `<VirtualHost *:80>\n${SCRIPT}`, ['site.conf:1: ', '<VirtualHost> was not closed']],
  [
    'several sections that are not closed',
    `<VirtualHost *:80>\n<VirtualHost *:81>\n<Directory /srv>\n${SCRIPT}`,
    ['site.conf:3: <Directory> was not closed.\n  3 | <Directory /srv>\n    | ^\n'],
  ],
  ['a section that is not open', `${SCRIPT}</Location>\n`, ['site.conf:5: ', '</Location>']],
  [
    'a group that is not declared',
    `WSGIDaemonProcess web\nWSGIDaemonProcess admin\n  WSGIProcessGroup shop\n${SCRIPT}`,
    [
      'site.conf:3: the daemon process group shop is not declared; declared are admin, web',
      '  3 |   WSGIProcessGroup shop\n    |   ^',
    ],
  ],
  [
    'a script that is missing',
    'WSGIScriptAlias / /srv/other/gone.wsgi\n',
    ['site.conf:1: the script /srv/other/gone.wsgi is not here', 'server.paths: {/srv/other: .}'],
  ],
  [
    'a script of the project that is missing',
    'WSGIScriptAlias / /app/deploy/gone.wsgi\n',
    ['site.conf:1: the script /app/deploy/gone.wsgi is not here: the project has no deploy/gone.wsgi\n'],
  ],
  [
    'a module that the image has not',
    `${SCRIPT}XSendFile On\n`,
    ['site.conf:5: XSendFile needs a module that the image lacks: add libapache2-mod-xsendfile to packages.apt'],
  ],
  [
    'a file that includes itself',
    `${SCRIPT}Include /app/deploy/site.conf\n`,
    ['site.conf:5: Exceeded maximum include depth', '  5 | Include /app/deploy/site.conf'],
  ],
  [
    'no file to read',
    `${SCRIPT}Include secret.inc\n`,
    ["secret.inc, which it includes, can't be read: Permission denied"],
  ],
  ['a variable within a name', `${SCRIPT}\${NOPE} a\n`, [`site.conf:5: Invalid command '\${NOPE}'`]],
])('%s', async (_title, text, expected) => {
  project.write('deploy/site.conf', text);
  project.write('deploy/secret.inc', 'SetEnv A b\n');
  chownSync(join(project.directory, 'deploy/secret.inc'), 0, 0);
  chmodSync(join(project.directory, 'deploy/secret.inc'), 0o600);
  const { code, stdout, stderr } = await project.run(['config', '--apache', '--apache-config', 'deploy/site.conf']);
  for (const part of expected) expect(stderr).toContain(part);
  expect(stderr).not.toContain('Traceback');
  expect(stderr).not.toContain('/tmp/wsgi-dev');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(readFileSync(join(project.directory, 'deploy/site.conf'), 'utf8')).toBe(text);
});

test('up ends with 2 too, and leaves no container', async () => {
  project.write('deploy/site.conf', `${SCRIPT}SetEnvv A b\n`);
  for (const mode of [['--debug'], []]) {
    const { code, stderr } = await project.run(['up', '-d', '--apache-config', 'deploy/site.conf', ...mode]);
    expect(stderr).toContain("The Apache configuration can't be run: deploy/site.conf:5: Invalid command 'SetEnvv'");
    expect(stderr).toContain('  5 | SetEnvv A b\n    | ^');
    expect({ code, container: project.container() }).toEqual({ code: 2, container: undefined });
  }
});

test('ten thousand lines, and bytes that are no UTF-8', async () => {
  const lines = Array.from({ length: 10_000 }, (_, number) => `SetEnv NAME_${number} "value ${number}"\n`).join('');
  const text = Buffer.concat([
    Buffer.from('# caf\xe9\nServerAdmin ren\xe9@example.org\n', 'latin1'),
    Buffer.from(lines + SCRIPT),
  ]);
  project.write('deploy/site.conf', text);
  const { code, stderr, stdout } = await project.run([
    ...['up', '--debug', '-d', '--port', '0', '--apache-config', 'deploy/site.conf'],
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await (await fetch(stdout.trim().split('\n').at(-1) ?? '')).text()).toBe('fine');
  expect(readFileSync(join(project.directory, 'deploy/site.conf')).equals(text)).toBe(true);
});
