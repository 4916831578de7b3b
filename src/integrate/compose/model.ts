/** What `docker compose config --format json` prints, as far as it is read here. Units and names are compose's. */
export interface ComposeModel {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, ComposeResource>>;
  readonly volumes?: Readonly<Record<string, ComposeResource>>;
  readonly secrets?: Readonly<Record<string, ComposeContent>>;
  readonly configs?: Readonly<Record<string, ComposeContent>>;
}

/** A network or a volume. */
export interface ComposeResource {
  /** On the engine. */
  readonly name: string;
  readonly external?: boolean;
}

/** A secret or a config: a file, a variable of compose's environment, or a text. */
export interface ComposeContent {
  readonly name?: string;
  readonly file?: string;
  readonly environment?: string;
  readonly content?: string;
  readonly external?: boolean;
}

export interface ComposeService {
  readonly image?: string;
  readonly build?: unknown;
  readonly command?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>;
  readonly networks?: Readonly<Record<string, ComposeEndpoint | null>>;
  readonly network_mode?: string;
  readonly healthcheck?: unknown;
  readonly ports?: readonly ComposePort[];
  readonly expose?: readonly (string | number)[];
  readonly volumes?: readonly ComposeVolume[];
  readonly tmpfs?: readonly string[] | string;
  readonly secrets?: readonly ComposeGrant[];
  readonly configs?: readonly ComposeGrant[];
  readonly extra_hosts?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly working_dir?: string;
  readonly hostname?: string;
  readonly container_name?: string;
  readonly dns?: readonly string[];
  readonly dns_search?: readonly string[];
  readonly group_add?: readonly (string | number)[];
  readonly shm_size?: string | number;
}

export interface ComposeEndpoint {
  readonly aliases?: readonly string[];
  readonly ipv4_address?: string;
  readonly ipv6_address?: string;
  readonly priority?: number;
}

export interface ComposePort {
  readonly target: number;
  /** "8000", "8000-8010", or nothing: a free one. */
  readonly published?: string;
  readonly protocol?: string;
}

export interface ComposeVolume {
  readonly type: string;
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
  readonly bind?: { readonly create_host_path?: boolean | string };
  readonly volume?: { readonly nocopy?: boolean; readonly subpath?: string };
  readonly tmpfs?: { readonly size?: string | number; readonly mode?: number };
}

/** A secret or config that a service gets. */
export interface ComposeGrant {
  readonly source: string;
  readonly target?: string;
  readonly uid?: string;
  readonly gid?: string;
  /** "0440" */
  readonly mode?: string | number;
}

/** Reads that output. Compose writes each $ twice, so that it could be read as a compose file again. */
export function readModel(text: string): ComposeModel {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('$$', '$') : value,
  ) as ComposeModel;
}
