import { stat } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import type { CommandSession } from '../engine/engine.ts';
import { runUser } from '../project/owner.ts';

/** How programs say that they may not write; SQLite has words of its own. */
const DENIED = /permission denied|PermissionError|EACCES|read-?only|unable to open database file/i;
/** More than the longest of these words, as they may come in two pieces. */
const OVERLAP = 64;

/** Looks for such words in what a command prints, until the returned function is asked whether there were some. */
export function watchDenials({ stdout, stderr }: Pick<CommandSession, 'stdout' | 'stderr'>): () => boolean {
  let denied = false;
  for (const output of [stdout, stderr]) {
    let last = '';
    output?.on('data', (chunk: Buffer) => {
      if (denied) return;
      const text = last + chunk.toString('latin1');
      denied = DENIED.test(text);
      last = text.slice(-OVERLAP);
    });
  }
  return () => denied;
}

/** Said of a command that was denied something in a project of root's, where it runs as another user. */
export async function shutOut(config: Config): Promise<readonly string[]> {
  const [{ uid, mode }, runs] = await Promise.all([stat(config.root), runUser(config)]);
  if (uid !== 0 || runs.startsWith('0:') || (mode & 0o002) !== 0) return [];
  return [`The project belongs to root, and the command ran as ${runs}, who can't write to it: -u 0:0 lets it`];
}
