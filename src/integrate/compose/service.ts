import type { JoinedMount, JoinedNetwork, JoinedPort, JoinedService } from '../../config/joined.ts';
import { reservedBy } from '../../config/reserved.ts';
import { grantedFiles, grantedMounts } from './grants.ts';
import type { ComposeModel, ComposePort, ComposeService, ComposeVolume } from './model.ts';
import { noticesOf, obstaclesOf, ROOT, sharedWith } from './notices.ts';

/** Where Apache listens when the service names no port. */
const DEFAULT_PORT = 8000;
/** A service as far as it can be joined, and what the person is to be told of the rest. */
export interface ReadService {
  readonly joined: JoinedService;
  /** The variables of the application. */
  readonly env: Readonly<Record<string, string>>;
  /** Published for the application; undefined: the service publishes nothing. 0: any free one. */
  readonly hostPort: number | undefined;
  /** As written: a name or numbers. */
  readonly user: string | undefined;
  readonly onHost: boolean;
  readonly notices: readonly string[];
  /** What docker compose alone could not have. */
  readonly obstacles: readonly string[];
}

/**
 * Pure reading of one service of `model`; `variables` has what secrets and configs of the environment need. `byCompose`: docker
 * compose will run it, and not wsgi-dev.
 */
export function readService(
  model: ComposeModel,
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
  byCompose = false,
): ReadService {
  const service = model.services[name] ?? {};
  const tcp = (service.ports ?? []).filter(({ protocol = 'tcp' }) => protocol === 'tcp');
  const [own, ...others] = tcp;
  const wanted = (service.volumes ?? []).filter(({ target }) => target !== ROOT);
  const mounts = [
    ...wanted.flatMap((one) => mountOf(model, one)),
    ...tmpfsOf(service),
    ...grantedMounts(model, service),
  ];
  const workingDir = service.working_dir === ROOT ? undefined : service.working_dir;
  return {
    joined: {
      project: model.name,
      service: name,
      port: own?.target ?? exposed(service) ?? DEFAULT_PORT,
      ports: others.map(({ target, published }) => ({ containerPort: target, hostPort: firstPort(published) })),
      networks: networksOf(model, name, service),
      extraHosts: (service.extra_hosts ?? []).map((entry) => entry.replace(/[=:]/, ':')),
      mounts: byTarget(mounts).filter(({ target }) => reservedBy(target) === undefined),
      files: grantedFiles(model, service, variables),
      labels: service.labels ?? {},
      workingDir,
      hostname: service.hostname,
      dns: service.dns ?? [],
      dnsSearch: service.dns_search ?? [],
      groups: (service.group_add ?? []).map(String),
      shmSize: service.shm_size === undefined ? undefined : Number(service.shm_size),
    },
    env: Object.fromEntries(
      Object.entries(service.environment ?? {}).flatMap(([k, v]) => (v === null ? [] : [[k, v]])),
    ),
    hostPort: own === undefined ? undefined : firstPort(own.published),
    user: service.user,
    onHost: service.network_mode === 'host',
    notices: noticesOf(name, service, byCompose),
    obstacles: obstaclesOf(service),
  };
}

/** The services that have to be there first, by how: those that run on, and those that do their work and end. */
export interface Dependencies {
  readonly running: readonly string[];
  readonly completed: readonly string[];
  /** Those of `running` and `completed` that the service can do without. */
  readonly optional: readonly string[];
  /** All, those of dependencies too. */
  readonly all: readonly string[];
  /** Those of `all` that somebody waits for to end. */
  readonly ending: readonly string[];
}

/** What a service depends on in `model`, which holds no other services. */
export function dependenciesOf(model: ComposeModel, name: string): Dependencies {
  const direct = Object.entries(model.services[name]?.depends_on ?? {}).filter(([one]) => one in model.services);
  const completion = 'service_completed_successfully';
  const completed = direct.filter(([, { condition }]) => condition === completion);
  return {
    running: direct.filter((one) => !completed.includes(one)).map(([one]) => one),
    completed: completed.map(([one]) => one),
    optional: direct.filter(([, { required }]) => required === false).map(([one]) => one),
    all: Object.keys(model.services).filter((one) => one !== name),
    ending: Object.values(model.services).flatMap(({ depends_on: wanted = {} }) =>
      Object.keys(wanted).filter((one) => wanted[one]?.condition === completion),
    ),
  };
}

function exposed({ expose = [] }: ComposeService): number | undefined {
  const port = Number.parseInt(String(expose[0]), 10);
  return Number.isNaN(port) ? undefined : port;
}

/** Of a range the first; 0: any free one. */
function firstPort(published: ComposePort['published']): JoinedPort['hostPort'] {
  return Number.parseInt(published ?? '', 10) || 0;
}

function networksOf(model: ComposeModel, name: string, service: ComposeService): readonly JoinedNetwork[] {
  const shared = sharedWith(service);
  const { networks = {}, network_mode: mode } = shared === undefined ? service : (model.services[shared] ?? {});
  if (mode !== undefined) return [];
  return Object.entries(networks)
    .toSorted(([, a], [, b]) => (b?.priority ?? 0) - (a?.priority ?? 0))
    .map(([key, written]) => {
      // Names and addresses in another's networks are that one's.
      const endpoint = shared === undefined ? written : null;
      const own = shared === undefined && service.container_name ? [service.container_name] : [];
      return {
        name: model.networks?.[key]?.name ?? key,
        aliases: [...new Set([name, ...own, ...(endpoint?.aliases ?? [])])],
        ipv4: endpoint?.ipv4_address,
        ipv6: endpoint?.ipv6_address,
      };
    });
}

function mountOf(model: ComposeModel, volume: ComposeVolume): readonly JoinedMount[] {
  const { type, source, target, read_only: readOnly = false } = volume;
  if (type === 'bind' && source !== undefined) {
    return [{ kind: 'bind', source, target, readOnly, create: String(volume.bind?.create_host_path) === 'true' }];
  }
  if (type === 'volume') {
    const name = source && (model.volumes?.[source]?.name ?? source);
    return [{ kind: 'volume', source: name || undefined, target, readOnly, noCopy: volume.volume?.nocopy === true }];
  }
  if (type !== 'tmpfs') return [];
  const { size, mode } = volume.tmpfs ?? {};
  return [{ kind: 'tmpfs', target, size: size === undefined ? undefined : Number(size), mode }];
}

/** The short form, `tmpfs: /run:size=64m`: its options are the engine's words. */
function tmpfsOf({ tmpfs = [] }: ComposeService): readonly JoinedMount[] {
  return [tmpfs].flat().map((entry) => {
    const [target = entry, options] = entry.split(/:(.*)/s);
    return { kind: 'tmpfs', target, size: undefined, mode: undefined, ...(options && { options }) };
  });
}

function byTarget(mounts: readonly JoinedMount[]): readonly JoinedMount[] {
  return [...new Map(mounts.map((mount) => [mount.target, mount])).values()];
}
