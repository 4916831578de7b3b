/** What the place of a compose file's service brings: everything that Config has no word of its own for. */
export interface JoinedService {
  /** Of compose, which may have another name for the project than wsgi-dev. */
  readonly project: string;
  readonly service: string;
  /** Where peers reach it inside its networks. */
  readonly port: number;
  /** Its further ports, on the loopback of the host. */
  readonly ports: readonly JoinedPort[];
  /** Names on the engine, the one that is joined first in front; none: the engine's own bridge, or the host's network. */
  readonly networks: readonly JoinedNetwork[];
  /** "db.local:10.0.0.1" */
  readonly extraHosts: readonly string[];
  readonly mounts: readonly JoinedMount[];
  /** Configs and secrets that lie in no file: put into the container before it starts. */
  readonly files: readonly JoinedFile[];
  readonly labels: Readonly<Record<string, string>>;
  /** Where the application is started; undefined: the project's root. */
  readonly workingDir: string | undefined;
  readonly hostname: string | undefined;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly groups: readonly string[];
  /** Bytes; undefined: the engine's choice. */
  readonly shmSize: number | undefined;
}

export interface JoinedPort {
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface JoinedNetwork {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

export type JoinedMount =
  | {
      readonly kind: 'bind';
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** The engine makes the directory where it is missing. */
      readonly create: boolean;
    }
  | {
      readonly kind: 'volume';
      /** undefined: an anonymous one. */
      readonly source: string | undefined;
      readonly target: string;
      readonly readOnly: boolean;
      readonly noCopy: boolean;
    }
  | {
      readonly kind: 'tmpfs';
      readonly target: string;
      /** Bytes. */
      readonly size: number | undefined;
      readonly mode: number | undefined;
      /** The engine's own words, in place of both: "size=1m,mode=0700". */
      readonly options?: string;
    };

export interface JoinedFile {
  /** Absolute, in the container. */
  readonly path: string;
  readonly content: string;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly mode: number;
}
