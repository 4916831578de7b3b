import type { Config } from '../config/config.ts';
import { findDevcontainer } from '../integrate/devcontainer/files.ts';
import type { Anew } from '../integrate/devcontainer/take.ts';
import type { Context } from './context.ts';

/** `config` with what the project's devcontainer.json says, where there is one and it is wanted. */
export async function devcontained(context: Context, config: Config, frozen: boolean, anew: Anew): Promise<Config> {
  // A lock names its own base.
  if (config.devcontainer === false || (frozen && config.devcontainer === undefined)) return config;
  if (config.devcontainer === undefined && findDevcontainer(config.directory) === undefined) return config;
  const { withDevcontainer } = await import('../integrate/devcontainer/take.ts');
  return await withDevcontainer(await context.engine(), config, context, anew);
}
