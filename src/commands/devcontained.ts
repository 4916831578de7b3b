import type { Config } from '../config/config.ts';
import { findDevcontainer } from '../integrate/devcontainer/files.ts';
import type { TakeRequest } from '../integrate/devcontainer/take.ts';
import type { Context } from './context.ts';

/** How a command takes the project's devcontainer.json. */
export interface Taking extends Pick<TakeRequest, 'anew' | 'alone' | 'say'> {
  /** On the image of the lock. */
  readonly frozen: boolean;
}

/** `config` with what the project's devcontainer.json says, where there is one and it is wanted. */
export async function devcontained(context: Context, config: Config, { frozen, ...taking }: Taking): Promise<Config> {
  if (config.devcontainer === false) return config;
  if (config.devcontainer === undefined && findDevcontainer(config.directory) === undefined) return config;
  // A lock names its own base.
  if (frozen && config.devcontainer === undefined && !(await isLocked(config))) return config;
  const { withDevcontainer } = await import('../integrate/devcontainer/take.ts');
  return await withDevcontainer({ engine: await context.engine(), config, surroundings: context, ...taking });
}

/** Whether the project's lock is of an image that is built of devcontainer.json. */
async function isLocked({ directory }: Config): Promise<boolean> {
  const { readLock } = await import('../project/lock-file.ts');
  return 'devcontainer' in readLock(directory).base;
}
