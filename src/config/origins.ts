import type { Layer } from './layer.ts';
import type { KeyPath } from './yaml.ts';

/** One value as it was written, under the path of wsgi-dev.yaml that means the same. */
export interface Saying {
  readonly path: KeyPath;
  readonly value: unknown;
  /** "wsgi-dev.yaml:3:9", "--env TOKEN" */
  readonly where: string;
}

/** Who said what: everything merged, and what each source said, the one that decides last. */
export interface Origins {
  readonly layer: Layer;
  readonly said: readonly Saying[];
}

/** The single values of a file, lists and maps taken apart. */
export function leavesOf(value: unknown, where: (path: KeyPath) => string, path: KeyPath = []): readonly Saying[] {
  if (typeof value !== 'object' || value === null)
    return path.length === 0 ? [] : [{ path, value, where: where(path) }];
  const entries = Array.isArray(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
  if (entries.length === 0 && path.length > 0) return [{ path, value, where: where(path) }];
  return entries.flatMap(([key, inner]) => leavesOf(inner, where, [...path, key]));
}

/** Where the value at `path` was last said, or those of the list or map there. */
export function saidAt({ said }: Origins, path: KeyPath): readonly string[] {
  const begins = (one: Saying): boolean => path.every((part, index) => one.path[index] === part);
  return [...new Set(said.filter(begins).map(({ where }) => where))];
}
