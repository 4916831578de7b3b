import { Command } from 'commander';
import { declareAttach } from './commands/attach.ts';
import { declareBreak } from './commands/break.ts';
import { declareBuild } from './commands/build.ts';
import { declareCheck } from './commands/check.ts';
import { declareCi } from './commands/ci.ts';
import { declareCompletion } from './commands/completion.ts';
import { declareCompose } from './commands/compose.ts';
import { declareConfig } from './commands/config.ts';
import type { Context } from './commands/context.ts';
import { declareDevcontainer } from './commands/devcontainer.ts';
import { declareDoctor } from './commands/doctor.ts';
import { declareEject } from './commands/eject.ts';
import { declareExec } from './commands/exec.ts';
import { declareInit } from './commands/init.ts';
import { declareLifecycle } from './commands/lifecycle.ts';
import { declareLock } from './commands/lock.ts';
import { declareLogs } from './commands/logs.ts';
import { declarePs } from './commands/ps.ts';
import { declareReproduce } from './commands/reproduce.ts';
import { declareRun } from './commands/run.ts';
import { declareShell } from './commands/shell.ts';
import { declareUp } from './commands/up.ts';
import { declareGlobals, type GlobalOptions, globalOptions } from './globals.ts';

/** All commands. `context` is called once a command runs, with the global options parsed. */
export function createProgram(version: string, context: (options: GlobalOptions) => Context): Command {
  const program = new Command('wsgi-dev')
    .description('Run a WSGI application under Apache with mod_wsgi in a container, and debug it there')
    .version(`wsgi-dev ${version}`, '--version', 'print the version')
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists the options)')
    .showSuggestionAfterError()
    .addHelpText('after', '\nExample:\n  $ cd my-project && wsgi-dev up --debug');
  let running: Command | undefined;
  program.hook('preAction', (_program, command) => {
    running = command;
  });
  const made = (): Context => context(globalOptions(program, running));
  for (const declare of [
    declareUp,
    declareAttach,
    declareLifecycle,
    declarePs,
    declareLogs,
    declareExec,
    declareRun,
    declareShell,
    declareBreak,
    declareBuild,
    declareConfig,
    declareEject,
    declareInit,
    declareLock,
    declareCheck,
    declareCi,
    declareReproduce,
    declareDevcontainer,
    declareCompose,
    declareDoctor,
    declareCompletion,
  ]) {
    declare(program, made);
  }
  program
    .command('version')
    .description('print the version')
    .action(() => made().out.result(`wsgi-dev ${version}`));
  declareGlobals(program);
  return program;
}
