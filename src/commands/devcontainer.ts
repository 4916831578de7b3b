import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { Fault } from '../errors.ts';
import type { Offered } from '../integrate/offer.ts';
import type { Context } from './context.ts';

interface InitOptions {
  readonly image?: string;
  readonly dockerfile?: boolean;
  readonly yes?: boolean;
}

/** Declares `devcontainer` and what is below it. */
export function declareDevcontainer(program: Command, context: () => Context): void {
  program
    .command('devcontainer')
    .description('the project as a devcontainer, with wsgi-dev inside')
    .command('init')
    .description('write .devcontainer/ with Apache, mod_wsgi and wsgi-dev as a Feature, or add them to yours')
    .option('--image <ref>', 'for a new one: the image it is made of, on Debian or Ubuntu')
    .option('--dockerfile', "for a new one: a Dockerfile of the project's own image, and no Feature")
    .option('-y, --yes', 'change files that are there without asking')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev devcontainer init --image python:3.12')
    .action((options: InitOptions) => init(context(), options));
}

async function init(context: Context, options: InitOptions): Promise<void> {
  const { resolveConfig } = await import('../config/resolve.ts');
  const flags = { ...context.flags, ...(options.image !== undefined && { image: options.image }) };
  const { config, notices } = await resolveConfig(flags, context.env, context.cwd, { application: false });
  notices.forEach(context.out.info);
  const [
    { offer },
    { findDevcontainer },
    { mergeDevcontainer },
    { mergeLaunch, mergeTasks },
    { featureFiles },
    { carriedCertificates },
    { DOCKERFILE, devcontainerDockerfile, isOurs, REMOTE_USER },
  ] = await Promise.all([
    import('../integrate/offer.ts'),
    import('../integrate/devcontainer/files.ts'),
    import('../integrate/devcontainer/merge.ts'),
    import('../integrate/devcontainer/editor.ts'),
    import('../integrate/devcontainer/feature.ts'),
    import('../project/certificates.ts'),
    import('../integrate/devcontainer/dockerfile.ts'),
  ]);
  const { directory, packages } = config;
  const path = findDevcontainer(directory) ?? '.devcontainer/devcontainer.json';
  const before = textOf(directory, path);
  const dockerfile = join(dirname(path), DOCKERFILE);
  const made = isOurs(textOf(directory, dockerfile));
  if (before !== undefined && !made) refuseForNew(path, options);
  const withDockerfile = options.dockerfile === true || (before !== undefined && made);
  const certificates = await carriedCertificates(config, context.env);
  const merged = mergeDevcontainer(before, path, {
    name: config.name,
    from: withDockerfile ? { dockerfile: DOCKERFILE, user: REMOTE_USER } : { image: imageOf(config) },
    port: config.server.port || 8000,
    packages: {
      files: packages.pip.map((file) => relative(directory, file).split(sep).join(posix.sep)),
      groups: packages.groups,
      extras: packages.extras,
    },
    authorities: certificates.length > 0,
  });
  const template = (): string => readFileSync(join(context.packageRoot, 'images/devcontainer/Dockerfile'), 'utf8');
  const files: readonly Offered[] = [
    { path, content: merged.text },
    ...(withDockerfile ? [{ path: dockerfile, content: devcontainerDockerfile(template(), config) }] : []),
    ...merging(directory, '.vscode/launch.json', mergeLaunch),
    ...merging(directory, '.vscode/tasks.json', mergeTasks),
    ...featureFiles(context.packageRoot, certificates),
  ];
  const answer = await offer(directory, files, { ...context, yes: options.yes === true });
  if (answer === 'declined') {
    context.exit(1);
    return;
  }
  merged.notices.forEach(context.out.warn);
  if (answer === 'written') {
    context.out.info(
      'Open it in an editor, or with `devcontainer up --workspace-folder .`; inside: wsgi-dev up --debug',
    );
  }
}

function refuseForNew(path: string, { image, dockerfile }: InitOptions): void {
  if (image !== undefined) {
    throw new Fault(`--image is for a new devcontainer, and ${path} is there`, {
      code: 2,
      hint: 'Name the image in that file, and leave --image out.',
    });
  }
  if (dockerfile === true) {
    throw new Fault(`--dockerfile is for a new devcontainer, and ${path} is there`, {
      code: 2,
      hint: 'Without it wsgi-dev is added to that one as a Feature.',
    });
  }
}

/** The image of a new devcontainer: the configured one, or the one with the configured Python. */
function imageOf({ base }: Config): string {
  if (base.kind === 'image') return base.image.value;
  return `mcr.microsoft.com/devcontainers/python:${base.python}`;
}

function merging(
  directory: string,
  path: string,
  merge: (before: string | undefined, path: string) => string,
): readonly Offered[] {
  return [{ path, content: merge(textOf(directory, path), path) }];
}

function textOf(directory: string, path: string): string | undefined {
  const file = join(directory, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
