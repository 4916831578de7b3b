import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, hello, makeProject } from '../helpers/project.ts';

const root = resolve(import.meta.dirname, '../..');
const base = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-package-')));
let archive = '';

/** `npm ARGS`, quietly; with `path` in front of the PATH. */
function npm(cwd: string, args: readonly string[], path = ''): string {
  const env = { ...process.env, PATH: [path, process.env.PATH].filter(Boolean).join(delimiter) };
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return execFileSync('npm', [...args, ...quiet], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

beforeAll(() => {
  // Not its scripts: they would build dist/ anew beneath the tests that run beside this one.
  npm(root, ['pack', '--ignore-scripts', '--pack-destination', base]);
  archive = join(base, readdirSync(base).find((name) => name.endsWith('.tgz')) ?? '');
}, 120_000);
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('holds what it needs to run, and no tests', () => {
  const files = execFileSync('tar', ['tzf', archive], { encoding: 'utf8' }).trim().split('\n');
  for (const needed of [
    'dist/bin/wsgi-dev.cjs',
    'schemas/wsgi-dev.schema.json',
    'images/runner/__main__.py',
    'README.md',
  ]) {
    expect(files).toContain(`package/${needed}`);
  }
  expect(files.filter((path) => /(^|\/)(tests?|node_modules|__pycache__|\.wsgi-dev)\/|\.pyc$/.test(path))).toEqual([]);
});

describe.each([20, 22, 24])('the package on Node %s', (version) => {
  const prefix = join(base, `prefix-${version}`);
  const nodes = join(base, `node-${version}`);
  const bin = join(nodes, 'node_modules/.bin');
  const env = { PATH: [join(prefix, 'bin'), bin, process.env.PATH].join(delimiter) };

  beforeAll(() => {
    npm(base, ['install', '--prefix', nodes, `node@${version}`]);
    npm(base, ['install', '--global', '--prefix', prefix, archive], bin);
  }, 300_000);

  test('runs an application, from a directory that is not the checkout', async () => {
    const project = makeProject({ 'wsgi.py': hello('"installed"') });
    const cli = (...args: readonly string[]): string =>
      execFileSync('wsgi-dev', args, { cwd: project.directory, env: { ...process.env, ...env }, encoding: 'utf8' });
    expect(execFileSync('node', ['--version'], { env, encoding: 'utf8' })).toMatch(new RegExp(`^v${version}\\.`));
    expect(cli('version')).toMatch(/^wsgi-dev \d/);
    expect(cli('config', '--schema')).toContain('json-schema.org');
    const url = cli('up', '-d', '--port', '0').trim();
    expect((await get(url)).body).toBe('installed');
    expect(cli('run', 'python', '-c', 'print(6 * 7)')).toBe('42\n');
    cli('down');
    expect(await project.containers()).toEqual([]);
  });
});
