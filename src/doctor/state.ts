import { constants, existsSync } from 'node:fs';
import { access, lchown, lstat, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Fault } from '../errors.ts';
import { unwritable } from '../project/state.ts';
import { type Check, note, ok } from './check.ts';
import { judgeOwners } from './judge.ts';

/** What lies in a project's .wsgi-dev. */
export interface Entry {
  /** Below .wsgi-dev: "run/lock.lock"; empty: itself. */
  readonly path: string;
  readonly uid: number;
  /** Milliseconds since it was written. */
  readonly age: number;
}

/** "UID:GID" of the project's directory, and of what runs in its container. */
export interface Users {
  readonly owner: string;
  readonly runs: string;
}

/** Of a minute ago: what is being started writes its own. */
const SETTLED = 60_000;
/** What only a process that ended without its clean-up leaves: locks, half-written files, directories of one command. */
const LEFT =
  /^(?:run\/(?:lock\.lock|lock\.holder|paused\.json|waiting\.json|[^/]+\.\d+)|(?:seen|adopt)-[^/]+|(?:check|ci)\/[^/]+)$/;

/** Everything in `directory`/.wsgi-dev that could be looked at; none where it isn't there. */
export async function entriesIn(directory: string, now = Date.now()): Promise<readonly Entry[]> {
  const own = join(directory, '.wsgi-dev');
  const below = await readdir(own, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (below === undefined) return [];
  const paths = ['', ...below.map(({ parentPath, name }) => relative(own, join(parentPath, name)))];
  const found = await Promise.all(
    paths.map(async (path) => {
      const stat = await lstat(join(own, path)).catch(() => undefined);
      return stat === undefined ? [] : [{ path, uid: stat.uid, age: now - stat.mtimeMs }];
    }),
  );
  return found.flat();
}

/** What sessions that ended without their clean-up have left; `running`: a container of the project runs. */
export function leftBehind(entries: readonly Entry[], running: boolean): readonly string[] {
  const old = entries.filter(({ path, age }) => age > SETTLED && LEFT.test(path)).map(({ path }) => path);
  // A server or a command has its own there; a lock that nobody has touched for so long is nobody's.
  return running ? old.filter((path) => path.startsWith('run/lock.')) : old;
}

/** Those that belong neither to the project's owner nor to who runs in its container. */
export function others(entries: readonly Entry[], { owner, runs }: Users): readonly Entry[] {
  const known = new Set([owner, runs].map((one) => Number(one.split(':')[0])));
  // A scenario has a user of its own.
  return entries.filter(({ path, uid }) => !known.has(uid) && !/^ci(\/|$)/.test(path));
}

/** What is left of sessions that are gone. */
export async function leftovers(directory: string, running: boolean): Promise<Check> {
  const left = leftBehind(await entriesIn(directory), running);
  if (left.length === 0) return ok('leftovers', 'none');
  const found = `of sessions that ended without their clean-up: ${left.join(', ')}`;
  return {
    ...note('leftovers', found, 'They do no harm but for a wait or an old line in `ps`.'),
    fix: {
      what: `remove what ended sessions left in ${join(directory, '.wsgi-dev')}`,
      async run() {
        for (const path of left) await rm(join(directory, '.wsgi-dev', path), { recursive: true, force: true });
      },
    },
  };
}

/** Whose files wsgi-dev's own in the project are. */
export async function ownership(directory: string, users: Users): Promise<Check> {
  const own = join(directory, '.wsgi-dev');
  const entries = await entriesIn(directory);
  const foreign = others(entries, users);
  const closed = entries.length > 0 && !(await writable(own));
  const check = judgeOwners(own, users, foreign, closed);
  if (check.level === 'ok' || process.getuid?.() !== 0) return check;
  return {
    ...check,
    fix: {
      what: `give ${own} back to its owner`,
      async run() {
        for (const { path } of foreign) {
          const [uid, gid] = (/^run(\/|$)/.test(path) ? users.runs : users.owner).split(':').map(Number);
          await lchown(join(own, path), uid ?? 0, gid ?? 0);
        }
      },
    },
  };
}

/** Why wsgi-dev can't make a directory of its own in a project that has none; undefined: it can, or there is one. */
export async function unmakeable(directory: string): Promise<Fault | undefined> {
  if (existsSync(join(directory, '.wsgi-dev'))) return undefined;
  return await access(directory, constants.W_OK).then(
    () => undefined,
    (error: unknown) => unwritable(directory, error),
  );
}

async function writable(path: string): Promise<boolean> {
  return await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}
