import { ExitCode, Fault } from '../errors.ts';
import { apacheNotices } from './apache.ts';
import { authorityEnvironment } from './authorities.ts';
import { baseOf, baseProblems } from './base.ts';
import { unreadable } from './closed.ts';
import type { AppTarget, Config, Mode } from './config.ts';
import { debuggerNotices, debuggerProblems, editorAddress, editorProblems } from './debugger.ts';
import { detectApp } from './detect.ts';
import { withExcerpts } from './excerpt.ts';
import type { Environment, Flags } from './flags.ts';
import { type Layer, mergeLayers } from './layer.ts';
import { locateApp } from './locate.ts';
import { type Measures, measureProblems, measures } from './measures.ts';
import { nameOf } from './name.ts';
import type { Origins } from './origins.ts';
import { type FoundPackages, foundPackages } from './package-files.ts';
import { defaultHost, defaultPort, isLoopback } from './parsers.ts';
import { configFault, type Problem } from './problems.ts';
import { locateProject } from './project.ts';
import { proxiesOf, proxyNotices } from './proxies.ts';
import { readProject } from './read-project.ts';
import { mistypedVariables, sayings } from './sayings.ts';
import { isInside, kindOf } from './text.ts';

export type { Flags } from './flags.ts';
export { findProject, type Project } from './project.ts';

/** The configuration, and lines for the person about how it came to be. */
export interface Resolved {
  readonly config: Config;
  readonly notices: readonly string[];
  /** Where each value came from. */
  readonly origins: Origins;
}

/** What else decides how a configuration is resolved. */
export interface Resolving {
  /** What a scenario says: before the files, after flags and variables. */
  readonly over?: Layer;
  /** Where the person stands, as whom files are named; default: where the project is looked for. */
  readonly person?: string;
  /** false: no application is looked for, and one that is named need not be there yet. */
  readonly application?: boolean;
}

/**
 * Merges flags, WSGI_DEV_* variables, the configuration files and what is detected, in this order of precedence. Throws
 * one Fault (exit code 2) with every fault found. The project is looked for at `cwd`.
 */
export async function resolveConfig(
  flags: Flags,
  env: Environment,
  cwd: string,
  { over = {}, person = cwd, application = true }: Resolving = {},
): Promise<Resolved> {
  const { directory, files, problems: notFound, notices: located } = locateProject(flags, env, cwd);
  const spoken = sayings(flags, env, cwd);
  if (kindOf(directory) !== 'directory') throw configFault([...notFound, ...spoken.problems]);
  const closed = unreadable(directory);
  if (closed !== undefined) throw closed;
  const loaded = await loadAll(files, { directory, cwd: person, env });
  const merged = [...loaded.map((one) => one.layer), over, spoken.layer].reduce(mergeLayers, {});
  const alone = flags.appFirst === true && flags.app !== undefined;
  const layer = alone ? { ...merged, apacheConfig: undefined } : merged;
  const mode: Mode = flags.debug === true ? 'debug' : 'serve';
  const allowRemote = flags.allowRemoteDebug === true;
  const root = layer.root?.value ?? directory;
  // Without a sound root, what lies below it can't be judged.
  const rooted = loaded.every((one) => one.rooted);
  // Nor, without a sound Python, what depends on it.
  const versioned = loaded.every((one) => one.versioned) && !spoken.problems.some(concernsPython);
  const named = application && rooted ? layer.app : undefined;
  const app = named && locateApp(named.value, root, bases(layer, directory, cwd));
  const problems = [
    ...notFound,
    ...spoken.problems,
    ...loaded.flatMap((one) => one.problems),
    ...(named !== undefined && app !== undefined && 'fault' in app ? [{ where: named.where, message: app.fault }] : []),
    ...(rooted ? [...staticProblems(layer.static, root), ...outsideProblems(layer.paths, root)] : []),
    ...(versioned ? [...baseProblems(layer), ...debuggerProblems(layer)] : []),
    ...(mode === 'debug' && !allowRemote ? exposureProblems(layer) : []),
    ...composeProblems(layer),
    ...measureProblems(flags, cwd),
    ...(allowRemote ? [] : editorProblems(layer)),
  ];
  if (problems.length > 0) throw configFault(withExcerpts(problems, person));
  const packages: FoundPackages = layer.pip === undefined ? foundPackages(directory) : { pip: [] };
  const notices = [
    ...mistypedVariables(env),
    ...located,
    ...loaded.flatMap((one) => one.notices),
    ...debuggerNotices(layer),
    ...proxyNotices(env),
    ...(packages.notice === undefined ? [] : [packages.notice]),
    ...apacheNotices(layer),
  ];
  const isNamed = app !== undefined && 'value' in app && layer.apacheConfig === undefined;
  const found = isNamed ? { target: app.value, notice: undefined } : unsaid(layer, root, application);
  const config = toConfig(layer, {
    directory,
    packages,
    surrounding: proxiesOf(env),
    root,
    app: found.target,
    mode,
    allowRemote,
    measured: measures(flags, directory, cwd),
  });
  const said = [...loaded.flatMap((one) => one.said), ...spoken.said];
  return {
    config,
    notices: found.notice === undefined ? notices : [...notices, found.notice],
    origins: { layer, said },
  };
}

// Importing yaml and zod takes longer than all the rest of a start, so only a file brings them in.
async function loadAll(files: readonly string[], place: { directory: string; cwd: string; env: Environment }) {
  if (files.length === 0) return [];
  const { loadFile } = await import('./load.ts');
  return files.map((file) => loadFile(file, place));
}

function concernsPython({ where }: Problem): boolean {
  return /^(--(python|image) |WSGI_DEV_(PYTHON|IMAGE)=)/.test(where);
}

/** A file named on the command line is looked for where the person stands, one in wsgi-dev.yaml is not. */
function bases(layer: Layer, directory: string, cwd: string): readonly string[] {
  return /^(--|WSGI_DEV_)/.test(layer.app?.where ?? '') ? [cwd, directory] : [directory];
}

function staticProblems(directories: Layer['static'] = {}, root: string): readonly Problem[] {
  const urls = Object.keys(directories);
  const twins = Object.entries(directories).flatMap(([url, { where }]) => {
    const twin = urls.find((other) => other !== url && other.replace(/\/$/, '') === url.replace(/\/$/, ''));
    return twin !== undefined && twin < url ? [{ where, message: `${url} and ${twin} are the same URL path` }] : [];
  });
  return [...outsideProblems(directories, root), ...twins];
}

function outsideProblems(directories: Layer['static'] = {}, root: string): readonly Problem[] {
  return Object.values(directories).flatMap(({ value, where }) =>
    isInside(value, root) ? [] : [{ where, message: `${value} lies outside of the root ${root}` }],
  );
}

function exposureProblems({ address }: Layer): readonly Problem[] {
  if (address === undefined || isLoopback(address.value.host)) return [];
  const message =
    `debug mode would be reachable from other machines on ${address.value.host}, and a debugger lets whoever reaches ` +
    'it run any code; use 127.0.0.1, or --allow-remote-debug if that is meant';
  return [{ where: address.where, message }];
}

/** A configuration of the user's own names its scripts itself. */
function unsaid(
  { apacheConfig }: Layer,
  root: string,
  application: boolean,
): { readonly target: Config['app']; readonly notice: string | undefined } {
  if (apacheConfig !== undefined) return { target: { kind: 'apache' }, notice: undefined };
  return application ? detected(root) : { target: { kind: 'none' }, notice: undefined };
}

/** A service brings its networks along. */
function composeProblems({ service, network }: Layer): readonly Problem[] {
  if (service === undefined || network === undefined) return [];
  return [{ where: network.where, message: `the service ${service.value} (${service.where}) has its own networks` }];
}

function composeOf(layer: Layer): Pick<Config, 'compose'> {
  const { service, composeFiles: files = [], image, python, modWsgi, address } = layer;
  if (service === undefined) return {};
  const ownBase = [image, python, modWsgi].every((one) => one === undefined);
  return { compose: { service, files, ownBase, ownPort: address === undefined } };
}

function detected(root: string): { readonly target: AppTarget; readonly notice: string | undefined } {
  const closed = unreadable(root);
  if (closed !== undefined) throw closed;
  const detection = detectApp(readProject(root));
  if ('target' in detection) return detection;
  throw new Fault(`${root}: ${detection.fault}`, { code: ExitCode.usage, hint: detection.hint });
}

interface Settled {
  readonly directory: string;
  readonly packages: FoundPackages;
  /** Of this machine's environment what containers get. */
  readonly surrounding: Readonly<Record<string, string>>;
  readonly root: string;
  readonly app: Config['app'];
  readonly mode: Mode;
  readonly allowRemote: boolean;
  readonly measured: Measures;
}

function toConfig(
  layer: Layer,
  { directory, packages, surrounding, root, app, mode, allowRemote, measured }: Settled,
): Config {
  const { host, port } = layer.address?.value ?? { host: defaultHost, port: defaultPort };
  const staticDirectories = Object.entries(layer.static ?? {}).map(([url, { value }]) => [url, value] as const);
  return {
    name: layer.name?.value ?? nameOf(directory),
    directory,
    root,
    app,
    base: baseOf(layer),
    server: {
      host,
      port,
      portFixed: layer.address !== undefined && port !== 0,
      mount: layer.mount?.value ?? '/',
      static: Object.fromEntries(staticDirectories),
      apacheConfig: layer.apacheConfig?.value,
      paths: Object.fromEntries(Object.entries(layer.paths ?? {}).map(([path, { value }]) => [path, value] as const)),
    },
    packages: {
      pip: layer.pip ?? packages.pip,
      groups: layer.groups ?? [],
      extras: layer.extras ?? [],
      apt: layer.apt ?? [],
    },
    env: { ...surrounding, ...authorityEnvironment(layer.caCertificates ?? []), ...layer.fileEnv, ...layer.env },
    mounts: layer.mounts ?? [],
    caCertificates: layer.caCertificates ?? [],
    beforeStart: layer.beforeStart ?? [],
    mode,
    debug: {
      debugger: layer.debugger?.value ?? 'pdb',
      editor: editorAddress(layer),
      allowRemote,
      postMortem: layer.postMortem?.value,
      breakAtStart: layer.breakAtStart?.value ?? false,
      notify: layer.notify?.value ?? false,
      compare: layer.compare?.value ?? true,
      breaks: layer.breaks ?? [],
      ...measured,
    },
    check: { paths: layer.checkPaths?.length ? layer.checkPaths : ['/'] },
    user: layer.user?.value,
    network: layer.network?.value,
    reload: layer.reload?.value ?? true,
    ...composeOf(layer),
    // Whoever names an image or a Python means that one.
    devcontainer:
      layer.devcontainer?.value ?? (layer.image === undefined && layer.python === undefined ? undefined : false),
  };
}
