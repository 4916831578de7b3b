import { posix, relative } from 'node:path';
import type { Config, DebuggerName, Mode } from '../config/config.ts';
import { apachePath, editorListen, hostAndPort, listenAddress, type Ports, ROOT, tlsDoor, urlOf } from './container.ts';

/** An order to the runner: the settings file that it reads (images/runner/wsgi_dev_runner/settings.py). */
export interface RunnerSettings {
  readonly order: string;
  readonly nonce: string;
  readonly mode: Mode;
  readonly app: Config['app'];
  readonly root: string;
  /** Where the application is started, if not in `root`. */
  readonly directory?: string;
  readonly listen: string;
  readonly mount: string;
  readonly static: Readonly<Record<string, string>>;
  readonly debugger: DebuggerName;
  /** Where debugpy listens in the container, and where the editor finds it; empty with another debugger. */
  readonly editor_listen: string;
  readonly editor_address: string;
  readonly post_mortem: boolean;
  readonly break_at_start: boolean;
  readonly reload: boolean;
  readonly url: string;
  readonly colors: boolean;
  readonly notify: boolean;
  /** Each stop leaves its source and its locals in the state directory. */
  readonly evidence?: boolean;
  /** Requests leave what they bring in the state directory, and typed lines are told. */
  readonly record?: boolean;
  /** Which lines run is measured; the report lies here on the host. */
  readonly coverage?: string;
  /** How long functions take is measured; the profiles lie here on the host. */
  readonly profiler?: string;
  readonly recorder?: string;
  /** Run before the container's first start of Apache. */
  readonly before_start?: readonly string[];
  /** What runs before it may ask: a person is at the terminal. Without, it reads nothing. */
  readonly asks?: boolean;
  /** A configuration of Apache's to run in place of one for `app`. */
  readonly apache?: {
    /** Where it lies in the container, and how a person calls it. */
    readonly path: string;
    readonly shown: string;
    /** Paths of the deployment, and the directories in the container that stand for them. */
    readonly paths: Readonly<Record<string, string>>;
    readonly tls_listen: string;
    readonly tls_url: string;
    /** What fails in debug mode is tried as it is configured. */
    readonly compare: boolean;
    /** Another one: its files were edited. */
    readonly stamp?: string;
    /** For a server without wsgi-dev. */
    readonly by_hand?: boolean;
  };
}

/** What is known of the terminal that a server is started from. */
export interface StartTerminal {
  /** Somebody is there to answer a prompt that nobody asked for. */
  readonly person: boolean;
  /** It shows colours. */
  readonly colors: boolean;
}

/** The settings for `config`. `order` names this start; the runner's `ready` carries it. */
export function runnerSettings(
  config: Config,
  order: string,
  nonce: string,
  ports: Ports,
  { person, colors }: StartTerminal,
): RunnerSettings {
  const { hostPort, editorPort } = ports;
  return {
    order,
    nonce,
    mode: config.mode,
    app: config.app,
    root: ROOT,
    ...(config.joined?.workingDir !== undefined && { directory: config.joined.workingDir }),
    listen: listenAddress(config, hostPort),
    mount: config.server.mount,
    static: Object.fromEntries(
      Object.entries(config.server.static).map(([url, path]) => [url, `${ROOT}/${relative(config.root, path)}`]),
    ),
    debugger: config.debug.debugger,
    editor_listen: editorPort === undefined ? '' : editorListen(config, editorPort),
    editor_address: editorPort === undefined ? '' : hostAndPort(config.debug.editor.host, editorPort),
    // In an editor it is a box to tick.
    post_mortem: config.debug.postMortem ?? (person || config.debug.debugger === 'debugpy'),
    break_at_start: config.debug.breakAtStart,
    reload: config.reload,
    url: urlOf(config, hostPort),
    colors,
    notify: config.debug.notify,
    ...(config.debug.coverage !== undefined && { coverage: config.debug.coverage }),
    ...(config.debug.profiler !== undefined && { profiler: config.debug.profiler }),
    ...(config.debug.recorder !== undefined && { recorder: config.debug.recorder }),
    ...(config.beforeStart.length > 0 && { before_start: config.beforeStart }),
    ...apacheSettings(config, ports),
  };
}

function apacheSettings(config: Config, { tlsPort }: Ports): Pick<RunnerSettings, 'apache'> {
  const { apacheConfig, paths } = config.server;
  if (apacheConfig === undefined) return {};
  const { path } = apacheConfig;
  const door = tlsPort === undefined ? { listen: '', url: '' } : tlsDoor(config, tlsPort);
  return {
    apache: {
      path: apachePath(apacheConfig, config.root),
      shown: path.startsWith(`${config.directory}/`) ? relative(config.directory, path) : path,
      paths: Object.fromEntries(
        Object.entries(paths).map(([deployed, here]) => [deployed, posix.join(ROOT, relative(config.root, here))]),
      ),
      tls_listen: door.listen,
      tls_url: door.url,
      compare: config.debug.compare,
    },
  };
}
