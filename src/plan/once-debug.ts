import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';

/** The directory whose sitecustomize makes a command's debugger the person's: images/runner/command. */
const HOOK = '/usr/lib/wsgi-dev/command';

/** How pytest is told of another debugger than pdb. */
const PYTEST: Readonly<Record<string, string>> = {
  ipdb: '--pdbcls=IPython.terminal.debugger:TerminalPdb',
  pudb: '--pdbcls=pudb.debugger:Debugger --capture=no',
};

/**
 * What `run --debug` sets in a command's environment; what the project sets itself goes before it. Fault (code 2): the
 * debugger is an editor's.
 */
export function debugEnvironment(
  { env, debug }: Pick<Config, 'env' | 'debug'>,
  person: boolean,
): Readonly<Record<string, string>> {
  const { debugger: name } = debug;
  if (name === 'debugpy') {
    throw new Fault('`run --debug` has no port for an editor, and the debugger is debugpy', {
      code: ExitCode.usage,
      hint: 'Choose another for this command: --debugger pdb, ipdb or pudb.',
    });
  }
  const pytest = [env.PYTEST_ADDOPTS, PYTEST[name]].filter(Boolean).join(' ');
  return {
    PYTHONPATH: [HOOK, env.PYTHONPATH].filter(Boolean).join(':'),
    WSGI_DEV_RUN_DEBUGGER: name,
    ...((debug.postMortem ?? person) && { WSGI_DEV_RUN_POST_MORTEM: '1' }),
    ...(name !== 'pdb' && env.PYTHONBREAKPOINT === undefined && { PYTHONBREAKPOINT: `${name}.set_trace` }),
    ...(pytest !== '' && { PYTEST_ADDOPTS: pytest }),
  };
}
