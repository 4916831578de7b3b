import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The script that runs while a lock is made, in an environment without pip: what it would download is known from the end
// to end tests.
const script = resolve(import.meta.dirname, '../../images/lock/hashes.py');
const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-hashes-'));
const environment = join(directory, 'venv');

function run(command: string, args: readonly string[]): { readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return { stdout, stderr };
}

const python = (...args: readonly string[]) => run(join(environment, 'bin/python'), ['-B', ...args]).stdout;

function install(name: string, version: string, origin?: unknown): void {
  const packages = python('-c', 'import sysconfig; print(sysconfig.get_path("purelib"))').trim();
  const info = join(packages, `${name}-${version}.dist-info`);
  mkdirSync(info);
  writeFileSync(join(info, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
  if (origin !== undefined) writeFileSync(join(info, 'direct_url.json'), JSON.stringify(origin));
}

beforeAll(() => {
  run('python3', ['-m', 'venv', '--without-pip', environment]);
  install('setuptools', '66.1.1');
  cpSync(environment, join(directory, 'fresh'), { recursive: true });
  writeFileSync(join(directory, 'options.txt'), '');
});
afterAll(() => rmSync(directory, { recursive: true }));

test('what was there before anything was installed is not asked for; what was compiled has its hash', () => {
  mkdirSync(join(directory, 'sources'));
  writeFileSync(join(directory, 'sources/mod_wsgi-6.1.1.tar.gz'), 'compiled');
  expect(JSON.parse(python(script, directory))).toEqual({
    pip: [],
    unhashable: [],
    sources: [createHash('sha256').update('compiled').digest('hex')],
  });
});

test('a checkout has no hash: it is named, and nothing is downloaded', () => {
  install('shop', '1.0', {
    url: 'https://example.org/shop.git',
    vcs_info: { vcs: 'git', commit_id: 'c0ffee', requested_revision: 'main' },
  });
  install('local', '1.0', { url: 'file:///requirements/local', dir_info: {} });
  expect(JSON.parse(python(script, directory))).toMatchObject({
    pip: [],
    unhashable: [
      { name: 'local', url: 'file:' },
      { name: 'shop', url: 'git+https://example.org/shop.git@c0ffee' },
    ],
  });
});

test.each([
  ['zope', 'zope-4.0.tar.gz', true],
  ['zope', 'zope.interface-8.7.tar.gz', false],
  ['zope.interface', 'zope_interface-8.7-cp311-cp311-manylinux2014_x86_64.whl', true],
  ['Flask', 'flask-3.1.3-py3-none-any.whl', true],
  ['ruamel-yaml', 'ruamel.yaml-0.18.tar.gz', true],
])('of %s is %s: %s', (name, file, expected) => {
  const said = python(
    '-c',
    `import sys; sys.path.insert(0, ${JSON.stringify(resolve(script, '..'))}); import hashes; print(hashes.file_of(${JSON.stringify(`/x/${file}`)}, ${JSON.stringify(name)}))`,
  );
  expect(said.trim()).toBe(expected ? 'True' : 'False');
});
