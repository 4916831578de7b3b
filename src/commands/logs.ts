import { finished } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../errors.ts';
import { label } from '../plan/labels.ts';
import { findServer } from '../project/container.ts';
import { eventFilter } from '../session/events.ts';
import { wholeNumber } from './arguments.ts';
import type { Context } from './context.ts';

interface LogsOptions {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: number;
  readonly until?: number;
  readonly timestamps?: boolean;
}

/** Declares `logs`. */
export function declareLogs(program: Command, context: () => Context): void {
  program
    .command('logs')
    .description('what the server and the application printed')
    .option('-f, --follow', 'go on as more comes')
    .option('-n, --tail <lines>', 'only the last lines; all', lines)
    .option('--since <time>', 'since a time (2026-01-31T10:00:00Z) or for a while (90s, 10m, 2h)', moment)
    .option('--until <time>', 'until a time, or until a while ago', moment)
    .option('-t, --timestamps', 'with the time of each line')
    // As compose has it; there is one container, and so no prefix in colours.
    .addOption(new Option('--no-color').hideHelp())
    .addHelpText('after', '\nExample:\n  $ wsgi-dev logs -f -n 20')
    .action((options: LogsOptions) => logs(context(), options));
}

async function logs(context: Context, { follow, tail, since, until, timestamps }: LogsOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await findServer(engine, project);
  if (container === undefined) {
    throw new Fault(`${project.name} has no container, and so no logs`, { hint: 'Make one with `wsgi-dev up`.' });
  }
  const stream = await engine.logs(container.id, {
    follow: follow === true,
    tail,
    since,
    until,
    timestamps: timestamps === true,
  });
  const { stdout } = context;
  let enough = false;
  // `| head` closes it early: enough was read.
  stdout.on('error', () => {
    enough = true;
    stream.destroy();
  });
  const filter = eventFilter(container.labels[label.nonce] ?? '', {
    data(chunk) {
      if (!stdout.write(toLines(chunk), 'latin1')) {
        stream.pause();
        stdout.once('drain', () => stream.resume());
      }
    },
    event: () => undefined,
  });
  stream.on('data', filter.push);
  try {
    await finished(stream, { writable: false });
  } catch (error) {
    if (!enough) throw error;
  }
  filter.end();
}

/** A terminal's line ends become a file's. */
function toLines(chunk: Buffer): string {
  return chunk.toString('latin1').replaceAll('\r\n', '\n');
}

/** How many lines; undefined: all. */
function lines(text: string): number | undefined {
  return text === 'all' ? undefined : wholeNumber('lines')(text);
}

/** A time of day or a span before now, as unix seconds. */
function moment(text: string): number {
  const span = /^(\d+)([smh])$/.exec(text);
  const unit = { s: 1, m: 60, h: 3600 }[span?.[2] ?? ''];
  if (span !== null && unit !== undefined) return Math.floor(Date.now() / 1000) - Number(span[1]) * unit;
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidArgumentError('It takes a time (2026-01-31T10:00:00Z) or a span (90s, 10m, 2h).');
  return Math.floor(time / 1000);
}
