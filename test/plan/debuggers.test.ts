import { expect, test } from 'vitest';
import { packagesOf } from '../../src/plan/debuggers.ts';

const named = (lines: readonly string[], name: string): readonly string[] =>
  lines.filter((line) => line.startsWith(`${name}==`));

test('pdb needs no package', () => {
  expect(packagesOf('pdb', '3.14')).toEqual([]);
});

test.each([
  ['3.9', 'ipython==8.18.1'],
  ['3.10', 'ipython==8.39.0'],
  ['3.11', 'ipython==9.18.1'],
  ['3.14', 'ipython==9.18.1'],
])('on Python %s ipdb stands on %s, and every package has one exact version', (python, expected) => {
  const packages = packagesOf('ipdb', python);
  expect(named(packages, 'ipython')).toEqual([expected]);
  expect(named(packages, 'ipdb')).toEqual(['ipdb==0.13.13']);
  for (const line of packages) expect(line).toMatch(/^[\w-]+==[\d.]+$/);
});

test.each([
  ['3.9', 'pudb==2025.1.5', 'urwid==4.2.5'],
  ['3.10', 'pudb==2026.1', 'urwid==4.2.5'],
  ['3.13', 'pudb==2026.1', 'urwid==5.1.0'],
])('on Python %s pudb is %s, with %s', (python, pudb, urwid) => {
  const packages = packagesOf('pudb', python);
  expect([...named(packages, 'pudb'), ...named(packages, 'urwid')]).toEqual([pudb, urwid]);
});

test('a backport is only where it is needed', () => {
  expect(named(packagesOf('ipdb', '3.10'), 'tomli')).toHaveLength(1);
  expect(named(packagesOf('ipdb', '3.11'), 'tomli')).toEqual([]);
});
