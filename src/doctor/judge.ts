import type { EngineInfo, EngineVersion } from '../engine/engine.ts';
import { proxyWithoutPassword } from '../passwords.ts';
import { isRoot } from '../project/owner.ts';
import { type Check, fail, note, ok } from './check.ts';

/** Docker Engine 20.10. */
const OLDEST_API = [1, 41] as const;
const GIB = 1024 ** 3;

/** The engine that answers; `source` says who named it. */
export function judgeEngine({ version, apiVersion, os, arch }: EngineVersion, address: string, source: string): Check {
  const found = `${version} (API ${apiVersion}, ${os}/${arch}) at ${address}, by ${source}`;
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  const old = major < OLDEST_API[0] || (major === OLDEST_API[0] && minor < OLDEST_API[1]);
  if (old) return fail('engine', found, 'Update it: Docker Engine 20.10 (API 1.41) is the oldest that is tried.');
  if (os !== 'linux') return fail('engine', found, 'Switch it to Linux containers.');
  return ok('engine', found);
}

/** Who is at the prompt. */
export function judgeTerminal(both: boolean, term: string | undefined): Check {
  if (!both) return ok('terminal', 'none: lines of stdin go to the prompt');
  if (term !== undefined && term !== '' && term !== 'dumb') return ok('terminal', `${term}: keys go to the prompt`);
  const remedy = 'Set TERM to what the terminal is, most likely xterm-256color.';
  return note('terminal', `TERM is ${term || 'not set'}: no colours, and no redrawn lines`, remedy);
}

/** Docker contexts: the one in use, and what goes before it. */
export function judgeContexts(names: readonly string[], source: string, current: string | undefined): Check {
  const others = names.length > 1 ? `; there are ${names.join(', ')}` : '';
  if (source === 'DOCKER_HOST' && current !== undefined) {
    const remedy = `Unset DOCKER_HOST, or name it for one command: --context ${current}.`;
    return note('contexts', `DOCKER_HOST goes before the current context ${current}${others}`, remedy);
  }
  const used = source.startsWith('the context')
    ? source
    : current === undefined
      ? 'none is set'
      : `current: ${current}`;
  return ok('contexts', `${used}${others}`);
}

/** Room for images, in bytes; undefined: the engine's disk can't be seen from here. */
export function judgeDisk(directory: string, free: number | undefined): Check {
  if (free === undefined) return ok('disk', "not looked at: the engine's disk is not this machine's");
  const found = `${(free / GIB).toFixed(1)} GiB free at ${directory}`;
  const remedy =
    'docker system df shows what takes the space, docker system prune frees it; of wsgi-dev are the images that ' +
    "docker image ls 'wsgi-dev/*' lists, and any of them may go (docker rmi): it is built anew where it is needed.";
  if (free < GIB) return fail('disk', found, `An image takes about 0.3 GiB. ${remedy}`);
  return free < 5 * GIB ? note('disk', found, remedy) : ok('disk', found);
}

export interface BaseFacts {
  /** What it is named, in the order they are looked for. */
  readonly refs: readonly string[];
  /** The one that the engine has. */
  readonly present: string | undefined;
  /** Why the registry gives none; undefined: it does. */
  readonly refused: string | undefined;
  /** Why one can't be made from the Debian archive; undefined: it can. */
  readonly unmakeable: string | undefined;
}

/** The image that the project's is built on. */
export function judgeBase({ refs, present, refused, unmakeable }: BaseFacts): Check {
  const [wanted = ''] = refs;
  if (present !== undefined) return ok('base image', `${present} is on the engine`);
  if (refused === undefined) return ok('base image', `${wanted} will be pulled`);
  if (unmakeable === undefined)
    return ok('base image', `${refs.at(-1)} will be made from the Debian archive (a minute, once)`);
  const remedy = `Load it onto the engine (docker load), or mend one of the two ways: ${refused}; ${unmakeable}`;
  return fail('base image', `${wanted} is not on the engine, and can neither be pulled nor made`, remedy);
}

/** Whether the engine gets at the registry of `ref`. */
export function judgeRegistry(ref: string, refused: string | undefined): Check {
  if (refused === undefined) return ok('registry', `it has ${ref}`);
  const remedy =
    'Where one is needed: docker login for a private one, "registry-mirrors" or "proxies" in /etc/docker/daemon.json ' +
    'behind a firewall. Without, base images are made from the Debian archive.';
  return note('registry', `none gives ${ref}: ${refused}`, remedy);
}

/** The port that `up` publishes on; `free` is the one it will take. */
export function judgePort(wanted: number, fixed: boolean, free: number | undefined, own: string | undefined): Check {
  if (own !== undefined) return ok('port', `the project runs at ${own}`);
  if (free === wanted) return ok('port', `${wanted} is free`);
  if (free !== undefined && !fixed) return ok('port', `${wanted} is busy: \`up\` takes ${free}`);
  const remedy = `See what listens with \`ss -ltnp sport = :${wanted}\`, or choose another with --port; 0 picks a free one.`;
  return fail('port', `${wanted} is busy`, remedy);
}

/** Whose files the project's are, inside and outside; `user` is "UID:GID" that the application runs as. */
export function judgeUser(user: string, owner: string, { security, system }: EngineInfo): Check {
  const found = `the project belongs to ${owner}, the application runs as ${user}`;
  if (/Docker Desktop/.test(system)) return ok('user', `${found}; Docker Desktop makes the two the same`);
  if (security.includes('rootless') && !isRoot(user)) {
    const remedy =
      'In a rootless engine you are root: up --debug --user 0:0 makes its files yours. Without --debug nothing is served ' +
      'as root: make the project readable to all (chmod -R o+rX), and name another user with --user 33:33.';
    const level = user.split(':')[0] === owner.split(':')[0] ? fail : note;
    return level('user', `${found}, which a rootless engine takes for another user here`, remedy);
  }
  if (isRoot(user)) return note('user', found, 'As root it runs with --debug alone; --user UID[:GID] names another.');
  if (security.includes('userns')) {
    const remedy =
      'Make the project readable to all (chmod -R o+rX), and what the application writes to writable; or start the engine ' +
      'without userns-remap.';
    return note('user', `${found}, which the engine (userns-remap) takes for another user here`, remedy);
  }
  return ok('user', found);
}

/** Certificate authorities; `missing` are files that variables name. */
export function judgeCertificates(
  count: number,
  missing: readonly (readonly [variable: string, file: string])[],
): Check {
  const found = count === 0 ? 'none beyond the usual' : `${count} beyond the usual, which builds trust too`;
  if (missing.length === 0) return ok('certificates', found);
  const named = missing.map(([variable, file]) => `${variable} names ${file}`).join(', ');
  return note('certificates', `${found}; ${named}, which is not there`, 'Correct the variable, or unset it.');
}

/** Whether the engine can mount the project; `refused` says why not, and what to do. */
export function judgeMount(
  directory: string,
  refused: { readonly message: string; readonly hint?: string | undefined } | undefined,
): Check {
  if (refused !== undefined) return fail('mount', refused.message, refused.hint);
  return ok('mount', `the engine sees ${directory}`);
}

/** The proxies that builds and containers get; `notices` tell what is odd about them. */
export function judgeProxies(proxies: Readonly<Record<string, string>>, notices: readonly string[]): Check {
  const named = Object.entries(proxies).filter(([name]) => name === name.toUpperCase());
  const found = named.map(([name, value]) => `${name}=${proxyWithoutPassword(value)}`).join(', ') || 'none';
  if (notices.length === 0) return ok('proxies', found);
  const remedy = `${notices.join('\n')}\n"proxies" in the docker CLI's config.json name one for containers alone.`;
  return note('proxies', found, remedy);
}

/** Whose files wsgi-dev's own directory holds; `closed`: this process may not write to it. */
export function judgeOwners(
  own: string,
  { owner, runs }: { readonly owner: string; readonly runs: string },
  foreign: readonly { readonly path: string; readonly uid: number }[],
  closed: boolean,
): Check {
  const remedy = `sudo chown -R ${owner} ${own}${owner === runs ? '' : ` && sudo chown -R ${runs} ${own}/run`}`;
  if (closed) return fail('ownership', `${own} can't be written by this user`, `Give it back to its owner: ${remedy}`);
  if (foreign.length === 0) return ok('ownership', `.wsgi-dev is ${owner}'s`);
  const listed = foreign.slice(0, 3).map(({ path, uid }) => `${path || '.'} (${uid})`);
  const more = foreign.length > 3 ? `, and ${foreign.length - 3} more` : '';
  const found = `in ${own} belong to another user than ${owner}: ${listed.join(', ')}${more}`;
  return note('ownership', found, `An earlier run as root or with --user made them: ${remedy}`);
}

/** What confines containers on the engine's machine. */
export function judgeConfinement({ security }: EngineInfo, directory: string): Check {
  if (security.includes('selinux')) {
    const remedy = `Where the application can't read its files: chcon -Rt container_file_t ${directory}`;
    return note('confinement', 'SELinux: a container reads what is labelled for it', remedy);
  }
  const names = security.filter((one) => ['apparmor', 'seccomp'].includes(one));
  return ok('confinement', names.length === 0 ? 'none' : `${names.join(', ')}: nothing to do`);
}
