import { Command, Option } from 'commander';
import { declareAttach } from './commands/attach.ts';
import { declareBuild } from './commands/build.ts';
import type { Context } from './commands/context.ts';
import { declareDoctor } from './commands/doctor.ts';
import { declareExec } from './commands/exec.ts';
import { declareLifecycle } from './commands/lifecycle.ts';
import { declareLogs } from './commands/logs.ts';
import { declarePs } from './commands/ps.ts';
import { declareUp } from './commands/up.ts';
import type { EndpointChoice } from './engine/endpoint.ts';
import type { Verbosity } from './log.ts';

/** The global options as given. */
export interface GlobalOptions extends EndpointChoice {
  readonly file?: string;
  readonly projectName?: string;
  readonly projectDirectory?: string;
  readonly ansi: 'never' | 'always' | 'auto';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** All commands. `context` is called once a command runs, with the global options parsed. */
export function createProgram(version: string, context: (options: GlobalOptions) => Context): Command {
  const program = new Command('wsgi-dev')
    .description('Run a WSGI application under Apache with mod_wsgi in a container, and debug it there')
    .version(`wsgi-dev ${version}`, '--version', 'print the version')
    .option('-f, --file <file>', 'the configuration (default: wsgi-dev.yaml here or above)')
    .option('--project-name <name>', 'names containers and images (default: the directory)')
    .option('-C, --project-directory <directory>', 'where the project is')
    .option('-H, --host <address>', 'the engine: unix://… or tcp://…')
    .option('-c, --context <name>', 'the docker context that names the engine')
    .addOption(
      new Option('--ansi <when>', 'colours and redrawing').choices(['never', 'always', 'auto']).default('auto'),
    )
    .option('-q, --quiet', 'results and errors only')
    .option('-v, --verbose', 'everything, with stack traces')
    .enablePositionalOptions()
    .showHelpAfterError('(--help lists the options)')
    .showSuggestionAfterError()
    .addHelpText('after', '\nExample:\n  $ cd my-project && wsgi-dev up --debug');
  const made = (): Context => context(program.opts<GlobalOptions>());
  for (const declare of [
    declareUp,
    declareAttach,
    declareLifecycle,
    declarePs,
    declareLogs,
    declareExec,
    declareBuild,
    declareDoctor,
  ]) {
    declare(program, made);
  }
  program
    .command('version')
    .description('print the version')
    .action(() => made().out.result(`wsgi-dev ${version}`));
  return program;
}

/** What -q and -v ask for. */
export function verbosityOf({ quiet, verbose }: GlobalOptions): Verbosity {
  return quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
}
