import type { JoinedService } from '../config/joined.ts';

/** What is to exist on the engine, decided from Config alone: no file system, no process, no engine behind it. */

/** One file of a build context, by content or by the host path it is read from. */
export interface ContextFile {
  /** POSIX path inside the context. */
  readonly path: string;
  readonly content: string | Buffer;
  /** Permission bits; undefined: 0755 for a script that begins with #!, else 0644. */
  readonly mode?: number;
}

export interface ImagePlan {
  /** wsgi-dev/<project>:<hash of everything below, and of the base image's id> */
  readonly tag: string;
  /** The files that it is built of. */
  context(): readonly ContextFile[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  /** "UID:GID" */
  readonly user: string;
  readonly workingDir: string;
  /** undefined: the engine's choice. */
  readonly hostname?: string;
  readonly env: readonly string[];
  readonly binds: readonly BindMount[];
  /** Ports of the container on the host; none on the host's own network. */
  readonly publish: readonly Publish[];
  readonly network: string | undefined;
  /** The place of a compose service: its networks, volumes and the like. */
  readonly joined?: JoinedService | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Publish {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** undefined: a directory of this machine. */
  readonly kind?: 'volume' | 'tmpfs';
}
