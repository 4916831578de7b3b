import { createHash } from 'node:crypto';
import { posix, relative, sep } from 'node:path';
import type { Config } from '../config/config.ts';
import { isInside } from '../config/text.ts';
import type { ContextFile } from '../plan/plan.ts';
import { readSource } from '../project/source.ts';
import { isSecretName } from './secrets.ts';

/**
 * The files of a project, paths from its directory; `ofRoot`: those of its root, where they were read already. A root
 * that is a git submodule isn't listed by the project's own git.
 */
export async function projectFiles(
  { directory, root }: Pick<Config, 'directory' | 'root'>,
  ofRoot?: readonly ContextFile[],
): Promise<readonly ContextFile[]> {
  const inner = ofRoot ?? (await readSource(root));
  if (root === directory) return inner;
  const way = wayTo(directory, root);
  const below = inner.map((file) => ({ ...file, path: posix.join(way, file.path) }));
  const all = [...(await readSource(directory)), ...below];
  return sorted([...new Map(all.map((file) => [file.path, file])).values()]);
}

/** Without what may be secret by its name, and without the evidence itself. */
export function handedOver(files: readonly ContextFile[], output: string | undefined): readonly ContextFile[] {
  return without(files, output).filter(({ path }) => !isSecretName(path));
}

/** Without what lies in `directory`; undefined: nothing does. */
function without(files: readonly ContextFile[], directory: string | undefined): readonly ContextFile[] {
  return directory === undefined ? files : files.filter(({ path }) => !path.startsWith(`${directory}/`));
}

/** SHA-256 over paths, modes and contents: it tells whether the source is that which was run. */
export function sourceDigest(files: readonly ContextFile[]): string {
  const whole = createHash('sha256');
  for (const { path, mode, content } of files) {
    whole.update(`${JSON.stringify([path, mode, createHash('sha256').update(content).digest('hex')])}\n`);
  }
  return whole.digest('hex');
}

/** A directory inside of another, as the way to it with "/"; undefined: outside. */
export function wayInside(directory: string, path: string): string | undefined {
  return path !== directory && isInside(path, directory) ? wayTo(directory, path) : undefined;
}

/** The way from a directory to a path, with "/". */
export function wayTo(directory: string, path: string): string {
  return relative(directory, path).split(sep).join(posix.sep);
}

/** By path, the same on every machine. */
export function sorted<T extends { readonly path: string }>(files: readonly T[]): readonly T[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
