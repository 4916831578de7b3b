import type { Command } from 'commander';
import type { Flags } from '../config/flags.ts';
import type { ImageRequest } from '../project/image.ts';
import type { Context } from './context.ts';
import { progressOption, pullOption } from './image-options.ts';
import { resolveJoined } from './joined.ts';

interface BuildOptions extends Flags {
  readonly cache: boolean;
  readonly pull: ImageRequest['pull'];
  readonly progress: ImageRequest['progress'];
  readonly frozen?: boolean;
}

/** Declares `build`. */
export function declareBuild(program: Command, context: () => Context): void {
  program
    .command('build')
    .description("build the project's image")
    .option('--no-cache', 'every step anew')
    .option('--frozen', 'from wsgi-dev.lock, and refuse whatever differs from it')
    .addOption(pullOption('[when]').preset('always'))
    .addOption(progressOption())
    .option('--app <target>', 'module:callable, module:factory() or a script file')
    .option('--python <x.y>', 'the Python to run it with')
    .option('--image <ref>', 'build on this image (Debian or Ubuntu) and its Python')
    .option('--service <name>', 'for the place of this service of the compose file')
    .option('--devcontainer', "take devcontainer.json's image and environment")
    .option('--no-devcontainer', 'leave it out (default: taken where the devcontainer CLI is there)')
    .option('--debugger <name>', 'the debugger that is put into it: pdb (default), ipdb, pudb or debugpy')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev build --no-cache')
    .action((options: BuildOptions) => build(context(), options));
}

async function build(context: Context, options: BuildOptions): Promise<void> {
  const { config } = await resolveJoined(context, options, {
    build: 'missing',
    pull: options.pull,
    frozen: options.frozen === true,
    mounts: false,
    application: options.app !== undefined,
  });
  const { ensureImage } = await import('../project/image.ts');
  const { cache, pull, progress, frozen = false } = options;
  // The engine's own cache makes an unchanged image cheap; a tag that is there is looked at all the same.
  const request = { build: 'always', noCache: !cache, pull, progress, frozen } as const;
  context.out.result(await ensureImage(await context.engine(), config, request, context));
}
