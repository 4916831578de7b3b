import { join } from 'node:path';
import { isInside, readText } from '../../config/text.ts';
import type { Failure, SourceLine } from '../result/result.ts';

/** So many lines before and behind. */
const AROUND = 3;

/** The lines around a place of the project whose root is `root`, where no debugger stood to tell them; none of a file that isn't there. */
export function sourceAround(root: string, place: Failure['at']): readonly SourceLine[] {
  if (place === undefined) return [];
  const path = join(root, place.file);
  const read = isInside(path, root) ? readText(path) : undefined;
  if (read === undefined || 'fault' in read) return [];
  const first = Math.max(1, place.line - AROUND);
  return read.text
    .split(/\r?\n/)
    .slice(first - 1, place.line + AROUND)
    .map((text, index) => ({ line: first + index, text, current: first + index === place.line }));
}
