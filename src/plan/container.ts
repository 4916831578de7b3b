import { basename, dirname, posix, relative } from 'node:path';
import type { ApacheConfig, Config } from '../config/config.ts';
import type { JoinedService } from '../config/joined.ts';
import { hash } from './image.ts';
import { containerName, label } from './labels.ts';
import type { BindMount, ContainerPlan, Publish } from './plan.ts';

/** Where things lie inside the container; the runner knows the same places. */
export const ROOT = '/app';
export const STATE = '/run/wsgi-dev';
const COVERAGE = '/run/wsgi-dev-coverage';
const PROFILE = '/run/wsgi-dev-profile';
const LOOPBACK = '127.0.0.1';
const RECORDER = '/run/wsgi-dev-recorder';
/** Apache's port inside the container, and debugpy's. */
export const PORT = 8000;
/** Where Apache listens for the TLS hosts of a configuration of the user's own. */
export const TLS_PORT = 8443;
/** Where such a configuration is, that lies outside of the project. */
export const APACHE = '/run/wsgi-dev-apache';
export const EDITOR_PORT = 5678;

/** Ports on the host that were found free, or that the user named. */
export interface Ports {
  readonly hostPort: number;
  /** For an editor; undefined: debugpy isn't chosen. */
  readonly editorPort: number | undefined;
  /** For TLS hosts; undefined: there are none, as Apache's configuration is wsgi-dev's. */
  readonly tlsPort?: number | undefined;
}

/** What the plan needs to know beyond the configuration. */
export interface ContainerInputs extends Ports {
  readonly image: string;
  /** "UID:GID" that the application runs as. */
  readonly user: string;
  readonly nonce: string;
  /** Absolute path of the state directory on the host. */
  readonly stateDirectory: string;
  readonly version: string;
  /** Of its place among a compose project's containers. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** TERM of the terminal that starts it. */
  readonly term: string;
}

/** The container of a project, the same for serve and debug: what differs is an order to its runner. */
export function containerPlan(config: Config, inputs: ContainerInputs): ContainerPlan {
  const plan = {
    name: containerName(config.name),
    image: inputs.image,
    command: [],
    user: inputs.user,
    workingDir: config.joined?.workingDir ?? ROOT,
    ...(config.hostname !== undefined && { hostname: config.hostname }),
    env: environment(config, inputs.term),
    binds: binds(config, inputs.stateDirectory),
    publish: config.network === 'host' ? [] : published(config, inputs),
    network: config.network,
    ...(config.joined && { joined: config.joined }),
  };
  return {
    ...plan,
    labels: {
      ...config.joined?.labels,
      ...inputs.labels,
      [label.project]: config.name,
      [label.workingDir]: config.directory,
      [label.configHash]: configHash(config, inputs),
      [label.nonce]: inputs.nonce,
      [label.version]: inputs.version,
      [label.localFolder]: config.directory,
      [label.configFile]: `${config.directory}/.wsgi-dev`,
    },
  };
}

/** What a command is run with. */
export interface OnceInputs extends Omit<ContainerInputs, 'hostPort' | 'editorPort' | 'nonce'> {
  /** Tells this run from others of the same project. */
  readonly id: string;
  readonly command: readonly string[];
  /** Where it runs; undefined: in the project. */
  readonly workingDir: string | undefined;
  /** What is mounted, and set, beyond what the server has. */
  readonly binds: readonly BindMount[];
  readonly env: Readonly<Record<string, string>>;
}

/** The container of one command: the project's, but for its name and for ports, which the server has. */
export function oncePlan(config: Config, inputs: OnceInputs): ContainerPlan {
  return {
    name: `${containerName(config.name)}-run-${inputs.id}`,
    image: inputs.image,
    command: inputs.command,
    user: inputs.user,
    workingDir: inputs.workingDir ?? config.joined?.workingDir ?? ROOT,
    env: environment({ ...config, env: { ...config.env, ...inputs.env } }, inputs.term),
    binds: [...binds(config, inputs.stateDirectory), ...inputs.binds],
    publish: [],
    network: config.network,
    ...(config.joined && { joined: visiting(config.joined) }),
    labels: {
      [label.project]: config.name,
      [label.workingDir]: config.directory,
      [label.once]: 'run',
      [label.version]: inputs.version,
    },
  };
}

/** In the same networks, but not found there by the service's name and addresses: those are the server's. */
export function visiting(joined: JoinedService): JoinedService {
  const networks = joined.networks.map((one) => ({ ...one, aliases: [], ipv4: undefined, ipv6: undefined }));
  return { ...joined, networks, ports: [], hostname: undefined };
}

/** A hash of what only a new container can change; a running one with the same takes everything else as an order. */
export function configHash(
  config: Config,
  { image, user, stateDirectory, version }: Pick<ContainerInputs, 'image' | 'user' | 'stateDirectory' | 'version'>,
): string {
  const { host, port, portFixed } = config.server;
  return hash([
    image,
    user,
    version,
    config.network,
    // The default port moves to a free one: wherever it went is as good as before.
    portFixed ? [host, port] : [host],
    ...(config.server.apacheConfig === undefined ? [] : ['tls']),
    ...(config.debug.debugger === 'debugpy' ? [editorHash(config.debug)] : []),
    config.env,
    binds(config, stateDirectory),
    ...(config.joined === undefined ? [] : [config.joined]),
    // They are run as a container starts, and by no order to one that runs.
    ...(config.beforeStart.length > 0 ? [config.beforeStart] : []),
    ...(config.before === undefined ? [] : [config.before, config.hostname]),
  ]);
}

function published(config: Config, { hostPort, editorPort, tlsPort }: ContainerInputs): readonly Publish[] {
  const { server, debug } = config;
  const editor = { hostIp: debug.editor.host, containerPort: EDITOR_PORT };
  return [
    { hostIp: server.host, hostPort, containerPort: portInside(config) },
    ...(tlsPort === undefined ? [] : [{ hostIp: server.host, hostPort: tlsPort, containerPort: TLS_PORT }]),
    ...(editorPort === undefined ? [] : [{ ...editor, hostPort: editorPort }]),
    ...(config.joined?.ports ?? []).map((one) => ({ hostIp: LOOPBACK, ...one })),
  ];
}

function editorHash({ editor: { host, port, portFixed } }: Config['debug']): unknown {
  return portFixed ? [host, port] : [host];
}

/** The address that debugpy binds: as Apache's, all of the container's own, or the loopback on the host's network. */
export function editorListen({ network, debug }: Config, editorPort: number): string {
  return network === 'host' ? hostAndPort(debug.editor.host, editorPort) : `0.0.0.0:${EDITOR_PORT}`;
}

/** "127.0.0.1:5678", "[::1]:5678". */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The address that Apache binds: all of the container's own, or on the host's network the loopback that was asked for. */
export function listenAddress(config: Config, hostPort: number): string {
  if (config.network !== 'host') return `0.0.0.0:${portInside(config)}`;
  return hostAndPort(config.server.host, hostPort);
}

/** The address of Apache's for TLS hosts, and the URL that leads there. */
export function tlsDoor(config: Config, tlsPort: number): { readonly listen: string; readonly url: string } {
  const { host } = config.server;
  const listen = config.network === 'host' ? hostAndPort(host, tlsPort) : `0.0.0.0:${TLS_PORT}`;
  return {
    listen,
    url: urlOf({ ...config, server: { ...config.server, mount: '/' } }, tlsPort).replace('http:', 'https:'),
  };
}

/** Apache's port inside the container: peers of a compose service expect it where that had it. */
export function portInside({ joined }: Pick<Config, 'joined'>): number {
  return joined?.port ?? PORT;
}

/** The URL for a person on this machine. */
export function urlOf(config: Config, hostPort: number): string {
  const { host, mount } = config.server;
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${hostPort}${mount.endsWith('/') ? mount : `${mount}/`}`;
}

function environment(config: Config, term: string): readonly string[] {
  // The application's last: what its author sets stands.
  return Object.entries({ TERM: term, ...config.env }).map(([key, value]) => `${key}=${value}`);
}

function binds(config: Config, stateDirectory: string): readonly BindMount[] {
  return [
    // The one place that puts the source into the container.
    { source: config.root, target: ROOT, readOnly: false },
    // A directory and not a file: an editor's rename would leave the old file mounted.
    { source: stateDirectory, target: STATE, readOnly: false },
    ...apacheBind(config),
    ...measured(COVERAGE, config.debug.coverage),
    ...measured(PROFILE, config.debug.profiler),
    ...measured(RECORDER, config.debug.recorder),
    ...config.mounts,
  ];
}

/** What is mounted for a configuration of Apache's that lies outside of the project: the directory with all of it. */
function apacheBind({ server: { apacheConfig }, root }: Config): readonly BindMount[] {
  if (apacheConfig === undefined || isInside(apacheConfig.path, root)) return [];
  return [{ source: apacheTop(apacheConfig), target: APACHE, readOnly: true }];
}

/** A configuration's own directory: above `conf`, as httpd has it, where that is where the file lies. */
function apacheTop({ path, kind }: ApacheConfig): string {
  if (kind === 'directory') return path;
  return basename(dirname(path)) === 'conf' ? dirname(dirname(path)) : dirname(path);
}

/** Where the configuration lies in the container. */
export function apachePath(apacheConfig: ApacheConfig, root: string): string {
  const { path } = apacheConfig;
  const [from, to] = isInside(path, root) ? [root, ROOT] : [apacheTop(apacheConfig), APACHE];
  return posix.join(to, relative(from, path));
}

/** Where a file that the configuration includes lies on the host: the other way round. */
export function apacheSource(apacheConfig: ApacheConfig, root: string, path: string): string {
  const [from, to] = isInside(path, ROOT) ? [ROOT, root] : [APACHE, apacheTop(apacheConfig)];
  return posix.join(to, posix.relative(from, path));
}

/** Whether `path` is `directory` or lies below it. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** Where what was measured is left for the person. */
function measured(target: string, source: string | undefined): readonly BindMount[] {
  return source === undefined ? [] : [{ source, target, readOnly: false }];
}
