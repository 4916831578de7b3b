import { chown, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { problemsAt } from '../config/excerpt.ts';
import { spotsOf } from '../config/issues.ts';
import { faultOf, type Problem } from '../config/problems.ts';
import { readText } from '../config/text.ts';
import { parseSource } from '../config/yaml.ts';
import { ExitCode, Fault } from '../errors.ts';
import { type Lock, lockSchema } from '../plan/lock.ts';
import { LOCK_FILE } from '../plan/locked.ts';
import { unwritten } from '../unwritten.ts';

/** The lock of the project in `directory`; a Fault (code 2) where there is none, or where it isn't as it was written. */
export function readLock(directory: string): Lock {
  const path = join(directory, LOCK_FILE);
  const read = readText(path);
  if ('text' in read) return parseLock(read.text);
  throw new Fault(`${path} ${read.fault}`, {
    code: ExitCode.usage,
    hint: '--frozen builds from it: write it with `wsgi-dev lock`, and keep it with the source.',
  });
}

/** Reads the text of a lock; a Fault (code 2) says everything that is wrong with it. */
export function parseLock(text: string): Lock {
  const problemsOf = problemsAt(LOCK_FILE, text);
  const source = parseSource(text, { env: {}, fills: () => false, textual: () => true, keepsNull: () => false });
  if (source.spots.length > 0) throw lockFault(problemsOf(source.spots));
  const { data, error } = lockSchema.safeParse(source.value);
  if (data !== undefined) return data;
  throw lockFault(problemsOf(spotsOf(error.issues, source, lockSchema)));
}

function lockFault(problems: readonly Problem[]): Fault {
  return faultOf(problems, LOCK_FILE, '`wsgi-dev lock` writes it anew; docs/lock.md describes it.');
}

/** Writes the lock, whole or not at all, as the directory's owner's; false where it was the same already. */
export async function writeLock(directory: string, text: string): Promise<boolean> {
  const path = join(directory, LOCK_FILE);
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return false;
  const temporary = `${path}.${process.pid}`;
  try {
    await writeFile(temporary, text);
    const { uid, gid } = await stat(dirname(path));
    if (process.getuid?.() === 0) await chown(temporary, uid, gid);
    await rename(temporary, path);
  } catch (error) {
    throw unwritten(path, error);
  }
  return true;
}
