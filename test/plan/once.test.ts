import { expect, test } from 'vitest';
import type { DebuggerName } from '../../src/config/config.ts';
import { type OnceInputs, oncePlan } from '../../src/plan/container.ts';
import { debugEnvironment } from '../../src/plan/once-debug.ts';
import { configOf } from './config.ts';

const inputs: OnceInputs = {
  id: '0a1b2c3d',
  image: 'wsgi-dev/shop:1',
  user: '1000:1000',
  command: ['pytest', '-x'],
  workingDir: undefined,
  stateDirectory: '/home/ada/shop/.wsgi-dev/run',
  version: '0.1.0',
  term: 'xterm',
  binds: [],
  env: {},
};

test('the whole plan: no port, no nonce, no name that the server has', () => {
  const config = configOf({ env: { TOKEN: 'hunter2' }, network: 'backend' });
  expect(oncePlan(config, { ...inputs, env: { MORE: '1' }, workingDir: '/tmp' })).toEqual({
    name: 'shop-wsgi-run-0a1b2c3d',
    image: 'wsgi-dev/shop:1',
    command: ['pytest', '-x'],
    user: '1000:1000',
    workingDir: '/tmp',
    env: ['TERM=xterm', 'TOKEN=hunter2', 'MORE=1'],
    binds: [
      { source: '/home/ada/shop', target: '/app', readOnly: false },
      { source: '/home/ada/shop/.wsgi-dev/run', target: '/run/wsgi-dev', readOnly: false },
    ],
    publish: [],
    network: 'backend',
    labels: {
      'dev.wsgi-dev.project': 'shop',
      'dev.wsgi-dev.working-dir': '/home/ada/shop',
      'dev.wsgi-dev.once': 'run',
      'dev.wsgi-dev.version': '0.1.0',
    },
  });
});

const hook = '/usr/lib/wsgi-dev/command';

test.each<[DebuggerName, Record<string, string>, boolean, Record<string, string>]>([
  ['pdb', {}, false, { PYTHONPATH: hook, WSGI_DEV_RUN_DEBUGGER: 'pdb' }],
  [
    'pdb',
    { PYTHONPATH: '/app/lib', PYTEST_ADDOPTS: '-q' },
    true,
    {
      PYTHONPATH: `${hook}:/app/lib`,
      WSGI_DEV_RUN_DEBUGGER: 'pdb',
      WSGI_DEV_RUN_POST_MORTEM: '1',
      PYTEST_ADDOPTS: '-q',
    },
  ],
  [
    'ipdb',
    { PYTEST_ADDOPTS: '-q' },
    false,
    {
      PYTHONPATH: hook,
      WSGI_DEV_RUN_DEBUGGER: 'ipdb',
      PYTHONBREAKPOINT: 'ipdb.set_trace',
      PYTEST_ADDOPTS: '-q --pdbcls=IPython.terminal.debugger:TerminalPdb',
    },
  ],
  [
    'pudb',
    { PYTHONBREAKPOINT: '0' },
    false,
    {
      PYTHONPATH: hook,
      WSGI_DEV_RUN_DEBUGGER: 'pudb',
      PYTEST_ADDOPTS: '--pdbcls=pudb.debugger:Debugger --capture=no',
    },
  ],
])('--debug with %s, where the project sets %j, a person there: %s', (name, env, person, expected) => {
  const config = configOf({ env });
  expect(debugEnvironment({ ...config, debug: { ...config.debug, debugger: name } }, person)).toEqual(expected);
});

test('post-mortem as the configuration says, person or not', () => {
  const { debug } = configOf();
  const named = (postMortem: boolean) => debugEnvironment({ env: {}, debug: { ...debug, postMortem } }, true);
  expect(named(true)).toHaveProperty('WSGI_DEV_RUN_POST_MORTEM');
  expect(named(false)).not.toHaveProperty('WSGI_DEV_RUN_POST_MORTEM');
});

test("an editor's debugger is refused", () => {
  const { debug } = configOf();
  expect(() => debugEnvironment({ env: {}, debug: { ...debug, debugger: 'debugpy' } }, true)).toThrow(/no port/);
});
