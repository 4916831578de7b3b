import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import lockfile from 'proper-lockfile';
import { ExitCode, Fault } from '../errors.ts';

interface Holder {
  readonly pid: number;
  readonly command: string;
  /** ISO 8601. */
  readonly since: string;
}

/** A lock whose holder was killed is taken over after this many milliseconds. */
const STALE_MS = 5000;
const WAIT_MS = 10 * 60 * 1000;

/**
 * Runs `work` while no other wsgi-dev changes the same project. Waits for one that does, and says who it is.
 * `directory` is the project's state directory, which must be there.
 */
export async function withProjectLock<T>(
  directory: string,
  command: string,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = join(directory, 'lock');
  const options = {
    realpath: false,
    stale: STALE_MS,
    update: STALE_MS / 2,
    // Somebody removed it by hand: the work is half done already, and goes on.
    onCompromised: () => say(`The lock ${path}.lock was taken away: another wsgi-dev may change this project, too`),
  };
  let release: () => Promise<void>;
  try {
    release = await lockfile.lock(path, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw unlockable(path, error);
    const holder = await readHolder(path);
    say(`Another wsgi-dev (${holder}) works on this project; waiting for it`);
    release = await waitForLock(path, options, holder);
  }
  try {
    const own: Holder = { pid: process.pid, command, since: new Date().toISOString() };
    // One that was killed has left its own, which may be another user's.
    await rm(`${path}.holder`, { force: true });
    await writeFile(`${path}.holder`, JSON.stringify(own));
    return await work();
  } finally {
    await rm(`${path}.holder`, { force: true });
    // It fails for a lock that was taken away, which has been said.
    await release().catch(() => undefined);
  }
}

function unlockable(path: string, cause: unknown): Fault {
  return new Fault(`${path}.lock can't be made: ${cause instanceof Error ? cause.message : String(cause)}`, {
    code: ExitCode.usage,
    hint: 'wsgi-dev locks a project while it changes it; give yourself write access to that directory.',
    cause,
  });
}

async function waitForLock(path: string, options: lockfile.LockOptions, holder: string): Promise<() => Promise<void>> {
  const step = 100;
  try {
    return await lockfile.lock(path, {
      ...options,
      retries: { retries: WAIT_MS / step, factor: 1, minTimeout: step, maxTimeout: step },
    });
  } catch (error) {
    throw new Fault(`Another wsgi-dev (${holder}) still works on this project after ${WAIT_MS / 60000} minutes`, {
      code: ExitCode.timeout,
      hint: `End it, or remove ${path}.lock if it is gone.`,
      cause: error,
    });
  }
}

async function readHolder(path: string): Promise<string> {
  try {
    const holder = JSON.parse(await readFile(`${path}.holder`, 'utf8')) as Holder;
    return `process ${holder.pid}, ${holder.command}, since ${holder.since.slice(11, 19)}Z`;
  } catch {
    // It has only just taken the lock.
    return 'just started';
  }
}
