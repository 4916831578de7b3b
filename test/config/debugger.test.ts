import { expect, it } from 'vitest';
import type { DebuggerName } from '../../src/config/config.ts';
import { debuggerProblems } from '../../src/config/debugger.ts';
import { suitePythons } from '../../src/config/parsers.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { faultLines, project } from './project.ts';

const chosen = (value: DebuggerName) => ({ value, where: `--debugger ${value}` });

it.each<[DebuggerName, string, string | undefined]>([
  ['pdb', '3.8', undefined],
  ['ipdb', '3.9', undefined],
  ['ipdb', '3.8', "ipdb can't be had for Python 3.8 (--python 3.8); it needs one from 3.9 to 3.14"],
  ['ipdb', '3.15', "ipdb can't be had for Python 3.15 (--python 3.15); it needs one from 3.9 to 3.14"],
])('%s on Python %s', (name, python, message) => {
  const layer = { debugger: chosen(name), python: { value: python, where: `--python ${python}` } };
  const expected = message === undefined ? [] : [{ where: `--debugger ${name}`, message }];
  expect(debuggerProblems(layer)).toEqual(expected);
});

it.each(suitePythons)('each can be had for Python %s', (python) => {
  for (const name of ['pdb', 'ipdb', 'pudb'] as const) {
    expect(debuggerProblems({ debugger: chosen(name), python: { value: python, where: 'python' } })).toEqual([]);
  }
});

it.each([
  [{ debugger: 'gdb' }, {}, '--debugger gdb: "gdb" is no debugger that wsgi-dev knows; choose pdb, ipdb or pudb'],
  [{}, { WSGI_DEV_DEBUGGER: 'PDB' }, 'WSGI_DEV_DEBUGGER=PDB: "PDB" is no debugger'],
])('an unknown one is a fault: %j %j', async (flags, env, expected) => {
  const lines = await faultLines(resolveConfig(flags, env, project({ 'wsgi.py': 'application = 1\n' })));
  expect(lines.map((line) => line.slice(0, expected.length))).toEqual([expected]);
});
