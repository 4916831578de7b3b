import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { toName } from './parsers.ts';

/** The name of the project in `directory`; where that is all of another script, its path tells it from others. */
export function nameOf(directory: string): string {
  const path = createHash('sha256').update(directory).digest('hex').slice(0, 6);
  return toName(basename(directory), `project-${path}`);
}
