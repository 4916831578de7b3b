import { reservedBy } from '../../config/reserved.ts';
import type { ComposeService } from './model.ts';

/** Where the project lies in the container: the project's own directory goes before a volume there. */
export const ROOT = '/app';

/** What of a service is taken. */
const TAKEN = [
  ...['image', 'build', 'command', 'entrypoint', 'environment', 'env_file', 'volumes', 'tmpfs', 'secrets', 'configs'],
  ...['networks', 'network_mode', 'extra_hosts', 'dns', 'dns_search', 'hostname', 'container_name', 'ports', 'expose'],
  ...['user', 'working_dir', 'labels', 'label_file', 'group_add', 'shm_size', 'depends_on', 'profiles', 'extends'],
];

/** What is wsgi-dev's own, or has no meaning at a prompt. All else isn't carried over, and told. */
const OWN = [
  ...['healthcheck', 'restart', 'init', 'stop_signal', 'stop_grace_period', 'logging', 'tty', 'stdin_open', 'cap_drop'],
  ...['attach', 'develop', 'pull_policy', 'scale'],
];

/** What the file of `wsgi-dev compose init` takes away; all else counts where docker compose runs the service. */
const RESET = ['privileged', 'cap_add', 'security_opt'];

/** What Apache runs in the place of, where the service names that. */
export function replacedBy(name: string, { entrypoint, command }: ComposeService): readonly string[] {
  const words = [...(entrypoint ?? []), ...(command ?? [])];
  return words.length === 0 ? [] : [`Apache runs ${name} in place of \`${short(words.join(' '))}\``];
}

/**
 * What a person is to be told of the service `name`: what is elsewhere and what isn't carried over. `byCompose`: docker
 * compose will run it.
 */
export function noticesOf(name: string, service: ComposeService, byCompose = false): readonly string[] {
  const lost = lostOf(service, byCompose);
  return [
    ...(service.volumes ?? [])
      .filter(({ target }) => target === ROOT)
      .map(({ source = 'an anonymous volume' }) => `${name}: the project itself is at ${ROOT}, not ${source}`),
    ...(lost.length === 0 ? [] : [`${name}: not carried over: ${lost.join(', ')}`]),
    ...networkNotices(name, service),
  ];
}

function lostOf(service: ComposeService, byCompose: boolean): readonly string[] {
  const volumes = service.volumes ?? [];
  const skipped = volumes.filter(({ type }) => !['bind', 'volume', 'tmpfs'].includes(type));
  const subpaths = volumes.filter(({ volume }) => volume?.subpath !== undefined);
  const other = (service.ports ?? []).filter(({ protocol = 'tcp' }) => protocol !== 'tcp');
  const keys = Object.entries(service).flatMap(([key, value]) => (isLost(key, value) ? [key] : []));
  const ports = other.map(({ target, protocol }) => `the port ${target}/${protocol}`);
  if (byCompose) return [...keys.filter((key) => RESET.includes(key)), ...ports];
  return [
    ...keys,
    ...[...skipped, ...subpaths].map(({ target }) => `the volume at ${target}`),
    ...overOwn(service),
    ...ports,
  ];
}

/** Keys that begin with x- are nobody's; some are there with nothing in them. */
function isLost(key: string, value: unknown): boolean {
  if (TAKEN.includes(key) || OWN.includes(key) || key.startsWith('x-')) return false;
  return value !== null && value !== false && !(typeof value === 'object' && Object.keys(value).length === 0);
}

/** What keeps docker compose alone from running the service under Apache, where all of the compose file counts. */
export function obstaclesOf(service: ComposeService): readonly string[] {
  const { network_mode: mode } = service;
  return [...overOwn(service), ...(hasPorts(mode) ? [] : [`\`network_mode: ${mode}\`, which has no port to publish`])];
}

function overOwn({ volumes = [], tmpfs = [] }: ComposeService): readonly string[] {
  const short = [tmpfs].flat().map((entry) => entry.split(':')[0] ?? entry);
  return [...volumes.map(({ target }) => target), ...short].flatMap((target) => {
    const place = reservedBy(target);
    return place === undefined ? [] : [`the volume at ${target} (wsgi-dev has its own ${place})`];
  });
}

function hasPorts(mode: string | undefined): boolean {
  return mode === undefined || ['host', 'bridge', 'default'].includes(mode);
}

/** A container in the network of another, or in none, publishes no port: the browser would not get there. */
function networkNotices(name: string, service: ComposeService): readonly string[] {
  const { network_mode: mode } = service;
  if (hasPorts(mode)) return [];
  const other = sharedWith(service);
  const instead =
    other === undefined
      ? "it is in the engine's own network"
      : `it is in the networks of ${other}, reached as ${other} and not as localhost`;
  return [`${name}: \`network_mode: ${mode}\` has no port to publish: ${instead}`];
}

/** The service whose network it has; undefined: its own. */
export function sharedWith({ network_mode: mode = '' }: ComposeService): string | undefined {
  return /^service:(.+)$/.exec(mode)?.[1];
}

function short(command: string): string {
  return command.length <= 60 ? command : `${command.slice(0, 59)}…`;
}
