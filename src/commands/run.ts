import type { Command } from 'commander';
import type { Flags } from '../config/flags.ts';
import type { OnceSession } from '../engine/engine.ts';
import type { ImageRequest } from '../project/image.ts';
import { processTerminal } from '../session/terminal.ts';
import type { Context } from './context.ts';
import { pullOption } from './image-options.ts';
import { connected, type InsideOptions, insideOptions } from './inside.ts';
import { resolveJoined } from './joined.ts';
import { isTerminal, personsTerm } from './terminal.ts';

interface RunOptions
  extends InsideOptions,
    Pick<Flags, 'python' | 'image' | 'service' | 'devcontainer' | 'network' | 'debugger' | 'postMortem'> {
  readonly build?: boolean;
  readonly frozen?: boolean;
  readonly pull: ImageRequest['pull'];
  readonly debug?: boolean;
}

/** What a person may send a command, and so may whoever started this process. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** Declares `run`. */
export function declareRun(program: Command, context: () => Context): void {
  insideOptions(program.command('run'))
    .description("run a command in a container of its own, with the project's image, mounts and environment")
    .argument('<command...>', 'the command and its arguments')
    .option('--debug', 'breakpoint(), pytest --pdb and exceptions open the debugger, with its history')
    .option('--debugger <name>', 'with --debug: pdb (default), ipdb or pudb')
    .option('--no-post-mortem', 'with --debug: an exception that ends the command does not stop')
    .option('--python <x.y>', 'the Python to run it with')
    .option('--image <ref>', 'build on this image (Debian or Ubuntu) and its Python')
    .option('--service <name>', 'among the services of the compose file, with all that this one has')
    .option('--devcontainer', "take devcontainer.json's image and environment")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .option('--network <name>', 'host, or a network of the engine')
    .option('--build', 'build the image even if it is there')
    .option('--no-build', 'never build: fail when the image is missing')
    .option('--frozen', 'the image of wsgi-dev.lock, and refuse whatever differs from it')
    .addOption(pullOption())
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nExample:\n  $ wsgi-dev run python manage.py migrate\n  $ wsgi-dev run --debug pytest --pdb tests',
    )
    .action((command: readonly string[], options: RunOptions) => runOnce(context(), command, options));
}

/** Runs `command` in a container of its own, and ends with its exit code. */
export async function runOnce(context: Context, command: readonly string[], options: RunOptions): Promise<void> {
  const { stdin, stdout, stderr, env } = context;
  // As `up`, but for --user, which here is the command's alone: the project's files stay its owner's.
  const { user, postMortem, ...flags } = options;
  const wanted = { ...flags, ...(postMortem === false && { postMortem }) };
  const build = options.build === undefined ? 'missing' : options.build ? 'always' : 'never';
  const { config, neighbours } = await resolveJoined(context, wanted, {
    build,
    pull: options.pull,
    frozen: options.frozen === true,
    mounts: true,
    application: false,
    visiting: true,
  });
  const engine = await context.engine();
  await neighbours?.ready(undefined);
  const [{ startOnce }, { shutOut, watchDenials }] = await Promise.all([
    import('../project/once.ts'),
    import('./shut-out.ts'),
  ]);
  const tty = options.tty && isTerminal(context);
  const session = await startOnce({
    engine,
    config,
    surroundings: context,
    image: {
      build,
      noCache: false,
      pull: options.pull,
      progress: 'auto',
      frozen: options.frozen === true,
    },
    command,
    tty: tty ? processTerminal(stdin, stdout, stderr).size : undefined,
    term: tty ? personsTerm(env.TERM) : 'dumb',
    user,
    workingDir: options.workdir,
  });
  const denied = watchDenials(session);
  const release = forward(session, (signal) => engine.signal(session.id, signal));
  try {
    const code = await connected(context, session, tty);
    context.exit(code);
    // 126 and 127: it was not even started.
    const failed = code !== 0 && code !== 126 && code !== 127;
    if (failed && user === undefined && denied()) (await shutOut(config)).forEach(context.out.info);
  } finally {
    release();
    // It has removed itself, unless whoever read it has gone.
    await engine.remove(session.id, { volumes: true });
  }
}

/** Hands this process's signals on to the command until the returned function is called. */
function forward(session: OnceSession, send: (signal: string) => Promise<void>): () => void {
  const handlers = SIGNALS.map((signal) => {
    // A command that is just ending needs none.
    const handler = (): void => void send(signal).catch(() => undefined);
    process.on(signal, handler);
    return [signal, handler] as const;
  });
  // A stream that breaks off is told by whoever reads it.
  session.stream.on('error', () => undefined);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
