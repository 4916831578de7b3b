import type { Base, Config } from '../config/config.ts';
import { debianArchitecture, officialBase } from '../engine/base.ts';
import type { Engine } from '../engine/engine.ts';
import { readInstalled } from '../engine/installed.ts';
import { ExitCode, Fault } from '../errors.ts';
import { buildDrift, type Drift, describeDrift, installedDrift, madeFromDrift } from '../plan/drift.ts';
import type { ImageInputs } from '../plan/image.ts';
import type { Lock, LockedBase, MadeFrom } from '../plan/lock.ts';
import { LOCK_FILE } from '../plan/locked.ts';
import { madeFrom, stackOf } from '../plan/made-from.ts';
import { releaseOf } from '../plan/releases.ts';
import { suiteStack } from '../plan/stack.ts';
import type { FoundBase } from './base.ts';
import { readLock } from './lock-file.ts';
import type { Surroundings } from './surroundings.ts';

/** The project's lock; a Fault (code 2) names all that the configuration, the engine and wsgi-dev say otherwise. */
export async function fittingLock(
  engine: Engine,
  config: Config,
  { requirements, runner }: Pick<ImageInputs, 'requirements' | 'runner'>,
): Promise<Lock> {
  const lock = readLock(config.directory);
  const architecture = debianArchitecture((await engine.version()).arch);
  const found: Partial<MadeFrom> = {
    ...madeFrom(config, requirements),
    ...(config.base.kind === 'suite' && stackOf(suiteStack(config.base))),
  };
  const changed = madeFromDrift(lock.from, found);
  refuse([
    ...changed,
    // Another Python or image has another base.
    ...(changed.length === 0 ? baseDrift(lock.base, config.base) : []),
    ...one('architecture', lock.architecture, architecture),
    ...one('runner', lock.runner, runner.hash),
  ]);
  return lock;
}

/** Refuses (code 2) what is known only once the base image is there: it, and the Python that it brings. */
export function refuseOtherBase(lock: Lock, { base, stack }: FoundBase): void {
  const { python, mod_wsgi: modWsgi } = stackOf(stack);
  refuse([
    ...('id' in lock.base ? one('base', lock.base.id, base.image.id) : []),
    ...one('python', lock.from.python, python),
    ...one('mod_wsgi', lock.from.mod_wsgi, modWsgi),
  ]);
}

/** Refuses (code 4) an image in which anything is installed otherwise than its lock says. */
export async function refuseOtherContents(
  engine: Engine,
  tag: string,
  lock: Lock,
  { packageRoot, cacheDirectory, out }: Surroundings,
): Promise<void> {
  const directories = { imagesDirectory: `${packageRoot}/images`, cacheDirectory };
  const drift = installedDrift(lock, await readInstalled(engine, tag, directories, out));
  if (drift.length === 0) return;
  throw new Fault(told(`The image ${tag} is not as ${LOCK_FILE} says`, drift), {
    code: ExitCode.build,
    hint: 'The lock was edited, or the base image has more in it: docs/lock.md. `wsgi-dev lock` locks what is there.',
  });
}

/** What became of a build from a lock that failed, by its output: the things of the lock that can't be had, or `error`. */
export function buildFailure(lock: Lock, lines: readonly string[], error: unknown): unknown {
  const drift = buildDrift(lock, lines);
  if (drift.length === 0) return error;
  const altered = drift.some(({ found }) => found?.startsWith('sha256:'));
  return new Fault(told(`The image can't be built from ${LOCK_FILE}`, drift), {
    code: ExitCode.build,
    hint: altered
      ? 'An index gives another file by that name, or the lock was edited: find out which before you lock anew.'
      : 'Archives forget old versions, docs/lock.md says where they are kept; `wsgi-dev lock` takes those that are there.',
    cause: error,
  });
}

/** Of a lock that was edited: a base that isn't of what the configuration is built on. */
function baseDrift(locked: LockedBase, wanted: Base): readonly Drift[] {
  if ('suite' in locked) {
    return one('base', locked.suite, wanted.kind === 'suite' ? releaseOf(wanted.python) : wanted.image.value);
  }
  if ('devcontainer' in locked) {
    const wantedHere = wanted.kind === 'image' && wanted.devcontainer !== undefined;
    return wantedHere ? [] : one('base', locked.devcontainer, wanted.kind === 'suite' ? '' : wanted.image.value);
  }
  return one(
    'base',
    locked.image,
    wanted.kind === 'suite' ? officialBase(releaseOf(wanted.python)) : wanted.image.value,
  );
}

function refuse(drift: readonly Drift[]): void {
  if (drift.length === 0) return;
  throw new Fault(told(`${LOCK_FILE} was made from something else`, drift), {
    code: ExitCode.usage,
    hint: 'Lock what is there with `wsgi-dev lock`, or bring back what was locked; without --frozen the lock has no effect.',
  });
}

function told(what: string, drift: readonly Drift[]): string {
  return [`${what} (locked → found):`, ...drift.map((each) => `  ${describeDrift(each)}`)].join('\n');
}

function one(what: string, locked: string, found: string): readonly Drift[] {
  return locked === found ? [] : [{ what, locked, found }];
}
