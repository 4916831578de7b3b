import { readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import type { JoinedService } from '../config/joined.ts';
import { listed } from '../config/parsers.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Context } from './context.ts';
import { resolveJoined } from './joined.ts';

interface InitOptions {
  readonly service?: string;
  readonly app?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** Declares `compose` and what is below it. */
export function declareCompose(program: Command, context: () => Context): void {
  program
    .command('compose')
    .description('a service of the compose file with its debugger, for docker compose alone')
    .command('init')
    .description(
      'write compose.wsgi-dev.yaml beside the compose file, and build its image (needs docker compose 2.24.4)',
    )
    .option('--service <name>', 'the service (default: compose.service of wsgi-dev.yaml)')
    .option('--app <target>', 'module:callable, module:factory() or a script file')
    .option('-y, --yes', 'change a file that is there without asking')
    .option('--force', 'the same')
    .addHelpText(
      'after',
      [
        '\nExample:',
        '  $ wsgi-dev compose init --service web',
        '  $ docker compose -f compose.yaml -f compose.wsgi-dev.yaml up -d && wsgi-dev attach',
      ].join('\n'),
    )
    .action((options: InitOptions) => init(context(), options));
}

async function init(context: Context, { yes, force, ...flags }: InitOptions): Promise<void> {
  const wish = { build: 'missing', pull: 'missing', mounts: true, byCompose: true } as const;
  const { config, obstacles } = await resolveJoined(context, { ...flags, debug: true, devcontainer: false }, wish);
  const { compose, joined, directory } = config;
  if (compose === undefined || joined === undefined) {
    throw new Fault('Which service?', {
      code: ExitCode.usage,
      hint: 'Name it with --service, or `compose: {service: web}` in wsgi-dev.yaml.',
    });
  }
  if (obstacles.length > 0) {
    throw new Fault(
      `docker compose alone can't run ${joined.service} under Apache: it has ${listed(obstacles, 'and')}`,
      {
        code: ExitCode.usage,
        hint: `Change that in the compose file; or \`wsgi-dev up --debug --service ${joined.service}\` runs it without.`,
      },
    );
  }
  const [
    { composeFiles, fileOptions, OVERLAY, textOf },
    { overlay },
    { asides },
    { validateOverlay },
    { offer },
    { runUser },
    { prepareState },
  ] = await Promise.all([
    import('../integrate/compose/file.ts'),
    import('../integrate/compose/overlay.ts'),
    import('../integrate/compose/overlay-places.ts'),
    import('../integrate/compose/validate.ts'),
    import('../integrate/offer.ts'),
    import('../project/owner.ts'),
    import('../project/state.ts'),
  ]);
  const files = composeFiles(directory, compose.files, context.env);
  const folder = dirname(files[0]);
  const user = await runUser(config);
  const values = await valuesOf(config, folder, user);
  const all = [...files, join(folder, OVERLAY)];
  // How a person who is here calls it.
  const shown = relative(context.cwd, join(folder, OVERLAY));
  const template = readFileSync(join(context.packageRoot, 'compose', OVERLAY), 'utf8');
  const content = overlay(
    template,
    textOf(join(folder, OVERLAY)),
    { ...values, files: fileOptions(folder, all) },
    shown,
  );
  const { address } = await context.engine();
  const { env, cacheDirectory } = context;
  const place = { env, directory: folder, files, flags: context.dockerFlags, address, cacheDirectory };
  await validateOverlay(place, content, shown);
  const answer = await offer(folder, [{ path: OVERLAY, shown, content }], {
    ...context,
    yes: yes === true || force === true,
  });
  if (answer === 'declined') {
    context.exit(ExitCode.failed);
    return;
  }
  for (const aside of asides(content, values))
    context.out.warn(`${shown}: ${aside}: change that, or delete it and it is written anew`);
  await prepareState(directory, user);
  await buildImage(context, config, values.image);
  await warnOfPort(context, joined, config.server.port || 8000);
  const start = `docker compose ${fileOptions(context.cwd, all)} up -d ${joined.service}`;
  context.out.info(`Start it: ${start}; then: wsgi-dev attach`);
}

async function warnOfPort({ out, engine }: Context, joined: JoinedService, hostPort: number): Promise<void> {
  const { portHolder } = await import('../integrate/compose/holder.ts');
  const held = await portHolder(await engine(), { project: joined.project, service: joined.service, hostPort });
  if (held !== undefined) out.warn(held);
}

async function valuesOf(config: Config, folder: string, user: string) {
  const { runnerSettings } = await import('../plan/settings.ts');
  const { portInside } = await import('../plan/container.ts');
  const { name, directory, root, server } = config;
  const hostPort = server.port || 8000;
  const terminal = { person: true, colors: false };
  // Its order and nonce are made at each start.
  const {
    order: _order,
    nonce: _nonce,
    ...settings
  } = runnerSettings(config, '', '', { hostPort, editorPort: undefined }, terminal);
  const below = (path: string): string => posix.join('.', relative(folder, path).split(sep).join(posix.sep));
  return {
    service: config.joined?.service ?? '',
    image: `wsgi-dev/${name}:compose`,
    settings: JSON.stringify(settings),
    port: `127.0.0.1:${hostPort}:${portInside(config)}`,
    user,
    // What begins with a dot is a path, and no volume.
    root: `${dotted(below(root))}:/app`,
    state: `${dotted(below(join(directory, '.wsgi-dev', 'run')))}:/run/wsgi-dev`,
    project: name,
  };
}

function dotted(path: string): string {
  return path.startsWith('.') ? path : `./${path}`;
}

/** The project's image, under the name that the file has for it. */
async function buildImage(context: Context, config: Config, ref: string): Promise<void> {
  const { ensureImage } = await import('../project/image.ts');
  const engine = await context.engine();
  const request = { build: 'missing', noCache: false, pull: 'missing', progress: 'auto', frozen: false } as const;
  await engine.tag(await ensureImage(engine, config, request, context), ref);
  context.out.info(`The image ${ref} is built`);
}
