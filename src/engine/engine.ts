import type { Duplex, Readable } from 'node:stream';
import type { ContainerPlan, ContextFile, Publish } from '../plan/plan.ts';

/** The one door to a container engine. Every method rejects with a Fault (exit code 3 unless said otherwise). */
export interface Engine {
  /** Where it is, for messages: "unix:///var/run/docker.sock". */
  readonly address: string;
  version(): Promise<EngineVersion>;
  info(): Promise<EngineInfo>;
  /** Asks the image's registry for it, from the engine; rejects with a RegistryFault when that has none or is silent. */
  registry(ref: string, signal: AbortSignal): Promise<void>;

  /** Whether a directory of this machine lies at the same path on the engine's, so that it can be mounted. */
  sees(path: string): Promise<boolean>;

  /** undefined when there is no such image. */
  image(ref: string): Promise<ImageInfo | undefined>;
  /** Pulls `ref`; rejects with a RegistryFault (see fault.ts) when no registry answers or it has no such image. */
  pull(ref: string, onProgress: (line: string) => void, signal?: AbortSignal): Promise<void>;
  /** Imports a root file system tar as image `ref`. */
  importImage(tar: Readable, ref: string): Promise<void>;
  /** Builds and tags; rejects with exit code 4, the failing step and its last lines. */
  build(request: BuildRequest, onLine: (line: string) => void): Promise<void>;
  /** Gives an image another name, which goes to it from whatever had it. */
  tag(ref: string, name: string): Promise<void>;
  /** Takes an image's name away, and the image if nothing else needs it. No error when it is gone already. */
  removeImage(ref: string): Promise<void>;

  /** Makes a bridge network of its own; resolves with its id. */
  createNetwork(name: string, labels: Readonly<Record<string, string>>): Promise<string>;
  /** No error when it is gone already. */
  removeNetwork(id: string): Promise<void>;
  /** Networks that carry all of these labels. */
  networks(labels: WantedLabels): Promise<readonly NetworkInfo[]>;
  /** The names of volumes that carry all of these labels. */
  volumes(labels: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /** Runs a shell script in a container of the image that is gone afterwards; "command-not-found": it has no shell. */
  run(image: string, script: string): Promise<RunResult>;

  /** Containers, running or not, that carry all of these labels. */
  list(labels: WantedLabels): Promise<readonly ContainerInfo[]>;
  inspect(id: string): Promise<ContainerInfo | undefined>;
  create(plan: ContainerPlan): Promise<string>;
  start(id: string): Promise<void>;
  /** Bidirectional raw bytes of the container's terminal; the engine's own detach keys are off. */
  attach(id: string): Promise<Duplex>;
  /** Resolves with the exit code once the container has ended (also when it had already). */
  wait(id: string): Promise<number>;
  signal(id: string, signal: string): Promise<void>;
  stop(id: string, seconds: number): Promise<void>;
  /** Removes, killing if it runs. No error when it is gone already. */
  remove(id: string, options?: { readonly volumes?: boolean }): Promise<void>;
  resize(id: string, size: TerminalSize): Promise<void>;
  logs(id: string, options: LogOptions): Promise<Readable>;
  exec(id: string, request: ExecRequest): Promise<CommandSession>;
  /** Creates a container for one command and starts it; it is gone once the command has ended. */
  once(plan: ContainerPlan, tty: TerminalSize | undefined): Promise<OnceSession>;
}

/** Labels and their values; undefined: any. */
export type WantedLabels = Readonly<Record<string, string | undefined>>;

export interface NetworkInfo {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
  readonly os: string;
  readonly arch: string;
}

/** How an engine is set up. */
export interface EngineInfo {
  /** "Docker Desktop", "Debian GNU/Linux 12 (bookworm)". */
  readonly system: string;
  /** Where it keeps images, on its own machine. */
  readonly directory: string;
  /** "selinux", "apparmor", "rootless", "userns", "seccomp". */
  readonly security: readonly string[];
}

export interface ImageInfo {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** By which registries have it: "debian@sha256:…". */
  readonly digests: readonly string[];
}

export interface BuildRequest {
  readonly tag: string;
  /** Asked when it is built. */
  context(): readonly ContextFile[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly noCache: boolean;
  /** HTTP_PROXY and the like, for its commands; the engine keeps these out of the image, its history and the cache. */
  readonly proxies?: Readonly<Record<string, string>>;
  /** Aborted: the engine ends the build. */
  readonly signal?: AbortSignal | undefined;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
}

export interface ContainerInfo {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  /** For people: "Up 3 minutes", "Exited (0) 2 hours ago". */
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly publish: readonly Publish[];
  /** Directories of the host by where they are mounted. */
  readonly mounts: Readonly<Record<string, string>>;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface LogOptions {
  readonly follow: boolean;
  /** Last N lines; undefined: all. */
  readonly tail: number | undefined;
  /** Unix seconds. */
  readonly since: number | undefined;
  /** Unix seconds. */
  readonly until?: number | undefined;
  readonly timestamps: boolean;
}

export interface ExecRequest {
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly env: readonly string[];
  readonly user: string | undefined;
  readonly workingDir: string | undefined;
}

/** A command that runs in a container, connected to its streams. */
export interface CommandSession {
  /** With a TTY: raw bytes both ways. Without: stdin only is written to it; read `stdout` and `stderr`. */
  readonly stream: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable | undefined;
  resize(size: TerminalSize): Promise<void>;
  /** The command's exit code, once its output has ended. */
  exitCode(): Promise<number>;
}

export interface OnceSession extends CommandSession {
  /** The container's. */
  readonly id: string;
}
