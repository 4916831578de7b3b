import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answers, get, makeProject } from '../helpers/project.ts';

const fixture = (name: string): string =>
  readFileSync(join(resolve(import.meta.dirname, '../fixtures/packages'), name), 'utf8');
const pyproject = fixture('pyproject.toml');

/** Answers with the versions that are installed, of those that the fixtures name. */
const application = [
  'import importlib.metadata as metadata',
  'def version(name):',
  '    try:',
  '        return metadata.version(name)',
  '    except metadata.PackageNotFoundError:',
  '        return "-"',
  'def application(environ, start_response):',
  '    start_response("200 OK", [("Content-Type", "text/plain")])',
  '    return [" ".join(version(name) for name in ("bottle", "itsdangerous", "shop")).encode()]',
  '',
].join('\n');

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['pyproject.toml', { 'pyproject.toml': pyproject }, '0.13.4 - -'],
  [
    'pyproject.toml and a dependency group',
    { 'pyproject.toml': pyproject, 'wsgi-dev.yaml': 'packages: {pip: [pyproject.toml], groups: [dev]}\n' },
    '0.13.4 2.2.0 -',
  ],
  [
    'uv.lock, with the groups that uv takes',
    { 'pyproject.toml': pyproject, 'uv.lock': fixture('uv.lock') },
    '0.13.4 2.2.0 -',
  ],
  ['pylock.toml', { 'pylock.toml': fixture('pylock.toml') }, '0.13.4 2.2.0 -'],
  [
    'requirements with hashes',
    {
      'requirements.txt':
        'bottle==0.13.4 --hash=sha256:045684fbd2764eac9cdeb824861d1551d113e8b683d8d26e296898d3dd99a12e\n',
    },
    '0.13.4 - -',
  ],
])('%s', async (_what, files, expected) => {
  const project = makeProject({ 'wsgi.py': application, ...files });
  const { url } = await project.up();
  expect(await get(url)).toEqual({ status: 200, body: expected });
});

test('-e . has the project’s own package and what it depends on; an edit of it builds nothing', async () => {
  const project = makeProject({
    'wsgi.py': application
      .replace('.encode()', '.encode() + shop.NAME.encode()')
      .replace('import', 'import shop\nimport'),
    'pyproject.toml': pyproject,
    'requirements.txt': '-e .\n-c limits.txt\n',
    'limits.txt': 'bottle<0.14\n',
    'src/shop/__init__.py': 'from shop.names import NAME\n',
    'src/shop/names.py': 'NAME = "!"\n',
  });
  const first = await project.up();
  expect(await get(first.url)).toEqual({ status: 200, body: '0.13.4 - 1.2!' });
  project.write({ 'src/shop/names.py': 'NAME = "?"\n' });
  await answers(first.url, /\?$/);
  const again = await project.up();
  expect(again).toMatchObject({ image: first.image, changed: [] });
});

test('a requirement that is added takes that layer alone', async () => {
  const project = makeProject({ 'wsgi.py': application, 'pyproject.toml': pyproject });
  await project.up();
  project.write({ 'pyproject.toml': `# ${randomUUID()}\n${pyproject.replace('"]', '", "itsdangerous==2.2.0"]')}` });
  const { code, stderr } = await project.run(['build']);
  expect(code).toBe(0);
  expect(stderr).toMatch(/\+ itsdangerous==2\.2\.0/);
  expect(stderr).not.toMatch(/Reading package lists|Collecting uv/);
});

describe('what fails is named, with what to do', () => {
  test('a package that must be compiled', async () => {
    const project = makeProject({ 'wsgi.py': application, 'requirements.txt': 'psycopg2==2.9.10\n' });
    const { code, stderr } = await project.run(['build']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^psycopg2 could not be installed: its build needs pg_config$/m);
    expect(stderr).toContain('packages: {apt: [libpq-dev, build-essential, python3-dev]}');
  });

  test('a Debian package that is none', async () => {
    const project = makeProject({ 'wsgi.py': application, 'wsgi-dev.yaml': 'packages: {apt: [libqp5]}\n' });
    const { code, stderr } = await project.run(['build']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^apt knows no package libqp5$/m);
  });

  test('requirements of uv that do not go together', async () => {
    const project = makeProject({
      'wsgi.py': application,
      'pyproject.toml': pyproject,
      'requirements.txt': 'bottle<0.13\n',
      'wsgi-dev.yaml': 'packages: {pip: [pyproject.toml, requirements.txt]}\n',
    });
    const { code, stderr } = await project.run(['build']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^The requirements don't go together: .*bottle/m);
  });

  test('a file of another tool', async () => {
    const project = makeProject({ 'wsgi.py': application, 'poetry.lock': '' });
    const { code, stderr } = await project.run(['up', '--dry-run']);
    expect(code).toBe(0);
    expect(stderr).toContain('The requirements of poetry.lock are not installed; export them: poetry export -f');
  });

  test('-e below another root', async () => {
    const project = makeProject({
      'web/wsgi.py': application,
      'pyproject.toml': pyproject,
      'requirements.txt': '-e .\n',
      'wsgi-dev.yaml': 'root: web\n',
    });
    const { code, stderr } = await project.run(['up', '--dry-run']);
    expect(code).toBe(2);
    expect(stderr).toContain('requirements.txt says -e ., but the container sees web alone');
  });
});
