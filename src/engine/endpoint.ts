import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ExitCode, Fault } from '../errors.ts';
import { readContext } from './context.ts';
import type { Tls } from './tls.ts';

/** Where an engine is, and how its door opens. */
export interface Endpoint {
  /** For messages: "unix:///var/run/docker.sock". */
  readonly address: string;
  /** What decided it, for messages: "--host", "the context prod", "the default". */
  readonly source: string;
  readonly transport: Transport;
}

export type Transport =
  /** A Unix socket, or a named pipe of Windows. */
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** "/", unless the engine lies below a path of a proxy. */
      readonly pathPrefix: string;
      readonly tls: Tls | undefined;
    };

/** What the command line says about the engine. */
export interface EndpointChoice {
  readonly context?: string | undefined;
  readonly host?: string | undefined;
}

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Decides which engine is meant: --context > --host > DOCKER_HOST > DOCKER_CONTEXT > currentContext of
 * $DOCKER_CONFIG/config.json > the default socket. Reads the files of the docker CLI, connects to nothing.
 * Faults with code 3: an unknown context (listing those there are), an address of no known kind, an unreadable
 * certificate.
 */
export function resolveEndpoint(choice: EndpointChoice, env: Env): Endpoint {
  const home = homeOf(env);
  const configDirectory = dockerConfig(env);
  if (choice.context) {
    return fromContext(choice.context, '--context', configDirectory, env, home);
  }
  if (choice.host) {
    return fromAddress(choice.host, '--host', () => tlsOfEnv(env, configDirectory));
  }
  if (env.DOCKER_HOST) {
    return fromAddress(env.DOCKER_HOST, 'DOCKER_HOST', () => tlsOfEnv(env, configDirectory));
  }
  if (env.DOCKER_CONTEXT) {
    return fromContext(env.DOCKER_CONTEXT, 'DOCKER_CONTEXT', configDirectory, env, home);
  }
  const current = currentContext(configDirectory);
  return current === undefined
    ? defaultEndpoint(env, home)
    : fromContext(current, `currentContext of ${join(configDirectory, 'config.json')}`, configDirectory, env, home);
}

/** Where the docker CLI keeps config.json and its contexts. */
export function dockerConfig(env: Env): string {
  return env.DOCKER_CONFIG || join(homeOf(env), '.docker');
}

function homeOf({ HOME }: Env): string {
  return HOME ?? homedir();
}

function fromContext(name: string, source: string, configDirectory: string, env: Env, home: string): Endpoint {
  // "default" is no stored context: it stands for what would hold if there were none.
  if (name === 'default') {
    return env.DOCKER_HOST
      ? fromAddress(env.DOCKER_HOST, 'DOCKER_HOST', () => tlsOfEnv(env, configDirectory))
      : defaultEndpoint(env, home);
  }
  const context = readContext(name, source, configDirectory);
  return fromAddress(context.host, `the context ${name}`, () => context.tls);
}

function defaultEndpoint(env: Env, home: string): Endpoint {
  const source = 'the default';
  if (process.platform === 'win32') {
    return fromAddress('npipe:////./pipe/docker_engine', source, () => undefined);
  }
  // The docker CLI knows the first only; Docker Desktop and rootless engines leave no context behind everywhere.
  const system = '/var/run/docker.sock';
  const candidates = [
    system,
    join(home, '.docker/run/docker.sock'),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'docker.sock')] : []),
  ];
  const path = candidates.find((candidate) => existsSync(candidate)) ?? system;
  return fromAddress(`unix://${path}`, source, () => undefined);
}

function fromAddress(text: string, source: string, tls: () => Tls | undefined): Endpoint {
  const address = text.includes('://') ? text : `tcp://${text}`;
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.*)$/i.exec(address) ?? [];
  switch (scheme.toLowerCase()) {
    case 'unix':
    case 'npipe':
      return { address, source, transport: { kind: 'socket', path: rest || '/var/run/docker.sock' } };
    case 'tcp':
    case 'http':
    case 'https':
      return { address, source, transport: tcp(address, source, scheme.toLowerCase(), tls()) };
    case 'ssh':
      throw new Fault(`Engines over SSH are not supported: ${address} (from ${source})`, {
        code: ExitCode.engine,
        hint:
          `Forward its socket, then name that:\n` +
          `  ssh -fnNT -L /tmp/wsgi-dev-docker.sock:/var/run/docker.sock ${rest}\n` +
          `  wsgi-dev --host unix:///tmp/wsgi-dev-docker.sock …`,
      });
    default:
      throw badAddress(text, source);
  }
}

function tcp(address: string, source: string, scheme: string, tls: Tls | undefined): Transport {
  let url: URL;
  try {
    // URL knows no default port and no host for tcp:, so it is read as http:.
    url = new URL(address.replace(/^[a-z]+:/i, 'http:'));
  } catch (cause) {
    throw badAddress(address, source, cause);
  }
  const secured = scheme === 'https' ? (tls ?? { ca: undefined, cert: undefined, key: undefined, verify: true }) : tls;
  // A port of 80 is dropped by URL as the default of http.
  const port = url.port || (/:80(\/|$)/.test(address) ? '80' : secured ? '2376' : '2375');
  return {
    kind: 'tcp',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port),
    pathPrefix: url.pathname,
    tls: scheme === 'http' ? undefined : secured,
  };
}

function badAddress(text: string, source: string, cause?: unknown): Fault {
  return new Fault(`Not an engine's address: "${text}" (from ${source})`, {
    code: ExitCode.engine,
    hint: 'Use unix:///path/to/docker.sock, tcp://HOST:PORT or https://HOST:PORT.',
    cause,
  });
}

/** DOCKER_TLS_VERIFY and DOCKER_TLS switch TLS on; the certificates lie in DOCKER_CERT_PATH, else by the configuration. */
function tlsOfEnv(env: Env, configDirectory: string): Tls | undefined {
  if (!env.DOCKER_TLS_VERIFY && !env.DOCKER_TLS) {
    return undefined;
  }
  const directory = env.DOCKER_CERT_PATH || configDirectory;
  const pem = (name: string): string => {
    const path = join(directory, name);
    try {
      return readFileSync(path, 'utf8');
    } catch (cause) {
      throw new Fault(`Cannot read ${path}, needed for TLS to the engine`, {
        code: ExitCode.engine,
        hint: 'DOCKER_CERT_PATH names the directory with ca.pem, cert.pem and key.pem; unset DOCKER_TLS_VERIFY for an engine without TLS.',
        cause,
      });
    }
  };
  const verify = Boolean(env.DOCKER_TLS_VERIFY);
  return { ca: verify ? pem('ca.pem') : undefined, cert: pem('cert.pem'), key: pem('key.pem'), verify };
}

/** The context that `docker context use` has set; undefined: none. */
export function currentContext(configDirectory: string): string | undefined {
  const path = join(configDirectory, 'config.json');
  if (!existsSync(path)) {
    return undefined;
  }
  try {
    const config: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const name =
      typeof config === 'object' && config !== null && 'currentContext' in config ? config.currentContext : '';
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch (cause) {
    throw new Fault(`Cannot read ${path}`, {
      code: ExitCode.engine,
      hint: 'It must be JSON: repair it, or name the engine with --host.',
      cause,
    });
  }
}
