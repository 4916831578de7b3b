import { expect, test } from 'vitest';
import { packagesOf, toolsOf } from '../../src/plan/tools.ts';

const named = (lines: readonly string[], name: string): readonly string[] =>
  lines.filter((line) => line.startsWith(`${name}==`));

test('pdb needs no package', () => {
  expect(packagesOf(toolsOf({ debugger: 'pdb', coverage: undefined }), '3.14')).toEqual([]);
});

test.each([
  ['3.9', 'ipython==8.18.1'],
  ['3.10', 'ipython==8.39.0'],
  ['3.11', 'ipython==9.18.1'],
  ['3.14', 'ipython==9.18.1'],
])('on Python %s ipdb stands on %s, and every package has one exact version', (python, expected) => {
  const packages = packagesOf(['ipdb'], python);
  expect(named(packages, 'ipython')).toEqual([expected]);
  expect(named(packages, 'ipdb')).toEqual(['ipdb==0.13.13']);
  for (const line of packages) expect(line).toMatch(/^[\w-]+==[\d.]+$/);
});

test.each([
  ['3.9', 'pudb==2025.1.5', 'urwid==4.2.5'],
  ['3.10', 'pudb==2026.1', 'urwid==4.2.5'],
  ['3.13', 'pudb==2026.1', 'urwid==5.1.0'],
])('on Python %s pudb is %s, with %s', (python, pudb, urwid) => {
  const packages = packagesOf(['pudb'], python);
  expect([...named(packages, 'pudb'), ...named(packages, 'urwid')]).toEqual([pudb, urwid]);
});

test.each([
  ['3.9', 'debugpy==1.8.21'],
  ['3.14', 'debugpy==1.8.22'],
])('on Python %s debugpy is %s alone', (python, expected) => {
  expect(packagesOf(['debugpy'], python)).toEqual([expected]);
});

test('an image whose Python has none is a fault, and no image without it', () => {
  expect(() => packagesOf(['ipdb'], '3.8')).toThrow(/ipdb can't be had for Python 3\.8/);
});

test('a backport is only where it is needed', () => {
  expect(named(packagesOf(['ipdb'], '3.10'), 'tomli')).toHaveLength(1);
  expect(named(packagesOf(['ipdb'], '3.11'), 'tomli')).toEqual([]);
});

test.each([
  ['3.9', ['coverage==7.10.7', 'tomli==2.5.0']],
  ['3.10', ['coverage==7.16.2', 'tomli==2.5.0']],
  ['3.14', ['coverage==7.17.3']],
])('on Python %s coverage is %j', (python, expected) => {
  expect(packagesOf(toolsOf({ debugger: 'pdb', coverage: '/here' }), python)).toEqual(expected);
});

test('what two tools share is named once', () => {
  const tools = toolsOf({ debugger: 'ipdb', coverage: '/here' });
  expect(tools).toEqual(['ipdb', 'coverage']);
  expect(named(packagesOf(tools, '3.10'), 'tomli')).toHaveLength(1);
});
