import { type Command, Option } from 'commander';
import type { EndpointChoice } from './engine/endpoint.ts';
import type { Verbosity } from './log.ts';

/** The options that every command knows, before its name or after. */
export interface GlobalOptions extends EndpointChoice {
  readonly file?: string;
  readonly projectName?: string;
  readonly projectDirectory?: string;
  readonly ansi?: 'never' | 'always' | 'auto';
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** [flags, what it is, its choices] */
const OPTIONS: readonly (readonly [string, string, (readonly string[])?])[] = [
  ['-f, --file <file>', 'the configuration (default: wsgi-dev.yaml here or above)'],
  ['--project-name <name>', 'names containers and images (default: the directory)'],
  ['-C, --project-directory <directory>', 'where the project is'],
  ['-H, --host <address>', 'the engine: unix://… or tcp://…'],
  ['-c, --context <name>', 'the docker context that names the engine'],
  ['--ansi <when>', 'colours and redrawing', ['never', 'always', 'auto']],
  ['-q, --quiet', 'results and errors only'],
  ['-v, --verbose', 'everything, with stack traces'],
];

/** Declares them on the program, and out of its help's sight on each command, where a person would type them too. */
export function declareGlobals(program: Command): void {
  for (const [flags, description, choices] of OPTIONS) program.addOption(option(flags, description, choices));
  for (const command of commandsBelow(program)) {
    for (const [flags, description, choices] of OPTIONS) {
      // `logs -f` follows and `down -v` removes volumes, as docker's do.
      const free = withoutTaken(flags, command);
      if (free !== undefined) command.addOption(option(free, description, choices).hideHelp());
    }
  }
}

/** All commands, those of commands too: `ci init`. */
export function commandsBelow(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [one, ...commandsBelow(one)]);
}

/** What was given before the command's name and after it; the latter stands. */
export function globalOptions(program: Command, command: Command | undefined): GlobalOptions {
  const names = new Set(program.options.map((one) => one.attributeName()));
  const own = Object.entries(command?.opts() ?? {}).filter(([name]) => names.has(name) && isHidden(command, name));
  return { ...program.opts<GlobalOptions>(), ...Object.fromEntries(own) };
}

/** What -q and -v ask for. */
export function verbosityOf({ quiet, verbose }: GlobalOptions): Verbosity {
  return quiet ? 'quiet' : verbose ? 'verbose' : 'normal';
}

function option(flags: string, description: string, choices?: readonly string[]): Option {
  const made = new Option(flags, description);
  return choices === undefined ? made : made.choices(choices);
}

function withoutTaken(flags: string, command: Command): string | undefined {
  const { short, long } = new Option(flags);
  if (command.options.some((one) => one.long === long)) return undefined;
  return command.options.some((one) => one.short === short) ? flags.replace(/^-\w, /, '') : flags;
}

function isHidden(command: Command | undefined, name: string): boolean {
  return command?.options.find((one) => one.attributeName() === name)?.hidden === true;
}
