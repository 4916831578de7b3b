import { expect, test } from 'vitest';
import type { DebuggerName } from '../../src/config/config.ts';
import { type ImageInputs, imagePlan } from '../../src/plan/image.ts';
import { suiteFor } from '../../src/plan/python.ts';
import { configOf } from './config.ts';

const inputs: ImageInputs = {
  base: { ref: 'wsgi-dev/base:bookworm', id: 'sha256:1' },
  dockerfile: 'FROM x\n',
  runner: [{ path: '__main__.py', content: 'pass\n' }],
  requirements: [{ path: 'requirements.txt', content: 'flask\n' }],
  requirementsNamed: ['requirements.txt'],
  certificates: [],
};

const tagOf = (parts: Parameters<typeof configOf>[0] = {}, rest: Partial<ImageInputs> = {}): string =>
  imagePlan(configOf(parts), { ...inputs, ...rest }).tag;

test('the context, the build arguments and the labels', () => {
  const plan = imagePlan(configOf({ packages: { pip: [], apt: ['libpq5', 'curl'] } }), inputs);
  expect(plan.context.map(({ path }) => path)).toEqual([
    'Dockerfile',
    'runner/__main__.py',
    'requirements/requirements.txt',
    'requirements/wsgi-dev.txt',
    'certificates/README',
  ]);
  expect(plan.context.find(({ path }) => path === 'requirements/wsgi-dev.txt')?.content).toBe('-r requirements.txt\n');
  expect(plan.buildArgs).toEqual({ BASE: 'wsgi-dev/base:bookworm', APT_OPTIONS: '', APT_PACKAGES: 'curl libpq5' });
  expect(plan.labels).toEqual({ 'dev.wsgi-dev.project': 'shop', 'dev.wsgi-dev.base': 'sha256:1' });
  expect(plan.tag).toMatch(/^wsgi-dev\/shop:[0-9a-f]{12}$/);
});

test('without requirements the file that pip reads is empty: the step is passed over', () => {
  const plan = imagePlan(configOf(), { ...inputs, requirements: [], requirementsNamed: [] });
  expect(plan.context.find(({ path }) => path === 'requirements/wsgi-dev.txt')?.content).toBe('');
});

const file = (path: string, content: string | Buffer) => [{ path, content }];

const compiled = (version: string): Parameters<typeof configOf>[0] => ({
  server: { ...configOf().server, modWsgi: { kind: 'pypi', version } },
});

test('mod_wsgi from PyPI: its version and the Python that it is compiled for', () => {
  expect(imagePlan(configOf({ python: '3.14', ...compiled('6.1.1') }), inputs).buildArgs).toMatchObject({
    PYTHON: '3.14',
    MOD_WSGI: '6.1.1',
  });
  expect(tagOf(compiled('6.1.1'))).not.toBe(tagOf(compiled('6.1.0')));
});

const debuggedWith = (name: DebuggerName): Parameters<typeof configOf>[0] => ({
  debug: { ...configOf().debug, debugger: name },
});

test("a debugger that pip installs has a requirements file of its own; pdb's image is as without a choice", () => {
  const plan = imagePlan(configOf(debuggedWith('ipdb')), inputs);
  const file = plan.context.find(({ path }) => path === 'debugger/requirements.txt');
  expect(file?.content).toContain('\nipython==9.18.1\n');
  expect(tagOf(debuggedWith('ipdb'))).not.toBe(tagOf());
  expect(tagOf({ mode: 'debug', ...debuggedWith('ipdb') })).toBe(tagOf(debuggedWith('ipdb')));
});

test.each<[string, Parameters<typeof configOf>[0], Partial<ImageInputs>]>([
  ['the base image', {}, { base: { ...inputs.base, id: 'sha256:2' } }],
  ['the Dockerfile', {}, { dockerfile: 'FROM y\n' }],
  ['the runner', {}, { runner: file('__main__.py', 'raise\n') }],
  ['a requirement', {}, { requirements: file('requirements.txt', 'django\n') }],
  ['the name of a requirements file', {}, { requirements: file('dev.txt', 'flask\n') }],
  ['which of them are named', {}, { requirementsNamed: [] }],
  ['an authority', {}, { certificates: file('a.crt', 'PEM') }],
  ['the bytes of a file', {}, { certificates: file('a.crt', Buffer.from([255])) }],
  ['a Debian package', { packages: { pip: [], apt: ['libpq5'] } }, {}],
  ['mod_wsgi', compiled('6.1.1'), {}],
  ['the Python', { python: '3.13' }, { base: { ref: 'wsgi-dev/base:trixie', id: 'sha256:3' } }],
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
  const packages = (apt: readonly string[]) => ({ packages: { pip: [], apt } });
  expect(tagOf(packages(['a', 'b']))).toBe(tagOf(packages(['b', 'a'])));
  const [[, shop], [, other]] = [tagOf().split(':'), tagOf({ name: 'other' }).split(':')];
  expect(other).toBe(shop);
});

test.each([
  ['3.9', 'bullseye'],
  ['3.11', 'bookworm'],
  ['3.13', 'trixie'],
  ['3.14', 'forky'],
])('Python %s is of %s', (python, suite) => {
  expect(suiteFor({ python }).name).toBe(suite);
});

test('a Python of no suite: the ones there are', () => {
  expect(() => suiteFor({ python: '3.6' })).toThrow(
    expect.objectContaining({
      code: 2,
      message: expect.stringContaining('3.6'),
      hint: expect.stringContaining('3.9, 3.11'),
    }),
  );
});
