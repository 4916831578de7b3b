import type { Installed } from './installed.ts';
import type { Lock, MadeFrom } from './lock.ts';

/** Something that a lock says otherwise. */
export interface Drift {
  /** "python", "apt libpq5", "pip flask", "requirements.txt" */
  readonly what: string;
  /** undefined: the lock has none. */
  readonly locked: string | undefined;
  /** undefined: there is none. */
  readonly found: string | undefined;
}

/** For people: "apt libpq5: 15.14 → 15.15". */
export function describeDrift({ what, locked = 'none', found = 'none' }: Drift): string {
  return `${what}: ${short(locked)} → ${short(found)}`;
}

/** As much of a hash as tells it from another. */
function short(value: string): string {
  return value.replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/g, 'sha256:$1…');
}

/** What the configuration says otherwise than when it was locked; what it doesn't say yet is undefined. */
export function madeFromDrift(locked: MadeFrom, found: Partial<MadeFrom>): readonly Drift[] {
  const {
    python = locked.python,
    mod_wsgi: modWsgi = locked.mod_wsgi,
    image,
    devcontainer,
    apt = [],
    pip = {},
  } = found;
  return [
    ...differing('image', locked.image, image),
    ...differing('devcontainer', locked.devcontainer, devcontainer),
    ...differing('python', locked.python, python),
    ...differing('mod_wsgi', locked.mod_wsgi, modWsgi),
    ...between(
      locked.apt.map((name) => [name, 'wanted']),
      apt.map((name) => [name, 'wanted']),
      (name) => `packages.apt ${name}`,
    ),
    ...between(Object.entries(locked.pip), Object.entries(pip), (path) => path),
  ];
}

/** What is installed in an image otherwise than its lock says. */
export function installedDrift(lock: Lock, installed: Installed): readonly Drift[] {
  const [modWsgi] = lock.mod_wsgi.split(' ');
  const pip = [...lock.pip.map((line) => line.split(' ')[0] ?? ''), ...lock.bundled];
  return [
    ...differing('architecture', lock.architecture, installed.architecture),
    ...differing('python', lock.python, installed.python),
    ...differing('apache', lock.apache, installed.apache),
    ...differing('mod_wsgi', modWsgi, installed.modWsgi),
    ...between(lock.apt.map(splitApt), installed.apt.map(splitApt), (name) => `apt ${name}`),
    ...between(pip.map(splitPip), installed.pip.map(splitPip), (name) => `pip ${name}`),
  ];
}

/** What a failed build from a lock says of things that the lock names: apt's and pip's words for what they didn't get. */
export function buildDrift(lock: Lock, lines: readonly string[]): readonly Drift[] {
  const apt = new Map(lock.apt.map(splitApt));
  return [...lines.flatMap((line) => absent(line, apt)), ...mismatches(lines)].filter(
    (one, at, all) => all.findIndex(({ what }) => what === one.what) === at,
  );
}

/** apt's "E" may stand before something else, where an engine tells of its stdout and stderr as of one. */
function absent(line: string, locked: ReadonlyMap<string, string>): readonly Drift[] {
  const name = /: (?:Version '.+' for '(.+)' was not found|Unable to locate package (\S+))/.exec(line);
  const apt = name?.[1] ?? name?.[2];
  if (apt !== undefined) return [{ what: `apt ${apt}`, locked: locked.get(apt), found: 'not in the archive' }];
  const pip = /No matching distribution found for ([^=\s]+)==([^\s;]+)/.exec(line);
  return pip === null ? [] : [{ what: `pip ${pip[1]}`, locked: pip[2], found: 'on no index' }];
}

/** pip tells a wrong hash over several lines: what it is of, the hashes that would do, and the one it got. */
function mismatches(lines: readonly string[]): readonly Drift[] {
  return lines.flatMap((line, at) => {
    const got = /^\s*Got\s+([0-9a-f]{64})/.exec(line)?.[1];
    if (got === undefined) return [];
    const before = lines.slice(0, at);
    const expected = before.findLastIndex((one) => /^\s*Expected sha256 /.test(one));
    const what = /^\s*([A-Za-z0-9._-]+)\s*(?:==|@)/.exec(before[expected - 1] ?? '')?.[1];
    const wanted = /[0-9a-f]{64}/.exec(before[expected] ?? '')?.[0];
    return [{ what: `pip ${what ?? 'a distribution'}`, locked: `sha256:${wanted ?? ''}`, found: `sha256:${got}` }];
  });
}

type Named = readonly (readonly [name: string, value: string])[];

function differing(what: string, locked: string | undefined, found: string | undefined): readonly Drift[] {
  return locked === found ? [] : [{ what, locked, found }];
}

function between(locked: Named, found: Named, title: (name: string) => string): readonly Drift[] {
  const [before, after] = [new Map(locked), new Map(found)];
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => differing(title(name), before.get(name), after.get(name)));
}

function splitApt(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** Names are the same however "-", "_", "." and capitals are written. */
function splitPip(line: string): readonly [string, string] {
  const [name = '', version = ''] = line.split('==');
  return [name.toLowerCase().replace(/[-_.]+/g, '-'), version];
}
