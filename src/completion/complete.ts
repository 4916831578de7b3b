import type { Argument, Command, Option } from 'commander';
import { commandsBelow } from '../globals.ts';

/** Files or directories are the shell's to find, the rest is looked up when it is asked for. */
export type Kind =
  | 'files'
  | 'directories'
  | 'projects'
  | 'contexts'
  | 'debuggers'
  | 'pythons'
  | 'breakpoints'
  | 'services'
  | 'networks';

export interface Candidate {
  /** The whole word. */
  readonly value: string;
  readonly description: string;
}

/** What may stand where the cursor is. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Looked up by the caller, each with `prefix` in front; undefined: nothing. */
  readonly kind: Kind | undefined;
  /** `--option=`, where the value stands in the same word. */
  readonly prefix: string;
}

/** What values are, by the name of the option or argument; one with choices says so itself. */
const KINDS: Readonly<Record<string, Kind>> = {
  apacheConfig: 'files',
  app: 'files',
  archive: 'files',
  break: 'files',
  command: 'files',
  context: 'contexts',
  coverageDirectory: 'directories',
  debugger: 'debuggers',
  directory: 'directories',
  envFile: 'files',
  file: 'files',
  'file|directory': 'files',
  network: 'networks',
  output: 'directories',
  place: 'breakpoints',
  profilerDirectory: 'directories',
  projectDirectory: 'directories',
  projectName: 'projects',
  python: 'pythons',
  record: 'files',
  recorderDirectory: 'directories',
  scenarios: 'files',
  service: 'services',
  workdir: 'directories',
};

/** What a command line has come to, up to the word that is typed. */
interface Position {
  readonly command: Command;
  readonly positionals: number;
  /** The option whose value is next. */
  readonly awaiting: Option | undefined;
  /** What follows belongs to a command that is run, or stands behind `--`. */
  readonly options: boolean;
  /** `help` stands before it. */
  readonly help: boolean;
}

/** What may stand in the place of the last of `words`, which are what follows the program's name. */
export function complete(program: Command, words: readonly string[]): Completion {
  const word = words.at(-1) ?? '';
  const position = walk(program, words.slice(0, -1));
  const { command, awaiting } = position;
  if (awaiting !== undefined && takes(awaiting, word)) return valuesOf(awaiting, awaiting.attributeName(), word, '');
  const [, name, value] = (position.options && /^(--[^=]+)=(.*)$/s.exec(word)) || [];
  if (name !== undefined) {
    const option = optionOf(command, name);
    return option === undefined ? nothing : valuesOf(option, option.attributeName(), value ?? '', `${name}=`);
  }
  if (position.options && word.startsWith('-')) return found(optionsOf(command), word);
  if (position.help) return found(commandsOf(command), word);
  const commands = position.positionals === 0 && position.options ? found(commandsOf(command), word) : nothing;
  const argument = argumentAt(command, position.positionals);
  if (argument === undefined) return commands;
  const values = valuesOf(argument, argument.name(), word, '');
  return { ...values, candidates: [...commands.candidates, ...values.candidates] };
}

const nothing: Completion = { candidates: [], kind: undefined, prefix: '' };

function walk(program: Command, words: readonly string[]): Position {
  let command = program;
  let positionals = 0;
  let awaiting: Option | undefined;
  let options = true;
  let help = false;
  for (const word of words) {
    const taken = awaiting !== undefined && takes(awaiting, word);
    awaiting = undefined;
    if (taken) continue;
    if (word === '--' && options) options = false;
    else if (options && word.startsWith('-')) {
      const option = optionOf(command, word);
      awaiting = option?.required || option?.optional ? option : undefined;
    } else {
      const below = positionals === 0 && options ? named(command, word) : undefined;
      if (below?.name() === 'help') help = true;
      else if (below !== undefined) command = below;
      else {
        positionals += 1;
        // What follows the command of `exec` and `run` is that command's.
        if (runsCommands(command)) options = false;
      }
    }
  }
  return { command, positionals, awaiting, options, help };
}

/** Whether `word` is the value of `option`: one that needs none has none where another option follows. */
function takes(option: Option, word: string): boolean {
  return option.required || !word.startsWith('-');
}

function runsCommands(command: Command): boolean {
  return command.registeredArguments.some((one) => one.name() === 'command');
}

function valuesOf(of: Option | Argument, name: string, word: string, prefix: string): Completion {
  const { argChoices } = of;
  if (argChoices === undefined) return { candidates: [], kind: KINDS[name], prefix };
  const candidates = argChoices.map((choice) => ({ value: `${prefix}${choice}`, description: '' }));
  return { ...found(candidates, `${prefix}${word}`), prefix };
}

function argumentAt({ registeredArguments }: Command, at: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[at] ?? (last?.variadic ? last : undefined);
}

function optionOf(command: Command, word: string): Option | undefined {
  return command.options.find(({ short, long }) => word === short || word === long);
}

function named(command: Command, word: string): Command | undefined {
  return command.commands.find((one) => one.name() === word || one.aliases().includes(word));
}

/** Those that help shows, and behind them the global ones, which a command has too. */
function optionsOf(command: Command): readonly Candidate[] {
  const all = command.createHelp().visibleOptions(command);
  const globals = command.parent === null ? [] : globalsOf(command);
  return [...all, ...globals].flatMap(({ long, short, description }) => {
    const value = long ?? short;
    return value === undefined ? [] : [{ value, description }];
  });
}

function globalsOf(command: Command): readonly Option[] {
  let program = command;
  while (program.parent !== null) program = program.parent;
  const names = new Set(program.options.map((one) => one.long));
  return command.options.filter((one) => one.hidden && names.has(one.long));
}

function commandsOf(command: Command): readonly Candidate[] {
  const shown = new Set(command.createHelp().visibleCommands(command));
  return commandsBelow(command)
    .filter((one) => one.parent === command && shown.has(one))
    .map((one) => ({ value: one.name(), description: one.description() }));
}

function found(candidates: readonly Candidate[], word: string): Completion {
  return { ...nothing, candidates: candidates.filter(({ value }) => value.startsWith(word)) };
}
