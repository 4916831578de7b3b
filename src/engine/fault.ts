import { ExitCode, Fault, type FaultOptions } from '../errors.ts';

/** What went wrong on the engine, for callers to decide by; never match the text. */
export type EngineFaultKind =
  | 'unreachable'
  | 'went-away'
  | 'name-taken'
  | 'no-container'
  | 'not-running'
  | 'no-image'
  | 'no-network'
  | 'no-mount-source'
  | 'port-busy'
  | 'disk-full'
  | 'registry'
  | 'build'
  | 'removing'
  /** exec: no such command in the container (127), or one that may not be executed (126). */
  | 'command-not-found'
  | 'command-not-executable'
  | 'other';

/** A fault of the engine or of what was asked of it; `code` is 3, or 4 in builds. */
export class EngineFault extends Fault {
  readonly kind: EngineFaultKind;

  constructor(kind: EngineFaultKind, message: string, options: FaultOptions = {}) {
    super(message, { code: ExitCode.engine, ...options });
    this.kind = kind;
  }
}

/** No registry answers, or it has no such image. */
export class RegistryFault extends EngineFault {
  constructor(message: string, options: FaultOptions = {}) {
    super('registry', message, options);
  }
}

/** The kind of an engine's fault; undefined for any other error. */
export function faultKind(error: unknown): EngineFaultKind | undefined {
  return error instanceof EngineFault ? error.kind : undefined;
}

const pruneHint = 'docker system df shows what takes the space, docker system prune frees it.';

/** What the engine's own words mean, first match first: the one place where its messages are matched. */
const meanings: readonly (readonly [RegExp, EngineFaultKind, string | undefined])[] = [
  [/no space left on device/i, 'disk-full', pruneHint],
  [/container name .* is already in use/i, 'name-taken', 'Remove that container, or choose another --project-name.'],
  [
    /port is already allocated|address already in use|ports are not available/i,
    'port-busy',
    'Choose another with --port; 0 picks a free one.',
  ],
  [
    /bind source path does not exist|error while creating mount source path/i,
    'no-mount-source',
    'The path must exist on the machine that the engine runs on.',
  ],
  [/network .* not found|no such network/i, 'no-network', 'docker network ls lists the networks there are.'],
  [/no such image|image .* not found/i, 'no-image', undefined],
  [/unable to find (?:user|group) /i, 'other', 'Name a user that the image has, or a number: UID[:GID].'],
  [/no such container/i, 'no-container', undefined],
  [/removal of container .* is already in progress/i, 'removing', undefined],
  [/container .* is not running/i, 'not-running', undefined],
  [
    /pull access denied|manifest unknown|manifest for .* not found|repository .* not found|unauthorized|registry|dial tcp|TLS handshake|x509|no basic auth/i,
    'registry',
    'The image must be on the engine, or a registry that the engine can reach must have it.',
  ],
  [/executable file not found|exec: .*: no such file or directory/i, 'command-not-found', undefined],
  [/exec.*: permission denied|is a directory: /i, 'command-not-executable', undefined],
];

/**
 * The fault that an error of the engine or of the way to it means. `doing` begins the message: "create the container
 * shop-wsgi". A Fault is returned as it is.
 */
export function engineFault(error: unknown, address: string, doing: string, code?: ExitCode): Fault {
  if (error instanceof Fault) {
    return error;
  }
  const connection = connectionFault(error, address);
  if (connection !== undefined) {
    return connection;
  }
  if (error instanceof TypeError) {
    // The client stumbled over an answer that no engine gives; with -v the cause tells what over.
    return new EngineFault('unreachable', `Cannot ${doing}: what answers at ${address} is no container engine`, {
      hint: 'Check --host, DOCKER_HOST and the docker context.',
      cause: error,
    });
  }
  const text = engineText(error) || `${address} answered with HTTP ${field(error, 'statusCode')}, is it an engine?`;
  const [, kind, hint] = meanings.find(([pattern]) => pattern.test(text)) ?? [undefined, 'other' as const, undefined];
  const message = kind === 'disk-full' ? `Cannot ${doing}: the engine's disk is full` : `Cannot ${doing}: ${text}`;
  const options = { ...(hint && { hint }), ...(code && { code }), cause: error };
  return kind === 'registry' ? new RegistryFault(message, options) : new EngineFault(kind, message, options);
}

/** The connection ended in the midst of something. */
export function wentAway(address: string, cause?: unknown): EngineFault {
  return new EngineFault('went-away', `The engine at ${address} went away`, {
    hint: 'See whether it runs: wsgi-dev doctor',
    cause,
  });
}

const unreachable: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such socket', 'No engine runs here: wsgi-dev doctor --fix installs and starts one.'],
  ECONNREFUSED: ['nothing listens there', 'Start the engine: wsgi-dev doctor --fix does, where it is a local one.'],
  EACCES: [
    'permission denied',
    'Join the docker group, then log in again: sudo usermod -aG docker "$USER"\nOr name another engine with --host.',
  ],
  ENOTFOUND: ['no such host', 'Check the name in --host, DOCKER_HOST or the docker context.'],
  ETIMEDOUT: ['no answer', 'Check the address, and that no firewall is in the way.'],
};

const sameAs: Readonly<Record<string, string>> = {
  EPERM: 'EACCES',
  ENOTSOCK: 'ECONNREFUSED',
  EAI_AGAIN: 'ENOTFOUND',
  EHOSTUNREACH: 'ETIMEDOUT',
  ENETUNREACH: 'ETIMEDOUT',
};

/** undefined when the engine did answer. */
function connectionFault(error: unknown, address: string): EngineFault | undefined {
  const code = textField(error, 'code');
  if (code === undefined || field(error, 'statusCode') !== undefined) {
    return isPlainToTls(error) ? tlsFault(error, address, 'it speaks TLS only') : undefined;
  }
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return wentAway(address, error);
  }
  if (/^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO)/.test(code)) {
    return tlsFault(error, address, error instanceof Error ? error.message : code);
  }
  const [why, hint] = unreachable[sameAs[code] ?? code] ?? [];
  return why === undefined
    ? undefined
    : new EngineFault('unreachable', `Cannot reach the engine at ${address}: ${why}`, {
        ...(hint && { hint }),
        cause: error,
      });
}

function tlsFault(cause: unknown, address: string, why: string): EngineFault {
  return new EngineFault('unreachable', `Cannot speak TLS with the engine at ${address}: ${why}`, {
    hint: 'DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH (ca.pem, cert.pem, key.pem), or a docker context, say how.',
    cause,
  });
}

function isPlainToTls(error: unknown): boolean {
  return field(error, 'statusCode') === 400 && /HTTP request to an HTTPS server/i.test(engineText(error));
}

/** The engine's own words: without the client's "(HTTP code 404) reason - " around them. */
function engineText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replace(/^\(HTTP code \d+\) [^-]*- /, '')
    .replace(/^Error( response from daemon)?: /, '')
    .trim();
}

function textField(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** A property of an unknown value; undefined when it has none. */
export function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
