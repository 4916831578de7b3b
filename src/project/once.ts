import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Engine, OnceSession, TerminalSize } from '../engine/engine.ts';
import { oncePlan } from '../plan/container.ts';
import { debugEnvironment } from '../plan/once-debug.ts';
import type { BindMount } from '../plan/plan.ts';
import { leaveAuthorities } from './certificates.ts';
import { ensureImage, type ImageRequest } from './image.ts';
import { withProjectLock } from './mutex.ts';
import { runUser } from './owner.ts';
import { prepareState } from './state.ts';
import type { Surroundings } from './surroundings.ts';

export interface OnceRequest {
  readonly engine: Engine;
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly image: ImageRequest;
  readonly command: readonly string[];
  /** The size of its terminal; undefined: it has none. */
  readonly tty: TerminalSize | undefined;
  readonly term: string;
  /** As whom, in the engine's words; undefined: as the server. */
  readonly user: string | undefined;
  readonly workingDir: string | undefined;
}

/**
 * Starts a command in a container of its own, with all that the project's server has but its port. The image is built
 * where it is missing.
 */
export async function startOnce(request: OnceRequest): Promise<OnceSession> {
  const { engine, config, surroundings, command, tty, term, workingDir } = request;
  const owner = await runUser(config);
  const stateDirectory = await prepareState(config.directory, owner);
  const image = await withProjectLock(stateDirectory, `run ${command[0]}`, surroundings.out.info, () =>
    ensureImage(engine, config, request.image, surroundings),
  );
  await leaveAuthorities(engine, config, { image, state: stateDirectory }, surroundings.env);
  const debug = config.mode === 'debug';
  const plan = oncePlan(config, {
    image,
    user: request.user ?? owner,
    command,
    workingDir,
    stateDirectory,
    id: randomBytes(4).toString('hex'),
    version: surroundings.version,
    term,
    binds: debug ? pdbrc(config, surroundings) : [],
    env: debug ? debugEnvironment(config, tty !== undefined) : {},
  });
  return await engine.once(plan, tty);
}

/** The person's ~/.pdbrc where the command looks for it. */
function pdbrc({ env }: Config, { env: own }: Pick<Surroundings, 'env'>): readonly BindMount[] {
  const source = own.HOME ? join(own.HOME, '.pdbrc') : undefined;
  if (source === undefined || !existsSync(source)) return [];
  // HOME of the image is /tmp.
  return [{ source, target: posix.join(env.HOME ?? '/tmp', '.pdbrc'), readOnly: true }];
}
