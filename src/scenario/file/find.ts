import { type Dirent, readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { didYouMean, type Problem } from '../../config/problems.ts';
import { kindOf } from '../../config/text.ts';

/** The files of scenarios, absolute and sorted, each once; and what is wrong with the arguments. */
export interface FoundScenarios {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

const suffix = /\.scenario\.ya?ml$/;
const foreign = ['node_modules', '.git', '.wsgi-dev', '__pycache__'];

/** Files as they are named, directories for the *.scenario.yaml in them. Links to directories are followed only here. */
export function findScenarios(paths: readonly string[], cwd: string): FoundScenarios {
  const found = paths.map((path) => findOne(path, cwd));
  const files = found.flatMap((one) => one.files);
  return {
    files: [...new Map(files.map((file) => [realpathSync(file), file])).values()].sort(byText),
    problems: found.flatMap((one) => one.problems),
  };
}

function findOne(path: string, cwd: string): FoundScenarios {
  const absolute = resolve(cwd, path);
  const kind = kindOf(absolute);
  if (kind === 'file') return { files: [absolute], problems: [] };
  if (path === '') return { files: [], problems: [{ where: '""', message: 'expected a file or a directory' }] };
  if (kind !== 'directory') return { files: [], problems: [{ where: path, message: missing(absolute, kind) }] };
  const problems: Problem[] = [];
  const files = below(absolute, path, problems);
  if (files.length > 0 || problems.length > 0) return { files, problems };
  return { files, problems: [{ where: path, message: 'holds no *.scenario.yaml, at no depth' }] };
}

function missing(path: string, kind: 'other' | undefined): string {
  if (kind === 'other') return 'is neither a file nor a directory';
  const names = entries(dirname(path)).entries.map(({ name }) => name);
  return `does not exist${didYouMean(basename(path), names)}`;
}

function below(directory: string, shown: string, problems: Problem[]): readonly string[] {
  const { entries: all, fault } = entries(directory);
  if (fault !== undefined) problems.push({ where: shown, message: fault });
  // A virtual environment holds other people's files.
  if (all.some(({ name }) => name === 'pyvenv.cfg')) return [];
  return all.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return foreign.includes(entry.name) ? [] : below(path, join(shown, entry.name), problems);
    return suffix.test(entry.name) && kindOf(path) === 'file' ? [path] : [];
  });
}

function entries(directory: string): { readonly entries: readonly Dirent[]; readonly fault?: string } {
  try {
    return { entries: readdirSync(directory, { withFileTypes: true }) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { entries: [], fault: `can't be read${code === 'EACCES' ? ': permission denied' : ` (${code})`}` };
  }
}

/** The same on every machine, whatever its language. */
function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
