import { parseAuthority } from './authorities.ts';
import { parseImage } from './base.ts';
import { parseDebugger } from './debugger.ts';
import { filled, readEnvFile } from './envfile.ts';
import { existing } from './existing.ts';
import { type Environment, type Flags, type Said, said, variables } from './flags.ts';
import type { Layer } from './layer.ts';
import type { Saying } from './origins.ts';
import {
  type Parser,
  parseBoolean,
  parseBreak,
  parseEnvEntry,
  parseName,
  parseNetwork,
  parsePort,
  parsePython,
  parseService,
  parseUser,
} from './parsers.ts';
import { apacheConfig } from './paths.ts';
import { nearest, type Problem } from './problems.ts';
import type { Sourced } from './sourced.ts';
import { parseTarget } from './target.ts';

/** What the flags and the WSGI_DEV_* variables say, as one layer, with all their faults and notices. */
export function sayings(
  flags: Flags,
  env: Environment,
  cwd: string,
): { readonly layer: Layer; readonly problems: readonly Problem[]; readonly said: readonly Saying[] } {
  const problems: Problem[] = [];
  const read = <T>(given: Said | undefined, parse: Parser<T>): Sourced<T> | undefined => {
    if (given === undefined) return undefined;
    const result = parse(given.text);
    if ('value' in result) return { value: result.value, where: given.where };
    problems.push({ where: given.where, message: result.fault });
    return undefined;
  };
  const postMortem = flags.postMortem === undefined ? undefined : String(flags.postMortem);
  const notify = flags.notify === undefined ? undefined : String(flags.notify);
  const compare = flags.compare === undefined ? undefined : String(flags.compare);
  const breakAtStart = flags.breakAtStart === undefined ? undefined : String(flags.breakAtStart);
  const devcontainer = flags.devcontainer === undefined ? undefined : String(flags.devcontainer);
  const reload = flags.reload === undefined ? undefined : String(flags.reload);
  const simple: Layer = {
    name: read(said('project-name', flags.projectName, 'WSGI_DEV_PROJECT_NAME', env), parseName),
    app: read(said('app', flags.app, 'WSGI_DEV_APP', env), parseTarget),
    apacheConfig: read(said('apache-config', flags.apacheConfig, 'WSGI_DEV_APACHE_CONFIG', env), (written) =>
      apacheConfig(cwd, written),
    ),
    python: read(said('python', flags.python, 'WSGI_DEV_PYTHON', env), parsePython),
    image: read(said('image', flags.image, 'WSGI_DEV_IMAGE', env), parseImage),
    service: read(said('service', flags.service, 'WSGI_DEV_SERVICE', env), parseService),
    address: read(said('port', flags.port, 'WSGI_DEV_PORT', env), parsePort),
    user: read(said('user', flags.user, 'WSGI_DEV_USER', env), parseUser),
    network: read(said('network', flags.network, 'WSGI_DEV_NETWORK', env), parseNetwork),
    debugger: read(said('debugger', flags.debugger, 'WSGI_DEV_DEBUGGER', env), parseDebugger),
    debuggerPort: read(said('debugger-port', flags.debuggerPort, 'WSGI_DEV_DEBUGGER_PORT', env), parsePort),
    postMortem: read(said('post-mortem', postMortem, 'WSGI_DEV_POST_MORTEM', env), parseBoolean),
    notify: read(said('notify', notify, 'WSGI_DEV_NOTIFY', env), parseBoolean),
    compare: read(said('compare', compare, 'WSGI_DEV_COMPARE', env), parseBoolean),
    breakAtStart: read(said('break-at-start', breakAtStart, 'WSGI_DEV_BREAK_AT_START', env), parseBoolean),
    devcontainer: read(said('devcontainer', devcontainer, 'WSGI_DEV_DEVCONTAINER', env), parseBoolean),
    reload: read(said('reload', reload, 'WSGI_DEV_RELOAD', env), parseBoolean),
  };
  const spoken = spokenEnv(flags, env, cwd);
  // A list as PATH is one.
  const written = env.WSGI_DEV_CA_CERTIFICATES?.split(':').filter((text) => text !== '');
  const where = `WSGI_DEV_CA_CERTIFICATES=${env.WSGI_DEV_CA_CERTIFICATES}`;
  const caCertificates = written?.flatMap(
    (text) => read({ text, where }, (one) => parseAuthority(cwd, one))?.value ?? [],
  );
  const breaks = flags.break?.flatMap((text) => read({ text, where: `--break '${text}'` }, parseBreak)?.value ?? []);
  const places = [
    ...Object.entries(spoken.values).map(([key, value]) => ({
      path: ['env', key],
      value,
      where: envPlace(key, flags),
    })),
    ...(breaks ?? []).map((value, index) => ({ path: ['debug', 'break', index], value, where: `--break '${value}'` })),
    ...(caCertificates ?? []).map((value, index) => ({ path: ['ca_certificates', index], value, where })),
  ];
  return {
    layer: { ...simple, breaks, caCertificates, env: spoken.values },
    problems: [...problems, ...spoken.problems],
    said: places,
  };
}

/** Its value may be a secret: the name is enough. */
function envPlace(key: string, { env = [], envFile = [] }: Flags): string {
  if (env.some((one) => one === key || one.startsWith(`${key}=`))) return `--env ${key}`;
  return `--env-file ${envFile.join(', ')}`;
}

/** What --env-file and --env say, the latter last; `--env KEY` takes the value from the environment. */
export function spokenEnv(
  flags: Pick<Flags, 'env' | 'envFile'>,
  env: Environment,
  cwd: string,
): { readonly values: Readonly<Record<string, string>>; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const values = new Map<string, string | undefined>();
  for (const text of flags.envFile ?? []) {
    const path = existing(cwd, text, 'file');
    if ('fault' in path) {
      problems.push({ where: `--env-file ${text}`, message: path.fault });
      continue;
    }
    const file = readEnvFile(path.value, text);
    problems.push(...file.problems);
    for (const [key, value] of file.values) values.set(key, value);
  }
  for (const text of flags.env ?? []) {
    const entry = parseEnvEntry(text);
    if ('fault' in entry) problems.push({ where: `--env ${text}`, message: entry.fault });
    else values.set(entry.value.key, entry.value.value);
  }
  return { values: filled(values, env), problems };
}

/** Variables that look like ours but are not: most likely mistyped. */
export function mistypedVariables(env: Environment): readonly string[] {
  const known: readonly string[] = variables;
  return Object.keys(env)
    .filter((name) => name.startsWith('WSGI_DEV_') && !known.includes(name))
    .flatMap((name) => {
      const near = nearest(
        name.slice(9),
        known.map((other) => other.slice(9)),
      );
      // WSGI_DEV_HOST is no slip for WSGI_DEV_PORT: whoever mistypes gets the first letter right.
      return near === undefined || near[0] !== name[9] ? [] : [`${name} is ignored; did you mean WSGI_DEV_${near}?`];
    });
}
