import { type Command, Option } from 'commander';
import type { ContainerInfo } from '../engine/engine.ts';
import { findServer, shownUrl, stateOf } from '../project/container.ts';
import { type Paused, type RunnerState, readPaused, readState, readWaiting } from '../project/state.ts';
import type { Context } from './context.ts';

interface PsOptions {
  readonly all?: boolean;
  readonly quiet?: boolean;
  readonly format: 'table' | 'json';
}

/** One row of `ps`, as --format json prints it. */
interface Row {
  readonly project: string;
  readonly container: string;
  readonly name: string;
  /** running, paused (at a prompt), starting, failed (the application could not be loaded), or the engine's word. */
  readonly state: string;
  readonly status: string;
  readonly mode: string | null;
  readonly url: string | null;
  /** `waiting`: how many requests wait behind the one that is stopped. */
  readonly paused: (Pick<Paused, 'file' | 'line' | 'function'> & { readonly waiting: number }) | null;
}

/** Declares `ps`. */
export function declarePs(program: Command, context: () => Context): void {
  program
    .command('ps')
    .description('what runs here: state, mode, URL, and where the debugger stands')
    .option('-a, --all', 'also when it is stopped')
    .option('-q, --quiet', 'the container id only')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addHelpText('after', '\nExample:\n  $ wsgi-dev ps --format json')
    .action((options: PsOptions) => ps(context(), options));
}

async function ps(context: Context, { all, quiet, format }: PsOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await findServer(engine, project);
  const shown = container !== undefined && (all || container.state === 'running') ? [container] : [];
  const directory = container && stateOf(container, project);
  const [state, paused, waiting] = directory
    ? await Promise.all([readState(directory), readPaused(directory), readWaiting(directory)])
    : [undefined, undefined, 0];
  const rows = shown.map((info) => row(project.name, info, state, paused && { ...paused, waiting }));
  const { out } = context;
  if (quiet) for (const { container: id } of rows) out.result(id);
  else if (format === 'json') for (const one of rows) out.result(JSON.stringify(one));
  else for (const line of table(rows)) out.result(line);
}

function row(
  project: string,
  info: ContainerInfo,
  state: RunnerState | undefined,
  paused: (Paused & { readonly waiting: number }) | undefined,
): Row {
  const common = { project, container: info.id, name: info.name };
  if (info.state !== 'running' || state === undefined) {
    return { ...common, state: info.state, status: info.status, mode: null, url: null, paused: null };
  }
  const { mode, phase } = state;
  const url = shownUrl(info, state.url) ?? null;
  if (paused !== undefined) {
    const { file, line, function: name, waiting } = paused;
    const behind = waiting === 0 ? '' : `, ${waiting} more ${waiting === 1 ? 'waits' : 'wait'}`;
    return {
      ...common,
      state: 'paused',
      status: `paused at ${file}:${line}${behind}`,
      mode,
      url,
      paused: { file, line, function: name, waiting },
    };
  }
  const running = phase === 'ready' ? 'running' : phase;
  return { ...common, state: running, status: phase === 'ready' ? info.status : phase, mode, url, paused: null };
}

function table(rows: readonly Row[]): readonly string[] {
  const cells = rows.map(({ name, mode, url, status }) => [name, mode ?? '-', url ?? '-', status]);
  const all = [['NAME', 'MODE', 'URL', 'STATUS'], ...cells];
  const width = (column: number): number => Math.max(...all.map((line) => line[column]?.length ?? 0));
  return all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(width(column)))
      .join('  ')
      .trimEnd(),
  );
}
