import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { field } from './fault.ts';

/** A holder that has not renewed its lock for so long is dead. */
const stale = 10_000;

/**
 * Runs `act` while no other process of this machine makes the base of the same suite; waits for one that does, saying
 * which. Faults with code 4 when the cache directory can't be written.
 */
export async function lockedBase<T>(
  cacheDirectory: string,
  suite: string,
  out: Output,
  act: () => Promise<T>,
): Promise<T> {
  return await lockedHere(cacheDirectory, `base-${suite}`, `is making the base image of Debian ${suite}`, out, act);
}

/** Runs `act` while no other process of this machine holds the lock `name`; one that does is told with what it is `doing`. */
export async function lockedHere<T>(
  cacheDirectory: string,
  name: string,
  doing: string,
  out: Output,
  act: () => Promise<T>,
): Promise<T> {
  const { default: lockfile } = await import('proper-lockfile');
  const file = join(cacheDirectory, name);
  const holder = `${file}.holder`;
  try {
    await mkdir(cacheDirectory, { recursive: true });
  } catch (cause) {
    throw new Fault(`Cannot make the cache directory ${cacheDirectory}`, {
      code: ExitCode.build,
      hint: 'XDG_CACHE_HOME decides where it lies.',
      cause,
    });
  }
  let told = false;
  for (;;) {
    try {
      // A lock lost to a suspended machine is no reason to end the process, which is the default.
      const options = { realpath: false, stale, onCompromised: (error: Error) => out.debug(`lock: ${error.message}`) };
      const release = await lockfile.lock(file, options);
      try {
        await writeFile(holder, `${process.pid}`);
        return await act();
      } finally {
        await rm(holder, { force: true });
        await release().catch((error: unknown) => out.debug(`lock: ${String(error)}`));
      }
    } catch (error) {
      if (field(error, 'code') !== 'ELOCKED') throw error;
    }
    if (!told) {
      told = true;
      // It says who it is a moment after it has the lock.
      const pid = await readFile(holder, 'utf8').catch(() => '');
      out.info(`Waiting: ${pid === '' ? 'another process' : `process ${pid}`} ${doing} (${file}.lock).`);
    }
    // A lock directory tells nobody when it goes; a make takes a minute.
    await sleep(500);
  }
}
