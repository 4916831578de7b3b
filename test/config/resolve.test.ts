import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Flags } from '../../src/config/flags.ts';
import { findProject, resolveConfig } from '../../src/config/resolve.ts';
import { shownRows } from '../../src/config/shown.ts';
import { faultLines, faultOf, project } from './project.ts';

const wsgi = { 'wsgi.py': 'application = 1\n' };

it('needs no configuration', async () => {
  const directory = project(wsgi, 'My Shop');
  const { config, notices } = await resolveConfig({}, {}, directory);
  expect(notices).toEqual([]);
  expect(config).toEqual({
    name: 'my-shop',
    directory,
    root: directory,
    app: { kind: 'module', module: 'wsgi', callable: 'application', factory: false },
    base: { kind: 'suite', python: '3.11', modWsgi: { kind: 'distro' } },
    server: {
      ...{ host: '127.0.0.1', port: 8000, portFixed: false, mount: '/', static: {} },
      ...{ apacheConfig: undefined, paths: {} },
    },
    packages: { pip: [], groups: [], extras: [], apt: [] },
    env: {},
    mounts: [],
    caCertificates: [],
    beforeStart: [],
    mode: 'serve',
    debug: {
      debugger: 'pdb',
      editor: { host: '127.0.0.1', port: 5678, portFixed: false },
      allowRemote: false,
      postMortem: undefined,
      breakAtStart: false,
      notify: false,
      compare: true,
      breaks: [],
      coverage: undefined,
      profiler: undefined,
      recorder: undefined,
    },
    check: { paths: ['/'] },
    user: undefined,
    network: undefined,
    reload: true,
  });
});

it('reads every supported key', async () => {
  const directory = project({
    'src/shop/web.py': 'app = 1\n',
    'src/css/': '',
    'media/': '',
    'r.txt': '',
    '.env': 'FROM_FILE=1\nBOTH=file\nHOST_VAR\n',
    'wsgi-dev.yaml': `
name: shop-2
app: shop.web:app
root: src
python: 3.13
server: {port: "[::1]:9000", mount: /shop/, static: {/static/: src/css}, mod_wsgi: distro}
packages: {pip: [r.txt], apt: [libpq5]}
env: {NUMBER: 1.10, BOOL: yes, BOTH: key, HOST_VAR2: , HEX: 0x10, FILLED: "\${HOST_VAR}-$$"}
env_file: [.env]
mounts: ["./media:/media:ro"]
compose:
debug: {debugger: ipdb}
hooks: {}
check: {paths: [/, /cart?item=7]}
`,
  });
  const { config } = await resolveConfig({}, { HOST_VAR: 'h', HOST_VAR2: 'h2' }, directory);
  expect(config).toMatchObject({
    name: 'shop-2',
    root: join(directory, 'src'),
    app: { kind: 'module', module: 'shop.web', callable: 'app' },
    base: { python: '3.13' },
    server: {
      host: '::1',
      port: 9000,
      portFixed: true,
      mount: '/shop',
      static: { '/static/': join(directory, 'src/css') },
    },
    packages: { pip: [join(directory, 'r.txt')], apt: ['libpq5'] },
    debug: { debugger: 'ipdb' },
    check: { paths: ['/', '/cart?item=7'] },
    mounts: [{ source: join(directory, 'media'), target: '/media', readOnly: true }],
  });
  expect(config.env).toEqual({
    FROM_FILE: '1',
    BOTH: 'key',
    HOST_VAR: 'h',
    HOST_VAR2: 'h2',
    NUMBER: '1.10',
    BOOL: 'yes',
    HEX: '0x10',
    FILLED: 'h-$',
  });
});

describe('precedence', () => {
  const base = {
    ...wsgi,
    'wsgi-dev.yaml':
      'name: file\npython: 3.9\nserver: {port: 1, mount: /file}\nenv: {A: file, B: file}\npackages: {apt: [git]}\n',
    'wsgi-dev.override.yaml':
      'name: over\npython: 3.13\nserver: {port: 2}\nenv: {B: over}\npackages: {apt: [jq, git]}\n',
  };

  it('lets the override go before the file, merging maps and joining lists', async () => {
    const { config } = await resolveConfig({}, {}, project(base));
    expect(config).toMatchObject({
      name: 'over',
      base: { python: '3.13' },
      server: { port: 2, mount: '/file' },
      env: { A: 'file', B: 'over' },
      packages: { apt: ['git', 'jq'] },
    });
  });

  it('lets variables go before files, and flags before variables', async () => {
    const env = {
      WSGI_DEV_PORT: '3',
      WSGI_DEV_PYTHON: '3.14',
      WSGI_DEV_PROJECT_NAME: 'var',
      WSGI_DEV_RELOAD: 'no',
      WSGI_DEV_DEBUGGER: 'ipdb',
      X: 'x',
    };
    const flags: Flags = {
      port: '4',
      projectName: 'flag',
      env: ['B=flag', 'X', 'UNSET'],
      user: '5:6',
      network: 'host',
    };
    const { config } = await resolveConfig(flags, env, project(base));
    expect(config).toMatchObject({
      name: 'flag',
      base: { python: '3.14' },
      server: { port: 4 },
      user: '5:6',
      network: 'host',
    });
    expect(config.reload).toBe(false);
    expect(config.debug.debugger).toBe('ipdb');
    const other = await resolveConfig({ ...flags, debugger: 'pdb' }, env, project(base));
    expect(other.config.debug.debugger).toBe('pdb');
    expect(config.env).toEqual({ A: 'file', B: 'flag', X: 'x' });
  });

  it('lets -e go before --env-file, and both before the file', async () => {
    const directory = project({ ...base, 'x.env': 'A=envfile\nC=envfile\n' });
    const { config } = await resolveConfig({ envFile: ['x.env'], env: ['C=flag'] }, {}, directory);
    expect(config.env).toEqual({ A: 'envfile', B: 'over', C: 'flag' });
  });

  it('takes an empty variable as unset', async () => {
    const { config } = await resolveConfig({}, { WSGI_DEV_PORT: '' }, project(wsgi));
    expect(config.server.port).toBe(8000);
  });

  it.each([
    [{}, 'base', 'wsgi-dev.yaml:1:12'],
    [{ FOO: 'mine' }, 'mine', 'wsgi-dev.override.yaml:1:12'],
  ])('names who gave a variable that the override only names: %j', async (env, value, from) => {
    const files = { 'wsgi-dev.yaml': 'env: {FOO: base}\n', 'wsgi-dev.override.yaml': 'env: {FOO: }\n' };
    const { config, origins } = await resolveConfig({}, env, project({ ...wsgi, ...files }));
    const row = shownRows(config, origins).find(({ path }) => path.join('.') === 'env.FOO');
    expect(row).toMatchObject({ value, from });
  });

  it('reads an override that stands alone', async () => {
    const directory = project({ ...wsgi, 'wsgi-dev.override.yaml': 'python: 3.13\n', 'a/': '' });
    const { config } = await resolveConfig({}, {}, join(directory, 'a'));
    expect(config).toMatchObject({ directory, base: { python: '3.13' } });
  });

  it('reads no override beside -f', async () => {
    const directory = project({ ...base, 'other.yaml': 'python: 3.14\n' });
    const { config } = await resolveConfig({ file: 'other.yaml' }, {}, directory);
    expect(config).toMatchObject({ name: 'shop', base: { python: '3.14' }, server: { port: 8000 } });
  });
});

describe('where the project is', () => {
  it('goes upward to the file', async () => {
    const directory = project({ ...wsgi, 'wsgi-dev.yaml': '', 'a/b/': '' });
    expect((await resolveConfig({}, {}, join(directory, 'a/b'))).config.directory).toBe(directory);
  });

  it('starts at -C', async () => {
    const directory = project({ 'a/wsgi.py': 'app = 1\n' });
    expect((await resolveConfig({ projectDirectory: 'a' }, {}, directory)).config).toMatchObject({
      directory: join(directory, 'a'),
      name: 'a',
    });
  });

  it('resolves links', async () => {
    const directory = project(wsgi);
    const link = `${directory}-link`;
    symlinkSync(directory, link);
    expect((await resolveConfig({}, {}, link)).config.directory).toBe(directory);
  });

  it('refuses a root that leaves by a link', async () => {
    const directory = project({ ...wsgi, 'wsgi-dev.yaml': 'root: out\n' });
    symlinkSync('/tmp', join(directory, 'out'));
    expect((await faultLines(resolveConfig({}, {}, directory)))[0]).toContain('outside of the project directory');
  });

  it.each<readonly [Flags, string]>([
    [{ file: 'wsgi-dve.yaml' }, '--file wsgi-dve.yaml: the file'],
    [{ file: '.' }, '--file .: '],
    [{ projectDirectory: 'no' }, '--project-directory no: the directory'],
    [{ app: 'shop.wsgi' }, '--app shop.wsgi: there is no module'],
    [{ python: '2' }, '--python 2: '],
    [{ image: 'Python' }, '--image Python: '],
    [{ network: 'none' }, '--network none: '],
    [{ envFile: ['no.env'] }, '--env-file no.env: the file no.env does not exist'],
    [{ env: ['A B=1'] }, '--env A B=1: '],
    [{ projectName: 'A' }, '--project-name A: '],
  ])('%j is refused', async (flags, expected) => {
    const lines = await faultLines(resolveConfig(flags, {}, project({ ...wsgi, 'wsgi-dev.yaml': '' })));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, expected.length)).toBe(expected);
  });
});

describe('the application', () => {
  const files = {
    'shop/__init__.py': '',
    'shop/wsgi.py': 'app = 1\n',
    'deploy/site.wsgi': 'application = 1\n',
    'my-app.py': 'def create_app(): pass\n',
    'name/space.py': '',
    'site.wsgi': '',
    'both.wsgi': 'app = 1\n',
    'both/wsgi.py': 'app = 1\n',
  };
  it.each<readonly [string, object]>([
    ['shop.wsgi:other', { kind: 'module', module: 'shop.wsgi', callable: 'other', factory: false }],
    ['shop.wsgi:make()', { kind: 'module', module: 'shop.wsgi', callable: 'make', factory: true }],
    ['shop.wsgi', { kind: 'module', module: 'shop.wsgi', callable: 'app', factory: false }],
    ['site.wsgi', { kind: 'script', path: 'site.wsgi', callable: 'application', factory: false }],
    ['both.wsgi', { kind: 'script', path: 'both.wsgi', callable: 'app', factory: false }],
    ['both.wsgi:app', { kind: 'module', module: 'both.wsgi', callable: 'app', factory: false }],
    ['shop', { kind: 'module', module: 'shop', callable: 'application', factory: false }],
    ['name.space', { kind: 'module', module: 'name.space', callable: 'application', factory: false }],
    ['deploy/site.wsgi', { kind: 'script', path: 'deploy/site.wsgi', callable: 'application', factory: false }],
    ['shop/wsgi.py', { kind: 'module', module: 'shop.wsgi', callable: 'app', factory: false }],
    ['shop/__init__.py:x', { kind: 'module', module: 'shop', callable: 'x', factory: false }],
    ['my-app.py', { kind: 'script', path: 'my-app.py', callable: 'create_app', factory: true }],
  ])('--app %s', async (app, expected) => {
    expect((await resolveConfig({ app }, {}, project(files))).config.app).toEqual(expected);
  });

  it.each([
    ['shpo.wsgi:app', 'did you mean shop.wsgi?'],
    ['shop.wsgy:app', 'did you mean shop.wsgi?'],
    ['deploy/sit.wsgi', 'did you mean deploy/site.wsgi?'],
    ['shop/', 'is a directory'],
    ['/etc/passwd', 'lies outside of'],
  ])('--app %s is refused', async (app, expected) => {
    expect((await faultLines(resolveConfig({ app }, {}, project(files))))[0]).toContain(expected);
  });

  it('looks for a file where the person stands', async () => {
    const directory = project({ ...files, 'wsgi-dev.yaml': '' });
    const { config } = await resolveConfig({ app: 'site.wsgi' }, {}, join(directory, 'deploy'));
    expect(config.app).toMatchObject({ path: 'deploy/site.wsgi' });
  });

  it('is found below root', async () => {
    const { config } = await resolveConfig(
      {},
      {},
      project({ 'src/app.py': 'app = 1\n', 'wsgi-dev.yaml': 'root: src\n' }),
    );
    expect(config.app).toMatchObject({ module: 'app', callable: 'app' });
  });

  it('ends with code 2 when none is found', async () => {
    expect(await faultOf(resolveConfig({}, {}, project({})))).toMatchObject({ code: 2 });
  });
});

describe('who can reach the debugger', () => {
  it.each<readonly [Flags, Readonly<Record<string, string>>, string, string | undefined]>([
    [{ port: '0.0.0.0:80' }, {}, '', undefined],
    [{ debug: true, port: '127.0.0.1:80' }, {}, '', undefined],
    [{ debug: true, port: '[::1]:80' }, {}, '', undefined],
    [{ debug: true, port: '0.0.0.0:80', allowRemoteDebug: true }, {}, '', undefined],
    [{ debug: true, port: '0.0.0.0:80' }, {}, '', '--port 0.0.0.0:80: '],
    [{ debug: true, port: '[::]:80' }, {}, '', '--port [::]:80: '],
    [{ debug: true }, { WSGI_DEV_PORT: '10.0.0.1:80' }, '', 'WSGI_DEV_PORT=10.0.0.1:80: '],
    [{ debug: true }, {}, 'server:\n  port: 0.0.0.0:80\n', 'wsgi-dev.yaml:2:9: '],
  ])('%j %j %j', async (flags, env, text, expected) => {
    const call = resolveConfig(flags, env, project({ ...wsgi, 'wsgi-dev.yaml': text }));
    if (expected === undefined) return void (await call);
    const [line = ''] = await faultLines(call);
    expect(line.slice(0, expected.length)).toBe(expected);
    expect(line).toContain('--allow-remote-debug');
    expect(line).toContain('run any code');
  });
});

it.each([
  [{ WSGI_DEV_PROT: '1' }, {}, ['WSGI_DEV_PROT is ignored; did you mean WSGI_DEV_PORT?']],
  [
    {},
    { 'wsgi-dev.yml': 'x', 'wsgi-dev.yaml': '' },
    ['wsgi-dev.yml is ignored: the file ending in .yaml goes before it'],
  ],
  [{}, { 'wsgi-dev.yaml': 'env: {A: $NO}' }, ['wsgi-dev.yaml: the variable NO is not set; it is taken as blank']],
  [{}, { 'app.py': 'app = 1' }, ['Using wsgi.py:application (also found app.py:app; --app decides)']],
])('notices: %j %j', async (env, files, expected) => {
  expect((await resolveConfig({}, env, project({ ...wsgi, ...files }))).notices).toEqual(expected);
});

it('takes requirements.txt unless the file says otherwise', async () => {
  const files = { ...wsgi, 'requirements.txt': '' };
  const plain = project(files);
  expect((await resolveConfig({}, {}, plain)).config.packages.pip).toEqual([join(plain, 'requirements.txt')]);
  const none = project({ ...files, 'wsgi-dev.yaml': 'packages: {pip: []}\n' });
  expect((await resolveConfig({}, {}, none)).config.packages.pip).toEqual([]);
});

describe('findProject', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, Flags, string]>([
    ['the directory', {}, {}, 'my-shop'],
    ['the file', { 'wsgi-dev.yaml': 'name: a\n' }, {}, 'a'],
    ['the override', { 'wsgi-dev.yaml': 'name: a\n', 'wsgi-dev.override.yaml': 'name: b\n' }, {}, 'b'],
    ['the flag', { 'wsgi-dev.yaml': 'name: a\n' }, { projectName: 'c' }, 'c'],
    ['a file that is faulty elsewhere', { 'wsgi-dev.yaml': 'name: a\npython: 1\nzzz: [\n' }, {}, 'a'],
    ['a broken file without a name', { 'wsgi-dev.yaml': 'app: [\n' }, {}, 'my-shop'],
    ['a name of something else', { 'wsgi-dev.yaml': 'env: {name: x}\n' }, {}, 'my-shop'],
  ])('takes the name from %s', async (_, files, flags, expected) => {
    const directory = project(files, 'My Shop');
    expect(await findProject(flags, {}, directory)).toEqual({ name: expected, directory });
  });

  it.each([
    ['name: A B\n', 'wsgi-dev.yaml:1:7: '],
    ['name: [a]\n', 'wsgi-dev.yaml:1:7: '],
    ['env: [\n"name: x\n  name: y\n', 'wsgi-dev.yaml:'],
  ])('refuses to guess at %j', async (text, expected) => {
    const lines = await faultLines(findProject({}, {}, project({ 'wsgi-dev.yaml': text })));
    expect(lines[0]?.slice(0, expected.length)).toBe(expected);
  });
});

it('imports yaml and zod only for a file', () => {
  const start = resolve(import.meta.dirname, '../../src/config/resolve.ts');
  const files = new Set([start]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (?!type )[^;]*?from '([^']+)'/gm,
    )) {
      if (name.startsWith('.')) files.add(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  expect([...packages]).toEqual(['fastest-levenshtein']);
});

it('lets what a scenario says go before the files, and flags before that', async () => {
  const directory = project({ ...wsgi, 'wsgi-dev.yaml': 'name: file\npython: 3.9\nenv: {A: file, B: file}\n' });
  const over = {
    name: { value: 'over', where: 'x.scenario.yaml:1:1' },
    python: { value: '3.13', where: '' },
    env: { B: 'over' },
  };
  const { config } = await resolveConfig({ python: '3.14' }, {}, directory, { over });
  expect(config).toMatchObject({ name: 'over', base: { python: '3.14' }, env: { A: 'file', B: 'over' } });
});
