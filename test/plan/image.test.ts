import { expect, test } from 'vitest';
import type { DebuggerName } from '../../src/config/config.ts';
import { type ImageInputs, imagePlan } from '../../src/plan/image.ts';
import { type Stack, suiteStack } from '../../src/plan/stack.ts';
import { configOf } from './config.ts';

const inputs: ImageInputs = {
  base: { ref: 'wsgi-dev/base:bookworm', id: 'sha256:1' },
  stack: suiteStack({ kind: 'suite', python: '3.11', modWsgi: { kind: 'distro' } }),
  dockerfile: 'FROM x\n',
  runner: { hash: 'sha256:1', files: () => [{ path: '__main__.py', content: 'pass\n' }] },
  requirements: [{ path: 'requirements.txt', content: 'flask\n' }],
  requirementsNamed: ['requirements.txt'],
  certificates: [],
};

const packages = (apt: readonly string[]) => ({ pip: [], groups: [], extras: [], apt });

const tagOf = (parts: Parameters<typeof configOf>[0] = {}, rest: Partial<ImageInputs> = {}): string =>
  imagePlan(configOf(parts), { ...inputs, ...rest }).tag;

test('the context, the build arguments and the labels', () => {
  const plan = imagePlan(configOf({ packages: packages(['libpq5', 'curl']) }), inputs);
  expect(plan.context().map(({ path }) => path)).toEqual([
    'Dockerfile',
    'requirements/requirements.txt',
    'requirements/wsgi-dev.txt',
    'build/install.sh',
    'certificates/README',
    'runner/__main__.py',
  ]);
  expect(plan.context().find(({ path }) => path === 'requirements/wsgi-dev.txt')?.content).toBe(
    '-r requirements.txt\n',
  );
  expect(plan.buildArgs).toEqual({
    BASE: 'wsgi-dev/base:bookworm',
    APT_OPTIONS: '',
    APT_PACKAGES: 'curl libpq5',
    PYTHON: '/usr/bin/python3',
    VENV_OPTIONS: '',
    SITE_PACKAGES: '',
    DEBIAN_PYTHON: 'yes',
  });
  expect(plan.labels).toEqual({ 'dev.wsgi-dev.project': 'shop', 'dev.wsgi-dev.base': 'sha256:1' });
  expect(plan.tag).toMatch(/^wsgi-dev\/shop:[0-9a-f]{12}$/);
});

test('without requirements the file that pip reads is empty: the step is passed over', () => {
  const plan = imagePlan(configOf(), { ...inputs, requirements: [], requirementsNamed: [] });
  expect(plan.context().find(({ path }) => path === 'requirements/wsgi-dev.txt')?.content).toBe('');
});

const file = (path: string, content: string | Buffer) => [{ path, content }];

const withStack = (parts: Partial<Stack>): Partial<ImageInputs> => ({ stack: { ...inputs.stack, ...parts } });
const compiled = (version: string): Partial<Stack> => ({ modWsgi: { kind: 'pypi', version } });
const argsOf = (parts: Partial<Stack>) => imagePlan(configOf(), { ...inputs, ...withStack(parts) }).buildArgs;

test("mod_wsgi from PyPI: its version, and what it is compiled for of the distribution's Python", () => {
  expect(argsOf({ python: '3.14', ...compiled('6.1.1') })).toMatchObject({
    MOD_WSGI: '6.1.1',
    PYTHON: '/usr/bin/python3',
    PYTHON_PACKAGES: 'libpython3.14 python3 python3-venv',
    PYTHON_HEADERS: 'python3-dev',
  });
});

test("an image's own Python: nothing of the distribution's comes in", () => {
  const interpreter = '/usr/local/bin/python3.12';
  const parts = { python: '3.12', interpreter, distribution: false, inherits: true, ...compiled('6.1.1') };
  expect(argsOf(parts)).toMatchObject({
    PYTHON: interpreter,
    PYTHON_PACKAGES: '',
    PYTHON_HEADERS: '',
    VENV_OPTIONS: '--system-site-packages',
  });
});

test("what Debian packages bring is seen by Debian's Python, and by no other", () => {
  const seen = (apt: readonly string[], distribution: boolean): string | undefined => {
    const plan = imagePlan(configOf({ packages: packages(apt) }), { ...inputs, ...withStack({ distribution }) });
    return plan.buildArgs.DEBIAN_PYTHON;
  };
  expect(seen(['python3-django'], true)).toBe('yes');
  expect(seen(['python3-django'], false)).toBe('');
  expect(seen([], true)).toBe('');
});

test('from a lock: its packages, and no others', () => {
  const locked = {
    apt: '--allow-downgrades apache2=2.4.71-1',
    requirements: 'a==1 --hash=sha256:1\n',
    modWsgi: '6.1.1 --hash=sha256:2',
  };
  const parts = { packages: packages(['libpq5']) };
  const plan = imagePlan(configOf(parts), { ...inputs, locked });
  expect(plan.context().filter(({ path }) => path.startsWith('requirements/'))).toEqual([
    { path: 'requirements/wsgi-dev.txt', content: locked.requirements },
  ]);
  expect(plan.buildArgs).toMatchObject({
    APT_LOCKED: locked.apt,
    APT_PACKAGES: '',
    PIP_OPTIONS: '--no-deps --require-hashes',
  });
  expect(plan.buildArgs).not.toHaveProperty('MOD_WSGI');
  expect(imagePlan(configOf(), { ...inputs, ...withStack(compiled('6.1.1')), locked }).buildArgs).toMatchObject({
    MOD_WSGI: locked.modWsgi,
  });
  const tags = [{}, { locked }, { locked: { ...locked, apt: '' } }, { locked: { ...locked, requirements: '' } }];
  expect(new Set(tags.map((rest) => tagOf(parts, rest))).size).toBe(tags.length);
});

const debuggedWith = (name: DebuggerName): Parameters<typeof configOf>[0] => ({
  debug: { ...configOf().debug, debugger: name },
});

test("a debugger that pip installs has a requirements file of its own; pdb's image is as without a choice", () => {
  const plan = imagePlan(configOf(debuggedWith('ipdb')), inputs);
  const file = plan.context().find(({ path }) => path === 'tools/requirements.txt');
  expect(file?.content).toContain('\nipython==9.18.1\n');
  expect(tagOf(debuggedWith('ipdb'))).not.toBe(tagOf());
  expect(tagOf({ mode: 'debug', ...debuggedWith('ipdb') })).toBe(tagOf(debuggedWith('ipdb')));
});

test('what pip cannot read: a script for uv in the place of the file for pip', () => {
  const requirements = file('pyproject.toml', '[project]\n');
  const rest = { requirements, requirementsNamed: ['pyproject.toml'] };
  const plan = imagePlan(configOf(), { ...inputs, ...rest });
  expect(plan.buildArgs).toMatchObject({ UV: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  expect(
    plan
      .context()
      .filter(({ path }) => path.startsWith('requirements/'))
      .map(({ path }) => path),
  ).toEqual(['requirements/pyproject.toml', 'requirements/wsgi-dev.sh']);
  const groups = { packages: { ...packages([]), groups: ['dev'] } };
  expect(tagOf(groups, rest)).not.toBe(tagOf({}, rest));
  // A lock names files and their hashes, which pip reads.
  const locked = { apt: '', requirements: 'a==1 --hash=sha256:1\n', modWsgi: '' };
  expect(imagePlan(configOf(), { ...inputs, ...rest, locked }).buildArgs).not.toHaveProperty('UV');
});

test.each<[string, Parameters<typeof configOf>[0], Partial<ImageInputs>]>([
  ['the base image', {}, { base: { ...inputs.base, id: 'sha256:2' } }],
  ['the Dockerfile', {}, { dockerfile: 'FROM y\n' }],
  ['the runner', {}, { runner: { ...inputs.runner, hash: 'sha256:2' } }],
  ['a requirement', {}, { requirements: file('requirements.txt', 'django\n') }],
  ['the name of a requirements file', {}, { requirements: file('dev.txt', 'flask\n') }],
  ['which of them are named', {}, { requirementsNamed: [] }],
  ['an authority', {}, { certificates: file('a.crt', 'PEM') }],
  ['the bytes of a file', {}, { certificates: file('a.crt', Buffer.from([255])) }],
  ['a Debian package', { packages: packages(['libpq5']) }, {}],
  ['mod_wsgi', {}, withStack(compiled('6.1.1'))],
  ['the interpreter', {}, withStack({ interpreter: '/opt/python/bin/python3' })],
  ['what the image brings', {}, withStack({ inherits: true })],
])('the tag changes with %s', (_name, config, rest) => {
  expect(tagOf(config, rest)).not.toBe(tagOf());
});

test.each<[string, Parameters<typeof configOf>[0]]>([
  ['the application', { app: { kind: 'script', path: 'a.wsgi', callable: 'app', factory: true } }],
  ['the environment', { env: { A: '1' } }],
  ['the mode', { mode: 'debug' }],
  ['the directory', { directory: '/srv', root: '/srv' }],
  [
    'the user, the network and the mounts',
    { user: '1:1', network: 'host', mounts: [{ source: '/a', target: '/b', readOnly: true }] },
  ],
])('the tag does not change with %s', (_name, config) => {
  expect(tagOf(config)).toBe(tagOf());
});

test('the order of Debian packages is no difference, the project name is', () => {
  expect(tagOf({ packages: packages(['a', 'b']) })).toBe(tagOf({ packages: packages(['b', 'a']) }));
  const [[, shop], [, other]] = [tagOf().split(':'), tagOf({ name: 'other' }).split(':')];
  expect(other).toBe(shop);
});
