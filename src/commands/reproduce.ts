import { readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { shown } from '../config/text.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Manifest } from '../handover/manifest.ts';
import type { PreparedAgain } from '../handover/prepare.ts';
import { collect } from './arguments.ts';
import type { Context } from './context.ts';
import { detachKeysOption } from './terminal.ts';

interface ReproduceOptions {
  readonly interactive?: boolean;
  readonly output?: string;
  readonly directory?: string;
  readonly env?: readonly string[];
  readonly detachKeys: Buffer;
}

/** Declares `reproduce`. */
export function declareReproduce(program: Command, context: () => Context): void {
  program
    .command('reproduce')
    .description('run what `wsgi-dev ci pack` has packed, and compare')
    .argument('<archive>', 'it brings code of its own, which runs in a container here: of whom you trust')
    .option('-i, --interactive', 'then stand where it failed, or at its last stop, on this terminal')
    .option('--directory <directory>', 'a new one, for its files (default: named after the archive, here)')
    .option('--output <directory>', 'where the evidence goes (default: .wsgi-dev/report in that directory)')
    .option('-e, --env <key[=val]>', 'a variable that its configuration may read; of yours it sees no other', collect)
    .addOption(detachKeysOption())
    .addHelpText('after', '\nExample:\n  $ wsgi-dev reproduce two-items-add-up.tar.gz --interactive')
    .action((archive: string, options: ReproduceOptions) => reproduce(context(), archive, options));
}

async function reproduce(context: Context, path: string, options: ReproduceOptions): Promise<void> {
  const { cwd, out } = context;
  const file = resolve(cwd, path);
  const [{ readArchive, LIMITS }, { contentsOf, unpack }, { prepareAgain }] = await Promise.all([
    import('../handover/archive.ts'),
    import('../handover/unpack.ts'),
    import('../handover/prepare.ts'),
  ]);
  const archive = await readArchive(bytesOf(file, path, LIMITS.packed), path);
  const contents = contentsOf(archive, path);
  const target = resolve(cwd, options.directory ?? (basename(file).replace(/\.(tar\.gz|tgz)$/, '') || 'reproduced'));
  const directory = unpack(archive, contents, target);
  let again: PreparedAgain;
  try {
    const settings = { given: givenOf(options.env ?? [], context.env), cwd, projectName: context.flags.projectName };
    again = await prepareAgain(archive.manifest, contents, directory, settings);
  } catch (error) {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  }
  again.notices.forEach(out.info);
  await warn(context, path, archive.manifest, shown(directory, cwd));
  const output = options.output === undefined ? join(directory, '.wsgi-dev/report') : resolve(cwd, options.output);
  const { runAgain } = await import('./reproduce-run.ts');
  const { interactive = false, detachKeys } = options;
  await runAgain(context, { again, contents, manifest: archive.manifest, output, interactive, detachKeys });
}

function bytesOf(file: string, path: string, most: number): Buffer {
  const wrong = (why: string): Fault => new Fault(`${path}: ${why}`, { code: ExitCode.usage });
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw wrong('there is no such file');
  if (!stat.isFile()) throw wrong('is no archive: it is not a file');
  if (stat.size > most) throw wrong('is too large for an archive of `wsgi-dev ci pack`');
  try {
    return readFileSync(file);
  } catch (error) {
    throw wrong(`can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function givenOf(entries: readonly string[], env: Context['env']): Readonly<Record<string, string>> {
  const pairs = entries.map((entry): readonly [string, string | undefined] => {
    const at = entry.indexOf('=');
    return at === -1 ? [entry, env[entry]] : [entry.slice(0, at), entry.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Whose code it is that is about to run, in a line; and what is not with it. */
async function warn({ out }: Context, path: string, manifest: Manifest, directory: string): Promise<void> {
  const { printed } = await import('../handover/manifest.ts');
  const { project, revision, wsgiDev, leftOut } = manifest;
  const origin = [project, ...(revision === undefined ? [] : [`at ${revision.description}`])].join(' ');
  out.warn(
    `${path} is code from elsewhere (${printed(`${origin}, packed by wsgi-dev ${wsgiDev}`)}): it is in ${directory} ` +
      'and runs in a container, unprivileged, which may reach the network',
  );
  if (leftOut.length > 0) out.warn(`Not in it, as they may hold secrets: ${printed(leftOut.join(', '), 2000)}`);
}
