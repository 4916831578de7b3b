import type { Config } from '../config/config.ts';
import type { Flags } from '../config/flags.ts';
import type { ImageWish } from '../integrate/compose/service-base.ts';
import type { Neighbours } from '../project/neighbours.ts';
import type { Context } from './context.ts';
import { devcontained } from './devcontained.ts';

/** What a command needs beyond a configuration. */
export interface Wish extends ImageWish {
  readonly frozen?: boolean;
  /** The project is mounted into a container: an engine that doesn't see it is refused before anything else. */
  readonly mounts: boolean;
  /** false: it needs no application, and the project may have none yet. */
  readonly application?: boolean;
  /** It is among the services of a compose project, and in the place of none. */
  readonly visiting?: boolean;
  /** docker compose itself will run it. */
  readonly byCompose?: boolean;
}

export interface JoinedConfig {
  readonly config: Config;
  /** Those of a compose project; undefined: it isn't in the place of a service. */
  readonly neighbours: Neighbours | undefined;
  /** What keeps docker compose alone from running the service under Apache. */
  readonly obstacles: readonly string[];
}

/**
 * The configuration, in the place of a compose service where one is named, else with what the project's devcontainer.json
 * says; what is to be said of it is said. `limit`: seconds that dependencies have to get healthy.
 */
export async function resolveJoined(
  context: Context,
  flags: Flags,
  { mounts, application = true, visiting = false, byCompose = false, ...wish }: Wish,
  limit = 60,
): Promise<JoinedConfig> {
  const { resolveConfig } = await import('../config/resolve.ts');
  const { env, cwd } = context;
  const resolved = await resolveConfig({ ...context.flags, ...flags }, env, cwd, { application });
  resolved.notices.forEach(context.out.info);
  if (mounts) {
    const [engine, { refuseUnseen }, { keepSchema }] = await Promise.all([
      context.engine(),
      import('../project/seen.ts'),
      import('../project/schema-copy.ts'),
    ]);
    await refuseUnseen(engine, resolved.config.directory);
    await keepSchema(resolved.config.directory, context.packageRoot);
  }
  const taking = { anew: wish.build, alone: false, frozen: wish.frozen === true, say: context.out.info };
  const config =
    resolved.config.compose === undefined ? await devcontained(context, resolved.config, taking) : resolved.config;
  const { compose } = config;
  if (compose === undefined) return { config, neighbours: undefined, obstacles: [] };
  const { joinCompose } = await import('../integrate/compose/join.ts');
  const engine = await context.engine();
  const { dockerFlags } = context;
  const request = { engine, config, compose, surroundings: context, dockerFlags, limit, visiting, byCompose, ...wish };
  const joined = await joinCompose(request);
  joined.notices.forEach(context.out.info);
  return joined;
}
