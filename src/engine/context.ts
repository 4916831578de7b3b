import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExitCode, Fault } from '../errors.ts';
import type { Tls } from './tls.ts';

/** The part of a docker context that says where its engine is. */
export interface ContextEndpoint {
  readonly host: string;
  readonly tls: Tls | undefined;
}

/**
 * Reads the context `name` from the docker CLI's store below `configDirectory`; `source` says who named it.
 * Faults with code 3 when there is none (listing those there are) or it names no engine.
 */
export function readContext(name: string, source: string, configDirectory: string): ContextEndpoint {
  const id = createHash('sha256').update(name).digest('hex');
  const path = join(configDirectory, 'contexts/meta', id, 'meta.json');
  if (!existsSync(path)) {
    const known = contextNames(configDirectory).map((other) => `"${other}"`);
    throw new Fault(`No docker context "${name}" (from ${source})`, {
      code: ExitCode.engine,
      hint: `There are: ${known.join(', ')}.`,
    });
  }
  const meta = readMeta(path);
  if (typeof meta?.host !== 'string' || meta.host === '') {
    throw new Fault(`The docker context "${name}" names no engine`, {
      code: ExitCode.engine,
      hint: `Its description is ${path}; docker context update repairs it.`,
    });
  }
  return { host: meta.host, tls: readTls(join(configDirectory, 'contexts/tls', id, 'docker'), meta.skipVerify) };
}

/** The names of all contexts, "default" first, the others sorted; unreadable ones are left out. */
export function contextNames(configDirectory: string): readonly string[] {
  const store = join(configDirectory, 'contexts/meta');
  const ids = existsSync(store) ? readdirSync(store) : [];
  const names = ids.map((id) => readMeta(join(store, id, 'meta.json'))?.name);
  return ['default', ...names.filter((name) => typeof name === 'string').sort()];
}

interface Meta {
  readonly name: unknown;
  readonly host: unknown;
  readonly skipVerify: boolean;
}

function readMeta(path: string): Meta | undefined {
  try {
    const meta: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const docker = field(field(meta, 'Endpoints'), 'docker');
    return {
      name: field(meta, 'Name'),
      host: field(docker, 'Host'),
      skipVerify: field(docker, 'SkipTLSVerify') === true,
    };
  } catch {
    return undefined;
  }
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function readTls(directory: string, skipVerify: boolean): Tls | undefined {
  if (!existsSync(directory)) {
    return skipVerify ? { ca: undefined, cert: undefined, key: undefined, verify: false } : undefined;
  }
  const pem = (name: string): string | undefined => {
    const path = join(directory, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  return { ca: pem('ca.pem'), cert: pem('cert.pem'), key: pem('key.pem'), verify: !skipVerify };
}
