import { chmodSync } from 'node:fs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, PROMPT } from '../helpers/prompt.ts';
import { get, useProject } from '../helpers/session-project.ts';

// OpenStack's dashboard, whole, as Debian ships it: its TLS site as it lies there, in an image that has the package,
// up to the page where one logs in. The user is the one that the package gives its files to.

const project = useProject();
const SITE = '/etc/apache2/sites-available/openstack-dashboard-ssl.conf';
const USER = ['--user', '33:33'];
/** What whoever runs it says of the hosts that it answers for. */
const HOSTS = '/etc/openstack-dashboard/local_settings.d/_0009_hosts.py';
const YAML = `\
packages: {apt: [openstack-dashboard-apache]}
server: {apache_config: site.conf}
mounts: ["./hosts.py:${HOSTS}:ro"]
`;
/** Django and its start-up take their time. */
const START_MS = 60_000;

beforeAll(async () => {
  // The other user is to read it.
  chmodSync(project.directory, 0o755);
  project.write('site.conf', '# The package has it.\n');
  project.write('hosts.py', "ALLOWED_HOSTS = ['*']\n");
  project.write('wsgi-dev.yaml', `name: ${project.name}\n${YAML}`);
  const { code, stdout, stderr } = await project.run(['build']);
  if (code !== 0) throw new Error(stderr);
  project.write('site.conf', `${project.docker('run', '--rm', stdout.trim(), 'cat', SITE)}\n`);
}, 900_000);
afterEach(project.clear);

test('as the project’s owner it can’t be loaded, and is told as which user it can', async () => {
  const { code, stderr } = await project.run(['up', '--debug', '-d', '--port', '0', '--no-compare']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('belongs to www-data, and this runs as '),
  });
  expect(stderr).toContain(`: \`${USER.join(' ')}\` runs it as that user\n`);
}, 180_000);

test('debug mode: the login page over TLS, with a stop in its view', async () => {
  const terminal = await project.terminal(
    ['up', '--debug', '--port', '0', ...USER, '--break', 'openstack_auth.views:login'],
    { columns: 200 },
  );
  await terminal.until(/it is not here: a self-signed one: SSLCertificateFile :4, SSLCertificateKeyFile :5\n/);
  await terminal.until(/debug mode is one process; what it sets is carried over: WSGIDaemonProcess :12\n/);
  await terminal.until(/logs go to the terminal: ErrorLog :\d+, CustomLog :\d+\n/);
  const [, url = ''] = await terminal.until(/Ready: (https:\S+) \(debug.*\)\n?/, START_MS);
  const response = get(new URL('/auth/login/', url));
  await terminal.until(/\[1\] GET \/auth\/login\/\n/, START_MS);
  await terminal.until(PROMPT);
  await command(terminal, 'p request.path, request.is_secure()', /\n\('\/auth\/login\/', True\)\n\(Pdb\) $/);
  const { status, body } = await goOn(terminal, { response });
  expect(status).toBe(200);
  expect(body).toMatch(/<title>Login - OpenStack Dashboard<\/title>/);
  expect(body).toMatch(/<input type="password" name="password"/);
}, 180_000);

test('serve mode: the same page, and its style sheet', async () => {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json', ...USER]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url, apache } = JSON.parse(stdout);
  expect(apache.changed.map(({ before }: { before: string }) => before.split(' ')[0])).toEqual([
    '<VirtualHost',
    'SSLCertificateFile',
    'SSLCertificateKeyFile',
    'WSGIScriptAlias',
    'WSGIDaemonProcess',
    'ErrorLog',
    'CustomLog',
  ]);
  const { status, body } = await get(new URL('/auth/login/', url));
  expect(status).toBe(200);
  expect(body).toMatch(/<input type="password" name="password"/);
  const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(body) ?? [];
  expect(await get(new URL(style, url))).toMatchObject({ status: 200 });
}, 180_000);
