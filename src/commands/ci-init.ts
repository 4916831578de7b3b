import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { ExitCode, Fault } from '../errors.ts';
import { LOCK_FILE } from '../plan/locked.ts';
import { type CiKind, ciFile, ciKinds } from '../scenario/suite/ci-files.ts';
import { unwritten } from '../unwritten.ts';
import type { Context } from './context.ts';

interface CiInitOptions {
  readonly scenarios: string;
  readonly force?: boolean;
}

/** Declares `ci init` below `ci`. */
export function declareCiInit(ci: Command, context: () => Context): void {
  ci.command('init')
    .description('write the configuration that makes a CI run the scenarios')
    .argument('[kind...]', `which: ${ciKinds.join(', ')} (default: the one that the project has)`, kindOf)
    .option('--scenarios <path>', 'what it runs', '.')
    .option('--force', 'over a file that is there')
    .addHelpText('after', '\nExample:\n  $ wsgi-dev ci init github make')
    .action((kinds: readonly CiKind[], options: CiInitOptions) => init(context(), kinds, options));
}

function kindOf(text: string, before: readonly CiKind[] = []): readonly CiKind[] {
  const kind = ciKinds.find((one) => one === text);
  if (kind !== undefined) return [...before, kind];
  throw new InvalidArgumentError(`Allowed choices are ${ciKinds.join(', ')}.`);
}

/** Writes what isn't there; where something is, the text to add goes to stdout, and the exit code is 2. */
async function init(context: Context, named: readonly CiKind[], options: CiInitOptions): Promise<void> {
  const { directory } = await context.project();
  const kinds = named.length > 0 ? named : [present(directory)];
  const setup = {
    version: context.version,
    scenarios: [options.scenarios],
    frozen: existsSync(join(directory, LOCK_FILE)),
  };
  const files = kinds.map((kind) => ciFile(kind, setup));
  const kept: string[] = [];
  for (const { path, content, merge } of files) {
    const file = join(directory, path);
    if (existsSync(file) && !options.force) {
      kept.push(`${path} (${merge.charAt(0).toLowerCase()}${merge.slice(1)})`);
      context.out.result(content);
      continue;
    }
    write(file, content);
    context.out.info(`Wrote ${path}`);
  }
  if (kept.length === 0) return;
  throw new Fault(`Left as it is: ${kept.join(', ')}`, {
    code: ExitCode.usage,
    hint: 'The text to add stands above; --force writes over the file.',
  });
}

function write(file: string, content: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  } catch (error) {
    throw unwritten(file, error);
  }
}

/** The CI that the project has, by its files, else by where it is pushed to. */
function present(directory: string): CiKind {
  if (existsSync(join(directory, '.github'))) return 'github';
  if (existsSync(join(directory, '.gitlab-ci.yml'))) return 'gitlab';
  try {
    const remote = execFileSync('git', ['remote', '-v'], { cwd: directory, encoding: 'utf8', stdio: 'pipe' });
    return /gitlab/.test(remote) ? 'gitlab' : 'github';
  } catch {
    return 'github';
  }
}
