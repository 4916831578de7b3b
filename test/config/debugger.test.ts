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
  for (const name of ['pdb', 'ipdb', 'pudb', 'debugpy'] as const) {
    expect(debuggerProblems({ debugger: chosen(name), python: { value: python, where: 'python' } })).toEqual([]);
  }
});

it.each([
  [
    { debugger: 'gdb' },
    {},
    '--debugger gdb: "gdb" is no debugger that wsgi-dev knows; choose pdb, ipdb, pudb or debugpy',
  ],
  [{}, { WSGI_DEV_DEBUGGER: 'PDB' }, 'WSGI_DEV_DEBUGGER=PDB: "PDB" is no debugger'],
])('an unknown one is a fault: %j %j', async (flags, env, expected) => {
  const lines = await faultLines(resolveConfig(flags, env, project({ 'wsgi.py': 'application = 1\n' })));
  expect(lines.map((line) => line.slice(0, expected.length))).toEqual([expected]);
});

const wsgi = { 'wsgi.py': 'application = 1\n' };

it('debugpy is found on the loopback, at its own port that may move, or at a named one that does not', async () => {
  const directory = project({ ...wsgi, 'wsgi-dev.yaml': 'debug: {debugger: debugpy, debugger_port: 5680}\n' });
  const { config } = await resolveConfig({}, {}, directory);
  expect(config.debug.editor).toEqual({ host: '127.0.0.1', port: 5680, portFixed: true });
  const byVariable = await resolveConfig({}, { WSGI_DEV_DEBUGGER_PORT: '0' }, directory);
  expect(byVariable.config.debug.editor).toEqual({ host: '127.0.0.1', port: 0, portFixed: false });
  const { config: plain } = await resolveConfig({ debugger: 'debugpy' }, {}, project(wsgi));
  expect(plain.debug.editor).toEqual({ host: '127.0.0.1', port: 5678, portFixed: false });
});

it('debugpy beyond this machine is refused in each mode, unless that is meant', async () => {
  const flags = { debugger: 'debugpy', debuggerPort: '0.0.0.0:5678' };
  for (const debug of [true, false]) {
    const lines = await faultLines(resolveConfig({ ...flags, debug }, {}, project(wsgi)));
    expect(lines).toEqual([expect.stringMatching(/^--debugger-port 0\.0\.0\.0:5678: debugpy would be reachable/)]);
  }
  const { config } = await resolveConfig({ ...flags, allowRemoteDebug: true }, {}, project(wsgi));
  expect(config.debug.editor.host).toBe('0.0.0.0');
});

it.each([
  [
    { debugger: 'debugpy', break: ['wsgi:application'] },
    /^Breakpoints given by --break or debug\.break have no effect/,
  ],
  [{ debuggerPort: '5679' }, /^--debugger-port 5679 has no effect: only debugpy listens$/],
])('what has no effect is told: %j', async (flags, expected) => {
  const { notices } = await resolveConfig(flags, {}, project(wsgi));
  expect(notices).toEqual([expect.stringMatching(expected)]);
});
