import { mkdtemp, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';

/**
 * A Fault (code 3) where the engine doesn't see the project: on another machine, in a virtual machine or a container no
 * directory of this one can be mounted. A directory that is made for the question in `state`, the project's state
 * directory, decides: one of the same path may lie there too.
 */
export async function refuseUnseen(
  engine: Engine,
  { directory }: Pick<Config, 'directory'>,
  state: string,
): Promise<void> {
  const mark = await mkdtemp(join(state, 'seen-'));
  try {
    if (await engine.sees(mark)) return;
  } finally {
    await rmdir(mark);
  }
  throw new Fault(`The engine at ${engine.address} does not see ${directory}: the source can't be mounted there`, {
    code: ExitCode.engine,
    hint: [
      'It runs on another machine, or in a virtual machine or container that does not share this directory under the same path.',
      'Choose the engine of this machine (--context default, with DOCKER_HOST unset), or share the directory with that one.',
    ].join('\n'),
  });
}
