import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import type { CommandSession } from '../engine/engine.ts';
import { processTerminal } from '../session/terminal.ts';
import { collect } from './arguments.ts';
import type { Context } from './context.ts';

/** What 'a command in a container' may be told, in `exec`, `run` and `shell`. */
export interface InsideOptions {
  readonly tty: boolean;
  readonly env?: readonly string[];
  readonly envFile?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
}

/** 128 + SIGPIPE: whoever read the output has seen enough. */
const PIPE_CLOSED = 141;

/** Declares these options; what docker is told so that there is a terminal is taken too, as there is one anyway. */
export function insideOptions(command: Command): Command {
  return command
    .option('-T, --no-tty', 'no terminal, even on one')
    .addOption(new Option('-t, --tty').hideHelp())
    .addOption(new Option('-i, --interactive').hideHelp())
    .option('-e, --env <key=val>', 'set an environment variable', collect)
    .option('--env-file <file>', 'read environment variables from a file', collect)
    .option('-u, --user <uid[:gid]>', 'as this user')
    .option('-w, --workdir <directory>', 'in this directory of the container');
}

/** Connects this process to a command until that has ended; resolves with the exit code. */
export async function connected(
  context: Pick<Context, 'stdin' | 'stdout' | 'stderr'>,
  session: CommandSession,
  tty: boolean,
): Promise<number> {
  try {
    return await (tty ? onTerminal(context, session) : piped(context, session));
  } catch (error) {
    // `| head` closes it early, and a window that is closed can't be written to.
    if (!['EPIPE', 'EIO'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    session.stream.destroy();
    return PIPE_CLOSED;
  }
}

type Streams = Parameters<typeof connected>[0];

async function onTerminal({ stdin, stdout, stderr }: Streams, session: CommandSession): Promise<number> {
  const terminal = processTerminal(stdin, stdout, stderr);
  terminal.raw();
  const send = (chunk: Buffer): void => void (session.stream.writable && session.stream.write(chunk));
  try {
    // A command that is just ending can't be resized, and needn't be.
    const resize = (): void => void session.resize(terminal.size).catch(() => undefined);
    terminal.onResize(resize);
    resize();
    // The window was closed: SIGHUP says the same.
    stdin.on('data', send).on('error', () => undefined);
    stdin.resume();
    await copy(session, stdout, stderr);
    return await session.exitCode();
  } finally {
    stdin.off('data', send);
    terminal.restore();
  }
}

async function piped({ stdin, stdout, stderr }: Streams, session: CommandSession): Promise<number> {
  stdin.pipe(session.stream);
  try {
    await copy(session, stdout, stderr);
  } finally {
    stdin.unpipe(session.stream);
    stdin.pause();
  }
  return await session.exitCode();
}

/** On a terminal too there may be a stderr: the engine's word on a command that could not be started. */
async function copy(
  session: CommandSession,
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
): Promise<void> {
  await Promise.all([
    pipeline(session.stdout, stdout, { end: false }),
    session.stderr && pipeline(session.stderr, stderr, { end: false }),
  ]);
}
