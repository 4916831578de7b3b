import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';
import { give, prepareState } from './state.ts';

/** Makes the directories for coverage, profiles and records, where they are asked for, the user's ("UID:GID") that the runner runs as. */
export async function prepareMeasures({ directory, debug }: Config, user: string): Promise<void> {
  for (const place of [debug.coverage, debug.profiler, debug.recorder]) {
    if (place === undefined) continue;
    const name = place.slice(dirname(place).length + 1);
    if (dirname(place) === join(directory, '.wsgi-dev')) await prepareState(directory, user, name);
    else await make(place, user);
  }
}

/** A directory that is there already stays whose it is. */
async function make(path: string, user: string): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true });
    for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
      await give(made, user, 0o777);
    }
  } catch (error) {
    throw new Fault(`${path} can't be made: ${(error as Error).message}`, {
      code: ExitCode.usage,
      hint: 'Name a directory that you may write to.',
      cause: error,
    });
  }
}

/** What the runner had to say of its reports as it ended; empty when it measured nothing. */
export async function readReports(state: string): Promise<string> {
  return await readFile(join(state, 'reports.txt'), 'utf8').catch(() => '');
}
