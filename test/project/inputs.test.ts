import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { hashOf } from '../../src/plan/lock.ts';
import { hostCertificates } from '../../src/project/certificates.ts';
import { includes, readDockerfile, readImageInputs, readLockDockerfile } from '../../src/project/inputs.ts';
import { readRunner } from '../../src/project/runner.ts';
import { configOf } from '../plan/config.ts';
import { directoryOf } from './files.ts';

const root = resolve(import.meta.dirname, '../..');

const requirementsOf = async (files: Readonly<Record<string, string>>, named: readonly string[]) => {
  const directory = directoryOf(files);
  const config = configOf({
    directory,
    root: directory,
    packages: { pip: named.map((path) => join(directory, path)), groups: [], extras: [], apt: [] },
  });
  const { requirements, requirementsNamed } = await readImageInputs(config, root, {});
  return { paths: requirements.map(({ path }) => path), requirementsNamed };
};

test.each([
  ['-r base.txt\n', ['base.txt']],
  ['-rbase.txt # the usual\n-c  limits.txt', ['base.txt', 'limits.txt']],
  ['--requirement base.txt\n--constraint=../limits.txt\n', ['base.txt', '../limits.txt']],
  ['flask # -r none.txt\n#-r none.txt\n', []],
  ['-r https://example.org/all.txt\n', []],
])('%j includes %j', (text, expected) => {
  expect(includes(text)).toEqual(expected);
});

test('requirements with all they include, once each, relative to the file that does', async () => {
  const files = { 'a.txt': '-r req/b.txt\n', 'req/b.txt': '-r c.txt\n', 'req/c.txt': 'x\n', 'd.txt': '-c req/c.txt\n' };
  expect(await requirementsOf(files, ['a.txt', 'd.txt'])).toEqual({
    paths: ['a.txt', 'd.txt', 'req/b.txt', 'req/c.txt'],
    requirementsNamed: ['a.txt', 'd.txt'],
  });
});

test.each([
  ['one that is not there', '-r none.txt\n', /a\.txt names none\.txt, which can't be read: ENOENT/],
  ['one outside', '-c ../limits.txt\n', /a\.txt names .*limits\.txt, which lies outside the project/],
])('requirements that include %s', async (_name, text, message) => {
  await expect(requirementsOf({ 'a.txt': text }, ['a.txt'])).rejects.toThrow(
    expect.objectContaining({ code: 2, message: expect.stringMatching(message) }),
  );
});

test("the host's authorities: each certificate once, however often it is named", async () => {
  const pem = readFileSync(join(root, 'test/fixtures/authority.pem'), 'utf8');
  const directory = directoryOf({ 'bundle.pem': `# two\n${pem}\n${pem}`, 'same.pem': pem, 'junk.pem': 'none' });
  const [one, same, junk] = ['bundle.pem', 'same.pem', 'junk.pem'].map((name) => join(directory, name));
  const before = (await hostCertificates({})).map(({ path }) => path);
  const env = { REQUESTS_CA_BUNDLE: one, PIP_CERT: same, SSL_CERT_FILE: junk, NODE_EXTRA_CA_CERTS: '/none/such.pem' };
  const found = (await hostCertificates(env)).filter(({ path }) => !before.includes(path));
  expect(found).toEqual([{ path: expect.stringMatching(/^[0-9a-f]{16}\.crt$/), content: `${pem.trim()}\n` }]);
});

const stagesOf = (dockerfile: string): readonly string[] =>
  [...dockerfile.matchAll(/^FROM \S+(?: AS (\w+))?$/gm)].map(([, name]) => name ?? 'the image');

test('mod_wsgi of the distribution: no stage compiles, for the classic builder runs them all', () => {
  const dockerfile = readDockerfile({ kind: 'distro' }, { tools: false, uv: false }, root);
  expect(dockerfile).toMatch(/libapache2-mod-wsgi-py3/);
  expect(dockerfile).not.toMatch(/gcc|apache2-dev|MOD_WSGI/);
  expect(stagesOf(dockerfile)).toEqual(['apt', 'server', 'tools', 'system', 'packages', 'project']);
});

test('mod_wsgi from PyPI: compiled in a stage that the image is not made of', () => {
  const dockerfile = readDockerfile({ kind: 'pypi', version: '6.1.1' }, { tools: false, uv: false }, root);
  expect(dockerfile).not.toMatch(/libapache2-mod-wsgi-py3/);
  expect(stagesOf(dockerfile)).toEqual([
    'apt',
    'apache',
    'compiled',
    'server',
    'tools',
    'system',
    'packages',
    'project',
  ]);
  expect(dockerfile).toMatch(/^FROM apache AS server\nCOPY --from=compiled \/mod_wsgi\.so /m);
});

test.each([
  [{ kind: 'distro' } as const, ['apt', 'server', 'sources', 'tools', 'system', 'packages', 'project']],
  [
    { kind: 'pypi', version: '6.1.1' } as const,
    ['apt', 'apache', 'compiled', 'server', 'sources', 'tools', 'system', 'packages', 'project'],
  ],
])('what a lock is read from stands on the same stages: %j', (modWsgi, stages) => {
  const dockerfile = readLockDockerfile(modWsgi, false, root);
  expect(stagesOf(dockerfile)).toEqual([...stages, 'hashes', 'the image']);
  const own = readDockerfile(modWsgi, { tools: false, uv: false }, root).replaceAll(/^#.*\n|\n(?=\n)/gm, '');
  for (const step of own.split(/^(?=FROM )/m))
    expect(dockerfile.replaceAll(/^#.*\n|\n(?=\n)/gm, '')).toContain(step.trim());
});

test('the runner: its hash is known before its files, which are those that the package was built with', () => {
  const packageRoot = directoryOf({
    'dist/runner.sha256': `sha256:${'0'.repeat(64)}`,
    'images/runner/__main__.py': '',
    'images/runner/command/sitecustomize.py': '',
    'images/runner/wsgi_dev_runner/__init__.py': '',
  });
  const changed = readRunner(packageRoot);
  expect(changed.hash).toMatch(/^sha256:0+$/);
  expect(() => changed.files()).toThrow('images/runner is not what this package was built with: build it again');
  const { hash, files } = readRunner(root);
  expect(hash).toBe(hashOf(files()));
  const paths = files().map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['__main__.py', 'wsgi_dev_runner/session.py']));
  expect(paths.filter((path) => !path.endsWith('.py'))).toEqual([]);
});

const cart = { 'libs/cart/pyproject.toml': '', 'wheels/a-1-py3-none-any.whl': '' };

test.each<[Readonly<Record<string, string>>, RegExp, RegExp]>([
  [{ 'a.txt': './libs/cart\n', ...cart }, /^a\.txt names \.\/libs\/cart, which the build/, /Write `-e \.\/libs\/cart`/],
  [{ 'a.txt': 'cart @ file:libs/cart', ...cart }, /^a\.txt names libs\/cart, which/, /Write `-e libs\/cart`/],
  [{ 'a.txt': 'wheels/a-1-py3-none-any.whl\n', ...cart }, /^a\.txt names wheels\/a-1/, /URL of an index/],
  [{ 'a.txt': '-r b.txt\n', 'b.txt': '-f wheels\na\n', ...cart }, /^b\.txt names wheels, /, /URL of an index/],
  [{ 'a.txt': '-r a.txt\n' }, /^a\.txt names itself$/, /out/],
  [
    { 'a.txt': '-r b.txt\n', 'b.txt': '-c ./a.txt\n' },
    /^b\.txt leads back to itself \(a\.txt → b\.txt → a\.txt\)$/,
    /out/,
  ],
])('refused before a build: %j', async (files, message, hint) => {
  await expect(requirementsOf(files, ['a.txt'])).rejects.toMatchObject({
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
    code: 2,
  });
});

test('what lies nowhere is left to pip to name', async () => {
  expect((await requirementsOf({ 'a.txt': './libs/none\n' }, ['a.txt'])).paths).toEqual(['a.txt']);
});
