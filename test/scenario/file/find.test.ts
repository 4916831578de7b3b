import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findScenarios } from '../../../src/scenario/file/find.ts';
import { project } from '../../config/project.ts';

const files = {
  'b.scenario.yaml': '',
  'a/c.scenario.yml': '',
  'a/b/d.scenario.yaml': '',
  'a/notes.yaml': '',
  'a/scenario.yaml': '',
  'bug.yaml': '',
  'a/node_modules/x.scenario.yaml': '',
  '.git/x.scenario.yaml': '',
  '.wsgi-dev/x.scenario.yaml': '',
  'env/pyvenv.cfg': '',
  'env/lib/x.scenario.yaml': '',
  '.hidden/e.scenario.yaml': '',
  'empty/notes.txt': '',
};

function found(paths: readonly string[], directory = project(files)) {
  const result = findScenarios(paths, directory);
  return {
    files: result.files.map((file) => file.slice(directory.length + 1)),
    problems: result.problems.map(({ where, message }) => `${where}: ${message}`),
  };
}

const all = ['.hidden/e.scenario.yaml', 'a/b/d.scenario.yaml', 'a/c.scenario.yml', 'b.scenario.yaml'];

it.each([
  [['.'], all],
  [['a'], ['a/b/d.scenario.yaml', 'a/c.scenario.yml']],
  [
    ['b.scenario.yaml', 'a/'],
    ['a/b/d.scenario.yaml', 'a/c.scenario.yml', 'b.scenario.yaml'],
  ],
  [['a', '.', 'a/../b.scenario.yaml'], all],
  [['bug.yaml'], ['bug.yaml']],
  [['env/lib/x.scenario.yaml'], ['env/lib/x.scenario.yaml']],
])('finds the scenarios of %j', (paths, expected) => {
  expect(found(paths)).toEqual({ files: expected, problems: [] });
});

it('tells what is not there, and what holds none, with the rest', () => {
  expect(found(['bugs.yaml', 'empty', '', 'a/c.scenario.yml', 'nowhere/x.yaml', '/dev/null'])).toEqual({
    files: ['a/c.scenario.yml'],
    problems: [
      'bugs.yaml: does not exist; did you mean `bug.yaml`?',
      'empty: holds no *.scenario.yaml, at no depth',
      '"": expected a file or a directory',
      'nowhere/x.yaml: does not exist',
      '/dev/null: is neither a file nor a directory',
    ],
  });
});

it('follows links to files, and to directories only where they are named', () => {
  const directory = project({ 'real/a.scenario.yaml': '', 'other/': '' });
  symlinkSync('..', join(directory, 'real/loop'));
  symlinkSync('../real/a.scenario.yaml', join(directory, 'other/b.scenario.yaml'));
  symlinkSync('nowhere', join(directory, 'other/broken.scenario.yaml'));
  symlinkSync('real', join(directory, 'link'));
  mkdirSync(join(directory, 'other/dir.scenario.yaml'));
  expect(found(['real'], directory).files).toEqual(['real/a.scenario.yaml']);
  expect(found(['other'], directory).files).toEqual(['other/b.scenario.yaml']);
  expect(found(['link'], directory).files).toEqual(['link/a.scenario.yaml']);
});
