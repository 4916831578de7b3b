import { existsSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { prepareOwn, unwritable } from './state.ts';

/**
 * A Fault (code 3) where the engine doesn't see the project: on another machine, in a virtual machine or a container no
 * directory of this one can be mounted. Asked before anything is built, pulled or started for it.
 */
export async function refuseUnseen(engine: Engine, directory: string): Promise<void> {
  try {
    await prepareOwn(directory);
  } catch (error) {
    throw unwritable(directory, error);
  }
  if (!(await isSeen(engine, directory))) throw unseen(engine, directory);
}

/** Whether it does. A directory that is made for the question decides: one of the same path may lie there too. */
export async function isSeen(engine: Engine, directory: string): Promise<boolean> {
  const own = join(directory, '.wsgi-dev');
  const mark = await mkdtemp(existsSync(own) ? join(own, 'seen-') : join(directory, '.wsgi-dev-seen-'));
  try {
    return await engine.sees(mark);
  } finally {
    await rmdir(mark);
  }
}

/** What to say of it. */
export function unseen(engine: Pick<Engine, 'address'>, directory: string): Fault {
  return new Fault(`The engine at ${engine.address} does not see ${directory}: the source can't be mounted there`, {
    code: ExitCode.engine,
    hint: [
      'It runs on another machine, or in a virtual machine or container that does not share this directory under the same path.',
      'Choose the engine of this machine (--context default, with DOCKER_HOST unset), or share the directory with that one.',
    ].join('\n'),
  });
}
