import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './flags.ts';

/** Each by its name in the environment, and in "proxies" of the docker CLI's config.json. */
const NAMES = [
  ['HTTP_PROXY', 'httpProxy'],
  ['HTTPS_PROXY', 'httpsProxy'],
  ['NO_PROXY', 'noProxy'],
] as const;

/**
 * The proxies of this machine, for builds and containers: of the environment, else of the docker CLI's configuration;
 * in capitals and not, as programs look for either. An engine keeps them out of the images that it builds.
 */
export function proxiesOf(env: Environment): Readonly<Record<string, string>> {
  const configured = dockerProxies(env);
  const found = NAMES.flatMap(([name, key]) => {
    const value = env[name] || env[name.toLowerCase()] || configured[key];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(
    found.flatMap(([name, value]) => [
      [name, value],
      [name.toLowerCase(), value],
    ]),
  );
}

/** Said where a proxy is this machine itself: in a container that address is the container. */
export function proxyNotices(env: Environment): readonly string[] {
  const { HTTP_PROXY, HTTPS_PROXY } = proxiesOf(env);
  const near = Object.entries({ HTTP_PROXY, HTTPS_PROXY }).filter(([, value]) =>
    /^(?:\w+:\/\/)?(?:[^@/]*@)?(?:localhost|127\.[\d.]+|\[::1\])(?::|\/|$)/.test(value ?? ''),
  );
  return near.map(
    ([name]) =>
      `${name} names this machine's loopback, which in a container is the container itself: builds and the application ` +
      'need an address that they reach, such as the one of docker0',
  );
}

function dockerProxies(env: Environment): Readonly<Record<string, unknown>> {
  try {
    const path = join(env.DOCKER_CONFIG || join(env.HOME ?? homedir(), '.docker'), 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as { proxies?: { default?: Record<string, unknown> } } | null;
    return config?.proxies?.default ?? {};
  } catch {
    return {};
  }
}
