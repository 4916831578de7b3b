import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ExecSession } from '../engine/engine.ts';
import { runningContainer } from '../project/container.ts';
import { processTerminal } from '../session/terminal.ts';
import { collect } from './arguments.ts';
import type { Context } from './context.ts';
import { isTerminal } from './terminal.ts';

interface ExecOptions {
  readonly tty: boolean;
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workdir?: string;
}

/** Declares `exec` and `shell`. */
export function declareExec(program: Command, context: () => Context): void {
  program
    .command('exec')
    .description('run a command inside the running container')
    .argument('<command...>', 'the command and its arguments')
    .option('-T, --no-tty', 'no terminal, even on one')
    .option('-e, --env <key=val>', 'set an environment variable', collect)
    .option('-u, --user <uid[:gid]>', 'as this user')
    .option('-w, --workdir <directory>', 'in this directory of the container')
    .passThroughOptions()
    .addHelpText('after', '\nExample:\n  $ wsgi-dev exec python manage.py migrate')
    .action((command: readonly string[], options: ExecOptions) => exec(context(), command, options));
  program
    .command('shell')
    .description('a shell inside the running container')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev shell')
    .action(() => exec(context(), ['/bin/bash'], { tty: true }));
}

async function exec(context: Context, command: readonly string[], options: ExecOptions): Promise<void> {
  const [engine, project] = await Promise.all([context.engine(), context.project()]);
  const container = await runningContainer(engine, project);
  const tty = options.tty && isTerminal(context);
  // A command that isn't there ends with 127, one that may not be executed with 126, as in a shell.
  const session = await engine.exec(container.id, {
    command,
    tty,
    env: [...(tty && context.env.TERM ? [`TERM=${context.env.TERM}`] : []), ...(options.env ?? [])],
    user: options.user,
    workingDir: options.workdir,
  });
  context.exit(await (tty ? onTerminal(context, session) : piped(context, session)));
}

async function onTerminal({ stdin, stdout, stderr }: Context, session: ExecSession): Promise<number> {
  const terminal = processTerminal(stdin, stdout, stderr);
  terminal.raw();
  try {
    // A command that is just ending can't be resized, and needn't be.
    const resize = (): void => void session.resize(terminal.size).catch(() => undefined);
    terminal.onResize(resize);
    resize();
    const send = (chunk: Buffer): void => void session.stream.write(chunk);
    stdin.on('data', send).resume();
    await copy(session, stdout, stderr);
    stdin.off('data', send);
    return await session.exitCode();
  } finally {
    terminal.restore();
  }
}

async function piped({ stdin, stdout, stderr }: Context, session: ExecSession): Promise<number> {
  stdin.pipe(session.stream);
  await copy(session, stdout, stderr);
  stdin.unpipe(session.stream);
  stdin.pause();
  return await session.exitCode();
}

/** On a terminal too there may be a stderr: the engine's word on a command that could not be started. */
async function copy(session: ExecSession, stdout: NodeJS.WritableStream, stderr: NodeJS.WritableStream): Promise<void> {
  await Promise.all([
    pipeline(session.stdout, stdout, { end: false }),
    session.stderr && pipeline(session.stderr, stderr, { end: false }),
  ]);
}
