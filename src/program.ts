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
import { helpLayout } from './help.ts';

/** Every command, in the order and under the headings of the help. */
const COMMANDS: Readonly<Record<string, readonly ((program: Command, context: () => Context) => void)[]>> = {
  'Run and debug:': [declareUp, declareAttach, declareLifecycle, declarePs, declareLogs, declareBreak],
  'Commands in the container:': [declareExec, declareRun, declareShell],
  'The project:': [declareInit, declareConfig, declareBuild, declareLock, declareCheck, declareEject],
  'Scenarios:': [declareCi, declareReproduce],
  'Other tools:': [declareDevcontainer, declareCompose],
  'This machine:': [declareDoctor, declareCompletion],
};

/** Commander's own shows the help of all for a word that is no command, and of `ci` for `help ci init`. */
function declareHelp(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .description('what a command does, and its options')
    .argument('[command...]', 'a command, as `up` or `ci init`')
    .action((words: readonly string[]) => {
      const named = words.reduce<Command | undefined>(
        (command, word) => command?.commands.find((one) => one.name() === word),
        program,
      );
      if (named === undefined) program.error(`error: unknown command '${words.join(' ')}'`);
      named.help();
    });
}

/** All commands. `context` is called once a command runs, with the global options parsed. */
export function createProgram(version: string, context: (options: GlobalOptions) => Context): Command {
  const program = new Command('wsgi-dev')
    .description('Run a WSGI application under Apache with mod_wsgi in a container, and debug it there')
    .version(`wsgi-dev ${version}`, '--version', 'print the version')
    .configureHelp(helpLayout)
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists the options)')
    .showSuggestionAfterError()
    .addHelpText('after', '\nExample:\n  $ cd my-project && wsgi-dev up --debug');
  let running: Command | undefined;
  program.hook('preAction', (_program, command) => {
    running = command;
  });
  const made = (): Context => context(globalOptions(program, running));
  for (const [heading, declarations] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const declare of declarations) declare(program, made);
  }
  program
    .command('version')
    .description('print the version')
    .action(() => made().out.result(`wsgi-dev ${version}`));
  declareHelp(program);
  declareGlobals(program);
  return program;
}
