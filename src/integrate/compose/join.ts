import type { ComposeConfig, Config } from '../../config/config.ts';
import { isLoopback } from '../../config/parsers.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Neighbours } from '../../project/neighbours.ts';
import type { Surroundings } from '../../project/surroundings.ts';
import { type ComposeCli, composeCli } from './cli.ts';
import { company } from './company.ts';
import { filesBeneath } from './file.ts';
import { replacedBy } from './notices.ts';
import { resolveModel } from './resolve.ts';
import { readService } from './service.ts';
import { type ImageWish, serviceBase } from './service-base.ts';
import { numericUser } from './user.ts';
import { secretVariables } from './variables.ts';

export interface JoinRequest extends ImageWish {
  readonly engine: Engine;
  readonly config: Config;
  readonly compose: ComposeConfig;
  readonly surroundings: Surroundings;
  /** What the docker CLI is told of the engine. */
  readonly dockerFlags: readonly string[];
  /** Seconds that dependencies have to get healthy. */
  readonly limit: number;
  /** It is among the services, and in the place of none: the service itself runs on. */
  readonly visiting: boolean;
  /** docker compose itself will run it: what else the service has counts. */
  readonly byCompose?: boolean;
}

/** A project in the place of a compose service. */
export interface Joined {
  readonly config: Config;
  readonly neighbours: Neighbours;
  readonly notices: readonly string[];
  /** What keeps docker compose alone from running the service so. */
  readonly obstacles: readonly string[];
}

/**
 * Asks compose for the service and puts what it says below what the user said of wsgi-dev: base, environment, mounts,
 * port and user. Faults: no docker compose, or one too old (3); its own words for a faulty file, an unknown service (2).
 */
export async function joinCompose(request: JoinRequest): Promise<Joined> {
  const { engine, config, compose, surroundings, dockerFlags, limit, visiting, byCompose = false } = request;
  const files = filesBeneath(config.directory, compose.files, surroundings.env);
  const service = compose.service.value;
  const cli: ComposeCli = composeCli({
    env: surroundings.env,
    directory: config.directory,
    files,
    flags: dockerFlags,
    address: engine.address,
    cacheDirectory: surroundings.cacheDirectory,
    project: compose.devcontainer?.project,
  });
  const { model, text, warnings } = await resolveModel(cli, compose);
  const variables = await secretVariables(cli, model, service, surroundings.env);
  const read = readService(model, service, variables, byCompose);
  const found = await serviceBase(request, cli, model);
  // A devcontainer's user gets the id of whoever works in it.
  const written = compose.devcontainer === undefined ? read.user : undefined;
  const user = config.user ?? (written === undefined ? undefined : await numericUser(request, written, found.image));
  // What the user mounts or wsgi-dev itself goes before.
  const taken = new Set(config.mounts.map(({ target }) => target));
  const joined = { ...read.joined, mounts: read.joined.mounts.filter(({ target }) => !taken.has(target)) };
  const place = visiting
    ? [`Among the services of ${model.name}, with what ${service} has`]
    : [`In the place of ${service} of ${model.name}`, ...replacedBy(service, model.services[service] ?? {})];
  return {
    config: {
      ...config,
      base: found.base ?? config.base,
      env: { ...read.env, ...config.env },
      server: serverOf(config, compose, read.hostPort),
      ...(user !== undefined && { user }),
      ...(read.onHost && { network: 'host' }),
      joined: read.onHost ? { ...joined, ports: [] } : joined,
    },
    neighbours: company({
      ...{ engine, cli, model, text, joined, files, limit },
      imageId: found.image?.id,
      directory: config.directory,
      out: surroundings.out,
    }),
    obstacles: read.obstacles,
    notices: [...warnings, ...place, ...read.notices, ...found.notices],
  };
}

/** The service's own port, where the user named none; on the loopback, as a debugger is on no other address. */
function serverOf({ server }: Config, { ownPort }: ComposeConfig, hostPort: number | undefined): Config['server'] {
  if (!ownPort || hostPort === undefined) return server;
  const host = isLoopback(server.host) ? server.host : '127.0.0.1';
  return { ...server, host, port: hostPort, portFixed: hostPort !== 0 };
}
