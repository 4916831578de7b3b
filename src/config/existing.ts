import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Parsed } from './parsers.ts';
import { kindOf } from './text.ts';

/** The path absolute and with links resolved, if what lies there is of the wanted kind. */
export function existing(directory: string, text: string, wanted?: 'file' | 'directory'): Parsed<string> {
  if (text === '' || text.includes('\0')) return { fault: 'expected a path' };
  const path = resolve(directory, text);
  const kind = kindOf(path);
  if (kind === undefined) return { fault: `the ${wanted ?? 'path'} ${text} does not exist` };
  if (wanted === undefined || kind === wanted) return { value: realpathSync(path) };
  return { fault: `${text} is ${kind === 'directory' ? 'a directory' : 'no directory'}, expected a ${wanted}` };
}
