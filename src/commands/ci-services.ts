import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Joined } from '../integrate/compose/join.ts';
import { scenarioPlace } from '../plan/scenario.ts';
import type { Context } from './context.ts';

/** The services of compose files that scenarios run among. */
export interface CiServices {
  /** `config` among the services of the compose file that it names; as it is where it names none. */
  join(config: Config): Promise<Config>;
  /** Starts what the services depend on, once for all scenarios. */
  ready(): Promise<void>;
  /** Stops what was started for them. */
  undo(): Promise<void>;
}

/** None yet; `say` is told of each thing that a person is to know. */
export function createServices(context: Context, say: (line: string) => void): CiServices {
  const asked = new Map<string, Promise<Joined>>();

  async function ask(config: Config): Promise<Joined | undefined> {
    const { compose, directory, base, server, env, mounts, user } = config;
    if (compose === undefined) return undefined;
    const key = JSON.stringify([directory, compose, base, server, env, mounts, user]);
    const known = asked.get(key);
    if (known !== undefined) return await known;
    const [{ joinCompose }, engine] = await Promise.all([import('../integrate/compose/join.ts'), context.engine()]);
    const { dockerFlags } = context;
    const wish = { build: 'missing', pull: 'missing', limit: 60, visiting: true } as const;
    const joined = joinCompose({ engine, config, compose, surroundings: context, dockerFlags, ...wish });
    asked.set(key, joined);
    (await joined).notices.forEach(say);
    return await joined;
  }

  /** Those of each compose project and service. */
  async function neighbours(): Promise<readonly Joined['neighbours'][]> {
    const all = await Promise.all(asked.values());
    const places = all.map((one) => [`${one.config.joined?.project} ${one.config.joined?.service}`, one] as const);
    return [...new Map(places).values()].map((one) => one.neighbours);
  }

  return {
    async join(config) {
      const found = await ask(config);
      if (found?.config.joined === undefined) return config;
      const { joined, base, env, network } = found.config;
      if (network === 'host') throw onHost(joined.service);
      return { ...config, base, env, joined: scenarioPlace(joined, config.root) };
    },
    async ready() {
      for (const one of await neighbours()) await one.ready(undefined);
    },
    async undo() {
      for (const one of await neighbours()) {
        await one.undo().catch((failed: Error) => context.out.warn(`Left as it is: ${failed.message}`));
      }
    },
  };
}

/** Two at a time could not have the same port, and what else listens there has it. */
function onHost(service: string): Fault {
  return new Fault(`A scenario can't run as ${service}: that has \`network_mode: host\``, {
    code: ExitCode.usage,
    hint: 'Run it without the services: --no-service.',
  });
}
