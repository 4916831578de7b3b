import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Fault } from '../../src/errors.ts';
import { readArchive } from '../../src/handover/archive.ts';
import { type PreparedAgain, prepareAgain } from '../../src/handover/prepare.ts';
import { isSecretName } from '../../src/handover/secrets.ts';
import { contentsOf, unpack } from '../../src/handover/unpack.ts';
import { scratch, sealed, soundFiles } from './archives.ts';

/** Unpacks an archive with these files of the project besides the sound ones, and prepares its run. */
async function prepared(
  texts: Readonly<Record<string, string>>,
  given = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<PreparedAgain> {
  const files = soundFiles(Object.fromEntries(Object.entries(texts).map(([path, text]) => [`source/${path}`, text])));
  const archive = await readArchive(await sealed(files, more), 'bug.tar.gz');
  const contents = contentsOf(archive, 'bug.tar.gz');
  const cwd = scratch();
  const directory = unpack(archive, contents, join(cwd, 'bug'));
  return await prepareAgain(archive.manifest, contents, directory, { given, cwd, projectName: undefined });
}

test('what was packed is run, from its own files', async () => {
  const { prepared: one, source } = await prepared({ 'wsgi-dev.yaml': 'env: {A: "1"}\n' });
  expect(one.run.name).toBe('totals');
  expect(one.config).toMatchObject({ name: 'bug', env: { A: '1' } });
  expect(source.map(({ path }) => path).sort()).toEqual(['t.scenario.yaml', 'wsgi-dev.yaml', 'wsgi.py']);
});

test('of this machine it sees the variables alone that it is given', async () => {
  process.env.HANDOVER_SECRET = 'mine';
  const yaml = `env: {A: "\${HANDOVER_SECRET}", HANDOVER_SECRET: , B: "\${HOME}"}\n`;
  expect((await prepared({ 'wsgi-dev.yaml': yaml })).prepared.config.env).toEqual({ A: '', B: '' });
  const { config } = (await prepared({ 'wsgi-dev.yaml': yaml }, { HANDOVER_SECRET: 'given' })).prepared;
  expect(config.env).toEqual({ A: 'given', HANDOVER_SECRET: 'given', B: '' });
  delete process.env.HANDOVER_SECRET;
});

test('a root below the directory gets the files of the root', async () => {
  const texts = { 'wsgi-dev.yaml': 'root: src\n', 'src/wsgi.py': 'application = print\n' };
  expect((await prepared(texts)).source.map(({ path }) => path)).toEqual(['wsgi.py']);
});

test('the settings of the run are its own', async () => {
  const { config } = (await prepared({}, {}, { variables: { WSGI_DEV_PYTHON: '3.13' } })).prepared;
  expect(config.base).toMatchObject({ python: '3.13' });
});

const scenario = (config: string) => ({
  't.scenario.yaml': `name: totals\nconfig: ${config}\nsteps: [{request: GET /}]\n`,
});

test.each<[string, Readonly<Record<string, string>>, RegExp, Readonly<Record<string, unknown>>?]>([
  ['a mount of its parent', { 'wsgi-dev.yaml': 'mounts: ["..:/up"]\n' }, /mounts: \.\. is not a directory inside/],
  ['a mount of the host', { 'wsgi-dev.yaml': 'mounts: ["/etc:/up"]\n' }, /mounts: .*\/etc is not a directory inside/],
  ['a mount of its own', { 'wsgi-dev.yaml': 'mounts: [".:/up"]\n' }, /mounts: \. is not a directory inside/],
  ['a mount by default', { 'wsgi-dev.yaml': `mounts: ["\${X:-/etc}:/up"]\n` }, /mounts: .*\/etc is not/],
  ['a mount of the scenario', scenario('{mounts: ["/etc:/up"]}'), /mounts: .*\/etc is not a directory inside/],
  [
    'the network of the host',
    { 'wsgi-dev.yaml': '{}\n' },
    /the network host/,
    { variables: { WSGI_DEV_NETWORK: 'host' } },
  ],
  ['an env file outside', { 'wsgi-dev.yaml': 'env_file: [../.env]\n' }, /env_file: \.\.\/\.env lies outside/],
  [
    'an env file of the host',
    { 'wsgi-dev.yaml': 'env_file: [/etc/environment]\n' },
    /env_file: \/etc\/environment lies/,
  ],
  ['an env file of the scenario', scenario('{env_file: [/etc/passwd]}'), /env_file: \/etc\/passwd lies outside/],
  [
    'requirements outside',
    { 'wsgi-dev.yaml': 'packages: {pip: [/etc/passwd]}\n' },
    /packages\.pip: .*\/etc\/passwd lies/,
  ],
  ['a root outside', { 'wsgi-dev.yaml': 'root: ..\n' }, /lies outside of the project directory/],
  ['static files outside', { 'wsgi-dev.yaml': 'server: {static: {/s/: /etc}}\n' }, /\/etc lies outside of the root/],
  ['a port for others', { 'wsgi-dev.yaml': 'server: {port: "0.0.0.0:80"}\n' }, /reachable from other machines/],
])('refused: %s', async (_name, texts, message, more) => {
  const error = await prepared(texts, {}, more).catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(Fault);
  expect(error).toMatchObject({ code: 2, message: expect.stringMatching(message) });
});

test('files are sent from the archive alone', async () => {
  const { run } = (await prepared({ 'up.txt': 'from the archive' })).prepared;
  const read = run.readUpload;
  expect(Buffer.from((await read?.(join(run.directory, 'up.txt'))) ?? '').toString()).toBe('from the archive');
  await expect(read?.('/etc/passwd')).rejects.toThrow(/is not in the archive/);
  await expect(read?.(join(run.directory, '../up.txt'))).rejects.toThrow(/is not in the archive/);
});

test.each([
  '.env',
  '.env.production',
  'a/prod.env',
  '.envrc',
  'certs/dev.pem',
  'ID_RSA',
  'x.key',
  '.netrc',
  '.npmrc',
  'credentials',
  'secrets.yaml',
  '.aws/config',
  'service-account-1.json',
])('%s is left out', (path) => expect(isSecretName(path)).toBe(true));
test.each(['environment.py', 'auth/credentials.py', 'secrets.py', 'keys.md', 'monkey', 'wsgi-dev.yaml', 'a.envelope'])(
  '%s goes in',
  (path) => expect(isSecretName(path)).toBe(false),
);
