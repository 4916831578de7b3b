import { lstatSync, readFileSync, statSync } from 'node:fs';
import { relative } from 'node:path';

/** A file's text, or why it can't be had; line and column when they are known. */
export type ReadText =
  | { readonly text: string }
  | { readonly fault: string; readonly line: number; readonly column: number };

const largest = 1024 * 1024;

/** Reads a file that a person wrote: UTF-8 text of a sane size. */
export function readText(path: string): ReadText {
  const failed = (fault: string, line = 1, column = 1): ReadText => ({ fault, line, column });
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) return failed('is a directory, expected a file');
    if (!stat.isFile()) return failed('is not a regular file');
    if (stat.size > largest) return failed('is larger than 1 MiB');
    const bytes = readFileSync(path);
    const text = new TextDecoder().decode(bytes);
    // A replacement character that the file does not really hold marks the first bad byte; NUL betrays UTF-16.
    const bad = isUtf8(bytes) ? text.indexOf('\0') : text.indexOf('\uFFFD');
    if (bad === -1) return { text };
    const before = text.slice(0, bad).split('\n');
    return failed('is not UTF-8 text', before.length, (before.at(-1)?.length ?? 0) + 1);
  } catch (error) {
    return failed(isThere(path) && isAbsent(error) ? 'is a link to a file that does not exist' : reason(error));
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function reason(error: unknown): string {
  if (isAbsent(error)) return 'does not exist';
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return 'cannot be read: permission denied';
  return `cannot be read (${typeof code === 'string' ? code : String(error)})`;
}

/** Whether anything lies at a path: a link to nowhere, too. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** What lies at a path, links followed; undefined when nothing does or it can't be reached. */
export function kindOf(path: string): 'file' | 'directory' | 'other' | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    return stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
  } catch {
    return undefined;
  }
}

/** `path` is `directory` or lies below it; both are absolute. */
export function isInside(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === '' || !(way === '..' || way.startsWith('../'));
}

/** A path as a person at `cwd` would type it. */
export function shown(path: string, cwd: string): string {
  const way = relative(cwd, path) || '.';
  return way.length < path.length ? way : path;
}
