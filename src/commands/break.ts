import type { Command } from 'commander';
import { parseBreak } from '../config/parsers.ts';
import { ExitCode, Fault } from '../errors.ts';
import { runningContainer, stateOf } from '../project/container.ts';
import { readBreaks, readState, writeBreaks } from '../project/state.ts';
import type { Context } from './context.ts';

/** Declares `break`. */
export function declareBreak(program: Command, context: () => Context): void {
  program
    .command('break')
    .description('list, set and clear breakpoints of the running debug server; they hold from the next request on')
    .argument('[place]', 'FILE:LINE or MODULE:FUNCTION[ if EXPR]')
    .option('--clear', 'take this breakpoint away; without a place, all')
    .addHelpText('after', "\nExample:\n  $ wsgi-dev break 'shop/views.py:42 if total > 10'")
    .action((place: string | undefined, { clear }: { readonly clear?: boolean }) =>
      run(context(), place, clear === true),
    );
}

async function run(context: Context, place: string | undefined, clear: boolean): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const directory = stateOf(await runningContainer(engine, project), project);
  const state = await readState(directory);
  if (state?.mode !== 'debug') {
    throw new Fault(`${project.name} runs in serve mode, where nothing can stop`, {
      hint: 'Switch with `wsgi-dev up --debug`.',
    });
  }
  if (state.debugger === 'debugpy') {
    throw new Fault(`The breakpoints of ${project.name} are the editor's: its debugger is debugpy`, {
      hint: 'Set them in the editor, or start it with another --debugger.',
    });
  }
  const set = await readBreaks(directory);
  const wanted = clear
    ? place === undefined
      ? []
      : without(set, place)
    : place === undefined
      ? set
      : [...without(set, place, false), checked(place)];
  if (wanted !== set) await writeBreaks(directory, wanted);
  for (const one of wanted) context.out.result(one);
}

/** `set` less the breakpoint at `place`; a Fault when it must be there and isn't. */
function without(set: readonly string[], place: string, required = true): readonly string[] {
  const rest = set.filter((one) => one !== place.trim() && !one.startsWith(`${place.trim()} if `));
  if (required && rest.length === set.length) {
    throw new Fault(`No breakpoint is set at ${place}`, { hint: 'List them with `wsgi-dev break`.' });
  }
  return rest;
}

function checked(place: string): string {
  const result = parseBreak(place);
  if ('value' in result) return result.value;
  throw new Fault(`${place}: ${result.fault}`, { code: ExitCode.usage });
}
