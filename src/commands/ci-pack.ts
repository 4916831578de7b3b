import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { shown } from '../config/text.ts';
import type { Context } from './context.ts';

/** Declares `ci pack` below `ci`. */
export function declareCiPack(ci: Command, context: () => Context): void {
  ci.command('pack')
    .description('make an archive of a scenario that was run, for `wsgi-dev reproduce`')
    .argument('<directory>', 'its evidence: DIR/NAME of `ci --output DIR`, or DIR for the one that failed')
    .option('-o, --output <file>', 'the archive (default: NAME.tar.gz beside it)')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev ci pack .wsgi-dev/report/two-items-add-up')
    .action((directory: string, options: { readonly output?: string }) => pack(context(), directory, options.output));
}

async function pack(context: Context, directory: string, output: string | undefined): Promise<void> {
  const [{ findEvidence }, { packScenario }] = await Promise.all([
    import('../handover/evidence.ts'),
    import('../handover/pack.ts'),
  ]);
  const { cwd, env, version, flags, out } = context;
  const evidence = findEvidence(resolve(cwd, directory));
  const project = flags.projectDirectory === undefined ? undefined : resolve(cwd, flags.projectDirectory);
  const { bytes, manifest } = await packScenario({ evidence, project, env, cwd, version });
  const file = output === undefined ? `${evidence.directory}.tar.gz` : resolve(cwd, output);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
  if (manifest.leftOut.length > 0) out.warn(`Left out, as they may hold secrets: ${manifest.leftOut.join(', ')}`);
  out.info('What the application printed and the values of its names are in it: look before you hand it over');
  out.result(shown(file, cwd));
}
