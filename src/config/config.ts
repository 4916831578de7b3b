import type { JoinedService } from './joined.ts';
import type { ModWsgi, WrittenModWsgi } from './mod-wsgi.ts';
import type { Sourced } from './sourced.ts';

/** Everything the user said, merged and validated once; readonly from then on. */
export interface Config {
  /** Project name: lower case, [a-z0-9][a-z0-9_-]*; names containers and images. */
  readonly name: string;
  /** Absolute real path of the project directory (where wsgi-dev.yaml lies, or -C, or the working directory). */
  readonly directory: string;
  /** Absolute path of the directory mounted at /app; inside or equal to `directory`. */
  readonly root: string;
  readonly app: AppTarget | ApacheTarget | NoTarget;
  /** What the project's image is built on. */
  readonly base: Base;
  readonly server: ServerConfig;
  readonly packages: PackagesConfig;
  /** Environment of the application, env_file already read in, flags last. */
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Files with certificates of authorities to trust, absolute, and "host" for all that this machine trusts. */
  readonly caCertificates: readonly string[];
  /** Shell commands that the container runs before its first start of Apache. */
  readonly beforeStart: readonly string[];
  readonly mode: Mode;
  readonly debug: DebugConfig;
  /** What `wsgi-dev check` requests of the application, each as `parseRequest` reads it; at least one. */
  readonly check: { readonly paths: readonly string[] };
  /** Explicit --user UID[:GID], else undefined: the project directory's owner. */
  readonly user: string | undefined;
  /** undefined: the engine's default bridge. "host" or a network's name. */
  readonly network: string | undefined;
  /** Restart or reload after an edit. */
  readonly reload: boolean;
  /** The service of a compose file whose place the application is to take; undefined: none. */
  readonly compose?: ComposeConfig;
  /** What the place brings, once compose has been asked. */
  readonly joined?: JoinedService;
  /** Take what the project's devcontainer.json says; undefined: where there is one, and what takes it. */
  readonly devcontainer?: boolean | undefined;
  /** What runs in a new container before Apache starts: a devcontainer's lifecycle commands. */
  readonly before?: readonly BeforeCommand[];
  readonly hostname?: string;
}

export interface ComposeConfig {
  readonly service: Sourced<string>;
  /** Absolute paths; none: those that compose finds by itself. */
  readonly files: readonly string[];
  /** Nobody said what the image is built on: the service's own image it is. */
  readonly ownBase: boolean;
  /** Nobody said where the server is published: the service's own port it is. */
  readonly ownPort: boolean;
  /** It is the place of a devcontainer. */
  readonly devcontainer?: {
    /** compose's name for the project; undefined: as compose finds it. */
    readonly project: string | undefined;
    /** What is to run, this one too; none: all services. */
    readonly services: readonly string[];
  };
}

/** A step before the start; its commands run side by side, texts by the shell. */
export interface BeforeCommand {
  /** For messages: "postCreateCommand". */
  readonly name: string;
  /** In a container's life. */
  readonly once: boolean;
  readonly commands: readonly (string | readonly string[])[];
}

export type Mode = 'serve' | 'debug';

/** What a stop opens. */
export type DebuggerName = 'pdb' | 'ipdb' | 'pudb' | 'debugpy';

/** How the WSGI callable is found inside the container, relative to `root`. */
export type AppTarget =
  | { readonly kind: 'module'; readonly module: string; readonly callable: string; readonly factory: boolean }
  | {
      readonly kind: 'script' /** POSIX path relative to root */;
      readonly path: string;
      readonly callable: string;
      readonly factory: boolean;
    };

/** Whatever `server.apacheConfig` names. */
export interface ApacheTarget {
  readonly kind: 'apache';
}

/** Nobody asked for one: a command is run in a project that may have none yet. */
export interface NoTarget {
  readonly kind: 'none';
}

export interface ServerConfig {
  /** Host address and port published; port 0: any free one. `fixed`: the user named the port, so it never moves. */
  readonly host: string;
  readonly port: number;
  readonly portFixed: boolean;
  /** URL path at which the application is mounted, starts with "/". */
  readonly mount: string;
  /** URL path → absolute host directory inside root. */
  readonly static: Readonly<Record<string, string>>;
  /** A configuration of the user's own, a file or a directory: absolute real path. undefined: one is made for `app`. */
  readonly apacheConfig: ApacheConfig | undefined;
  /** Paths of the deployment that `apacheConfig` names → absolute host directory inside root. */
  readonly paths: Readonly<Record<string, string>>;
}

export interface ApacheConfig {
  readonly path: string;
  readonly kind: 'file' | 'directory';
}

export type Base = SuiteBase | ImageBase;

/** The Debian suite that carries this Python, "3.11". */
export interface SuiteBase {
  readonly kind: 'suite';
  readonly python: string;
  readonly modWsgi: ModWsgi;
}

/** An image. What it holds is known only when it has been looked into: this is what was said of it, and where. */
export interface ImageBase {
  readonly kind: 'image';
  readonly image: Sourced<string>;
  readonly python: Sourced<string> | undefined;
  readonly modWsgi: Sourced<WrittenModWsgi> | undefined;
  /** Of a devcontainer, which is built anew on each machine: the hash of its files, "sha256:…". */
  readonly devcontainer?: string;
}

export interface PackagesConfig {
  /** Absolute paths of requirements files, pyproject.toml, uv.lock and pylock.toml. */
  readonly pip: readonly string[];
  /** Dependency groups and extras of those that have some. */
  readonly groups: readonly string[];
  readonly extras: readonly string[];
  /** Debian package names. */
  readonly apt: readonly string[];
}

export interface Mount {
  /** A directory; of a volume its name, empty where it has none. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** undefined: a directory of this machine. */
  readonly kind?: 'volume' | 'tmpfs';
}

export interface DebugConfig {
  /** Chosen for serve mode too, so that the image, and with it the container, is the same. */
  readonly debugger: DebuggerName;
  /** Where an editor finds debugpy on the host, published as the server is. */
  readonly editor: { readonly host: string; readonly port: number; readonly portFixed: boolean };
  /** A non-loopback host with debug was explicitly allowed. */
  readonly allowRemote: boolean;
  /** Stop where an exception was raised; undefined: when a person is at the terminal. */
  readonly postMortem: boolean | undefined;
  /** Stop before the first line of the application, each time it is loaded. */
  readonly breakAtStart: boolean;
  /** A desktop notice when a stop waits. */
  readonly notify: boolean;
  /** Under a configuration of the user's own: what fails is tried once more, as the site is configured. */
  readonly compare: boolean;
  /** Breakpoints, each FILE:LINE or MODULE:FUNCTION with ` if CONDITION` behind; resolved by the runner. */
  readonly breaks: readonly string[];
  /** Absolute path of the directory for the report on which lines ran; undefined: not measured. */
  readonly coverage: string | undefined;
  /** Absolute path of the directory for profiles of requests; undefined: not measured. */
  readonly profiler: string | undefined;
  /** Absolute path of the directory for requests and their responses; undefined: not kept. */
  readonly recorder: string | undefined;
}
