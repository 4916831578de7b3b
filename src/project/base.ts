import type { Config, ImageBase } from '../config/config.ts';
import { listed, suitePythons } from '../config/parsers.ts';
import { type BaseImage, ensureBase, ensureMade, ensureNamed, type NamedRequest } from '../engine/base.ts';
import type { Engine } from '../engine/engine.ts';
import type { LockedBase } from '../plan/lock.ts';
import { LOCK_FILE } from '../plan/locked.ts';
import { repositoryOf } from '../plan/locked-base.ts';
import { releaseOf } from '../plan/releases.ts';
import { imageStack, type Stack, suiteStack } from '../plan/stack.ts';
import type { Surroundings } from './surroundings.ts';

export interface FoundBase {
  readonly base: BaseImage;
  readonly stack: Stack;
}

/** The base image of a project, the one of its lock where there is one, and what becomes of it. */
export async function findBase(
  engine: Engine,
  { base: wanted }: Config,
  pull: NamedRequest['pull'],
  locked: LockedBase | undefined,
  { out, packageRoot, cacheDirectory }: Surroundings,
): Promise<FoundBase> {
  const directories = { imagesDirectory: `${packageRoot}/images`, cacheDirectory };
  const base = async (): Promise<BaseImage> => {
    if (locked !== undefined && 'suite' in locked) {
      return await ensureMade(engine, { suite: locked.suite, ...directories }, out);
    }
    if (locked !== undefined && !('devcontainer' in locked)) {
      return await ensureNamed(engine, lockedRequest(locked, pull), out);
    }
    if (wanted.kind === 'image') {
      return await ensureNamed(engine, { ref: wanted.image.value, pull, remedy: remedyFor(wanted) }, out);
    }
    return await ensureBase(engine, { suite: releaseOf(wanted.python), pull, ...directories }, out);
  };
  const found = await base();
  if (wanted.kind === 'suite') return { base: found, stack: suiteStack(wanted) };
  const { lookInto } = await import('../engine/look.ts');
  return { base: found, stack: imageStack(wanted, await lookInto(engine, found, directories, out)) };
}

/** An image as it was when it was locked. */
function lockedRequest(locked: Extract<LockedBase, { image: string }>, pull: NamedRequest['pull']): NamedRequest {
  const ref = 'digest' in locked ? `${repositoryOf(locked.image)}@${locked.digest}` : locked.image;
  return {
    ref,
    // What a digest or an id names never changes: there is nothing newer to ask for.
    pull: pull === 'always' ? 'missing' : pull,
    remedy: `${LOCK_FILE} names it: load it onto the engine (docker pull, docker load), or lock anew.`,
  };
}

/** What to do where the image can't be had. */
function remedyFor({ image, python }: ImageBase): string {
  const load = `load it onto the engine: docker pull ${image.value}, or docker load where no registry answers.`;
  if (image.where !== python?.where) return `${image.where} names it; ${load}`;
  return [
    `Python ${python.value} (${python.where}) is in no Debian release and comes with this image; ${load}`,
    `Without a registry choose Python ${listed(suitePythons)}, or name another image: --image, or image: in wsgi-dev.yaml.`,
  ].join('\n');
}
