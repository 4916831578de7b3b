import { finished } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Fault } from '../errors.ts';
import { label } from '../plan/labels.ts';
import { findServer } from '../project/container.ts';
import { eventFilter } from '../session/events.ts';
import { wholeNumber } from './arguments.ts';
import type { Context } from './context.ts';
import { skipLines, stampedLines, windowFor } from './log-lines.ts';

interface LogsOptions {
  readonly follow?: boolean;
  readonly tail?: number | 'all';
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
    .option('-n, --tail <lines>', 'only the last lines; all', lineCount)
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
  const nonce = container.labels[label.nonce] ?? '';
  const asked = { since, until };
  const window = await windowFor(tail === 'all' ? undefined : tail, nonce, (last) =>
    engine.logs(container.id, { ...asked, tail: last, follow: false, timestamps: false }),
  );
  const stream = await engine.logs(container.id, {
    ...asked,
    tail: window.tail,
    follow: follow === true,
    timestamps: timestamps === true,
  });
  const { stdout } = context;
  let enough = false;
  // `| head` closes it early: enough was read.
  stdout.on('error', () => {
    enough = true;
    stream.destroy();
  });
  const print = skipLines(window.skip, (text) => {
    if (stdout.write(text, 'latin1')) return;
    stream.pause();
    stdout.once('drain', () => stream.resume());
  });
  const lines = timestamps ? stampedLines(print) : { push: print, end: () => undefined };
  const filter = eventFilter(nonce, { data: (chunk) => lines.push(toLines(chunk)), event: () => undefined });
  stream.on('data', filter.push);
  try {
    await finished(stream, { writable: false });
  } catch (error) {
    if (!enough) throw error;
  }
  filter.end();
  lines.end();
}

/** A terminal's line ends become a file's. */
function toLines(chunk: Buffer): string {
  return chunk.toString('latin1').replaceAll('\r\n', '\n');
}

function lineCount(text: string): number | 'all' {
  return text === 'all' ? text : wholeNumber('lines')(text);
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
