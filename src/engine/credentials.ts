import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Env } from './endpoint.ts';
import { field, RegistryFault } from './fault.ts';

/** What a registry is told about who asks, in the engine's words. */
export type Credentials =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

/** Finds what `docker login` kept for the registry of an image; undefined: nothing, it is asked for as anybody. */
export type FindCredentials = (ref: string) => Promise<Credentials | undefined>;

/** By the name that the docker CLI keeps it under. */
const HUB = 'https://index.docker.io/v1/';
/** A helper that waits for a person, in a window that is not there, is given up. */
const HELPER_PATIENCE = 20_000;

/** Looks them up in $DOCKER_CONFIG/config.json as the docker CLI does: credHelpers > credsStore > auths. */
export function dockerCredentials(env: Env): FindCredentials {
  return async (ref) => {
    const path = join(env.DOCKER_CONFIG || join(env.HOME ?? homedir(), '.docker'), 'config.json');
    const config = readConfig(path);
    const registry = registryOf(ref);
    const helper = field(field(config, 'credHelpers'), registry) ?? field(config, 'credsStore');
    if (typeof helper === 'string' && helper !== '') return await fromHelper(helper, registry, path, env);
    return fromAuths(field(config, 'auths'), registry);
  };
}

/** The registry of an image's name, as `docker login` takes it. */
export function registryOf(ref: string): string {
  const [first = '', ...rest] = ref.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : HUB;
}

function readConfig(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Whoever never logged in has none.
    return undefined;
  }
}

function fromAuths(auths: unknown, registry: string): Credentials | undefined {
  if (typeof auths !== 'object' || auths === null) return undefined;
  const plain = (key: string): string => key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const key = registry in auths ? registry : Object.keys(auths).find((one) => plain(one) === plain(registry));
  const entry = key === undefined ? undefined : field(auths, key);
  const token = field(entry, 'identitytoken');
  if (typeof token === 'string' && token !== '') return { identitytoken: token, serveraddress: registry };
  const auth = field(entry, 'auth');
  const [username, password] =
    typeof auth === 'string' && auth !== ''
      ? halves(Buffer.from(auth, 'base64').toString('utf8'))
      : [field(entry, 'username'), field(entry, 'password')];
  if (typeof username !== 'string' || typeof password !== 'string' || username === '') return undefined;
  return { username, password, serveraddress: registry };
}

/** A password may have colons in it. */
function halves(text: string): readonly [string, string] {
  const at = text.indexOf(':');
  // Some end with the zero bytes of a fixed-size buffer.
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1).replace(/\0+$/, '')];
}

async function fromHelper(name: string, registry: string, path: string, env: Env): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  const { error, stdout, stderr } = await new Promise<{ error: Error | null; stdout: string; stderr: string }>(
    (done) => {
      const child = execFile(program, ['get'], { env: { ...env }, timeout: HELPER_PATIENCE }, (error, stdout, stderr) =>
        done({ error, stdout, stderr }),
      );
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(registry);
    },
  );
  const said = `${stdout}${stderr}`;
  if (error !== null) {
    if (/credentials not found/i.test(said)) return undefined;
    const why = 'code' in error && error.code === 'ENOENT' ? 'there is no such program' : said.trim() || error.message;
    throw new RegistryFault(`The credentials for ${registry} can't be had from ${program} (${path}): ${why}`, {
      hint: `Install ${program}, or take it out of that file and log in again: docker login ${registry}`,
      cause: error,
    });
  }
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  const [username, secret] = [field(answer, 'Username'), field(answer, 'Secret')];
  if (typeof username !== 'string' || typeof secret !== 'string') return undefined;
  if (username === '<token>') return { identitytoken: secret, serveraddress: registry };
  return { username, password: secret, serveraddress: registry };
}
