import { join } from 'node:path';
import type { Command } from 'commander';
import type { Flags } from '../config/flags.ts';
import type { ImageRequest } from '../project/image.ts';
import type { Context } from './context.ts';
import { progressOption, pullOption } from './image-options.ts';
import { resolveJoined } from './joined.ts';

interface LockOptions extends Flags {
  readonly cache: boolean;
  readonly pull: ImageRequest['pull'];
  readonly progress: ImageRequest['progress'];
}

/** Declares `lock`. */
export function declareLock(program: Command, context: () => Context): void {
  program
    .command('lock')
    .description("write wsgi-dev.lock: what the project's image is made of, to the version")
    .option('--no-cache', 'build it anew first, with the newest versions that fit')
    .addOption(pullOption())
    .addOption(progressOption())
    .option('--app <target>', 'module:callable, module:factory() or a script file')
    .option('--python <x.y>', 'the Python to run it with')
    .option('--image <ref>', 'build on this image (Debian or Ubuntu) and its Python')
    .option('--service <name>', 'for the place of this service of the compose file')
    .option('--devcontainer', "take devcontainer.json's image")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev lock && wsgi-dev ci --frozen scenarios/')
    .action((options: LockOptions) => lock(context(), options));
}

async function lock(context: Context, options: LockOptions): Promise<void> {
  const { config } = await resolveJoined(context, options, {
    build: 'missing',
    pull: options.pull,
    mounts: false,
    application: options.app !== undefined,
  });
  const [engine, { lockOf }, { writeLock }, { renderLock }, { LOCK_FILE }] = await Promise.all([
    context.engine(),
    import('../project/locking.ts'),
    import('../project/lock-file.ts'),
    import('../plan/lock.ts'),
    import('../plan/locked.ts'),
  ]);
  const { cache, pull, progress } = options;
  const made = await lockOf(engine, config, { noCache: !cache, pull, progress }, context);
  const written = await writeLock(config.directory, renderLock(made));
  const { apt, pip } = made;
  context.out.info(
    `${written ? 'Locked' : 'Unchanged'}: Python ${made.python}, ${apt.length} Debian packages, ${pip.length} from pip`,
  );
  context.out.result(join(config.directory, LOCK_FILE));
}
