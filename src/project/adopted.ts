import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { stateDirectory } from './state.ts';

/** What the runner made of a configuration of the user's own: apache.json in the state directory. */
export interface Adopted {
  readonly changed: readonly Change[];
  /** What there is to know besides, one line each. */
  readonly notes: readonly string[];
  /** Where its scripts are reached, the first one first. */
  readonly urls: readonly string[];
  /** Variables that the application gets besides those of the project. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a daemon process would set: its umask as a number, directories before all others of sys.path. */
  readonly effects: {
    readonly python_path: readonly string[];
    readonly cwd: string | null;
    readonly umask: number | null;
  };
  /** Paths in the container of what it includes → size (0 of a directory) and Unix milliseconds; null: it wasn't there. */
  readonly included: Readonly<Record<string, readonly [number, number] | null>>;
  /** What Apache runs. */
  readonly configuration: string;
}

/** One directive; `after` is null where it is left out. */
export interface Change {
  readonly file: string;
  readonly line: number;
  readonly before: string;
  readonly after: string | null;
  readonly why: string;
}

/** What the runner left at its last start; undefined where the configuration is wsgi-dev's own. */
export function readAdopted({ directory, server }: Config): Adopted | undefined {
  if (server.apacheConfig === undefined) return undefined;
  return readReport(stateDirectory(directory)) as Adopted;
}

/** apache.json of a state directory: what was made of it, or why it can't be run. */
export function readReport(state: string): Adopted | { readonly error: string; readonly excerpt: string } {
  return JSON.parse(readFileSync(join(state, 'apache.json'), 'utf8'));
}
