import { join } from 'node:path';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { lockedBase } from './base-lock.ts';
import { makeRootFs } from './base-make.ts';
import { registryOf } from './credentials.ts';
import type { Engine, ImageInfo } from './engine.ts';
import { EngineFault, faultKind, RegistryFault } from './fault.ts';

export interface BaseRequest {
  /** Debian's name of the release: "bookworm". */
  readonly suite: string;
  /** always: ask the registry first; missing: only when the engine has none; never: what is there, or a fault. */
  readonly pull: 'always' | 'missing' | 'never';
  /** Debian's name of the engine's architecture; undefined: ask the engine. */
  readonly architecture?: string | undefined;
  /** The package's images directory, with base/make-base.sh in it. */
  readonly imagesDirectory: string;
  /** Where locks lie: the XDG cache directory of wsgi-dev; made when missing. */
  readonly cacheDirectory: string;
}

export interface BaseImage {
  readonly ref: string;
  readonly image: ImageInfo;
}

/** A registry that does not begin to answer in this time is taken for none: builds need not wait for it. */
const pullPatience = 15_000;

/**
 * The base image of a suite: Debian's own from the engine or a registry, else one made here from the Debian archive
 * (about a minute, once). Faults: code 4 where nothing is there and none may or can be had; code 3 from the engine.
 */
export async function ensureBase(engine: Engine, request: BaseRequest, out: Output): Promise<BaseImage> {
  const { suite, pull } = request;
  const official = officialBase(suite);
  const made = madeBase(suite);
  if (pull === 'always' && (await pulled(engine, official, out))) {
    return found(engine, official);
  }
  const present = await firstPresent(engine, [official, made]);
  if (present !== undefined) {
    return present;
  }
  if (pull === 'never') {
    throw new EngineFault('no-image', `The engine has no base image for Debian ${suite}, and pulling is off`, {
      code: ExitCode.build,
      hint: `Leave --pull never out, or load ${official} onto the engine (docker load).`,
    });
  }
  if (pull === 'missing' && (await pulled(engine, official, out))) {
    return found(engine, official);
  }
  return ensureMade(engine, request, out);
}

/** The base image that is made from the Debian archive, whether a registry has one of the suite or not. */
export async function ensureMade(engine: Engine, request: Omit<BaseRequest, 'pull'>, out: Output): Promise<BaseImage> {
  const { suite } = request;
  const made = madeBase(suite);
  const present = await firstPresent(engine, [made]);
  if (present !== undefined) return present;
  return lockedBase(request.cacheDirectory, suite, out, async () => {
    // Another process may have made it while this one waited.
    const other = await firstPresent(engine, [made]);
    if (other !== undefined) {
      return other;
    }
    await make(engine, request, made, out);
    return found(engine, made);
  });
}

/** The name of Debian's own base image. */
export function officialBase(suite: string): string {
  return `debian:${suite}-slim`;
}

/** The name of the base image that is made here. */
export function madeBase(suite: string): string {
  return `wsgi-dev/base:${suite}`;
}

export interface NamedRequest {
  readonly ref: string;
  readonly pull: BaseRequest['pull'];
  /** What to do where it can't be had. */
  readonly remedy: string;
}

/** The image that the user named. Faults: code 4 where it isn't there and can't, or may not, be pulled. */
export async function ensureNamed(engine: Engine, request: NamedRequest, out: Output): Promise<BaseImage> {
  const { ref, pull, remedy } = request;
  if (pull !== 'always') {
    const image = await engine.image(ref);
    if (image !== undefined) return { ref, image };
  }
  if (pull === 'never') {
    throw new EngineFault('no-image', `The engine has no image ${ref}, and pulling is off`, {
      code: ExitCode.build,
      hint: remedy,
    });
  }
  const refused = await tryPull(engine, ref, out);
  if (refused === undefined) return found(engine, ref);
  throw new RegistryFault(refused, { code: ExitCode.build, hint: withLogin(refused, ref, remedy) });
}

/** What to do where a registry doesn't know who asks. */
function withLogin(refused: string, ref: string, remedy: string): string {
  if (!/unauthorized|authentication required|no basic auth|access denied|denied:/i.test(refused)) return remedy;
  const registry = registryOf(ref);
  return `It may want to know who asks: docker login${registry.startsWith('https:') ? '' : ` ${registry}`}\n${remedy}`;
}

async function make(engine: Engine, request: Omit<BaseRequest, 'pull'>, ref: string, out: Output): Promise<void> {
  const { suite } = request;
  const architecture = request.architecture ?? debianArchitecture((await engine.version()).arch);
  out.info(`Making the base image ${ref} from the Debian archive; this is done once and takes about a minute.`);
  const script = join(request.imagesDirectory, 'base/make-base.sh');
  await makeRootFs({ script, suite, architecture }, out, (tar) => engine.importImage(tar, ref));
}

async function firstPresent(engine: Engine, refs: readonly string[]): Promise<BaseImage | undefined> {
  const images = await Promise.all(refs.map(async (ref) => ({ ref, image: await engine.image(ref) })));
  return images.find((one): one is BaseImage => one.image !== undefined);
}

async function found(engine: Engine, ref: string): Promise<BaseImage> {
  const image = await engine.image(ref);
  if (image === undefined) {
    throw new Fault(`The image ${ref} is gone from the engine again`, { code: ExitCode.engine, hint: 'Run it again.' });
  }
  return { ref, image };
}

/** false when no registry gives it, which is told; any other fault is thrown. */
async function pulled(engine: Engine, ref: string, out: Output): Promise<boolean> {
  const refused = await tryPull(engine, ref, out);
  if (refused === undefined) return true;
  out.info(`No registry has ${ref} for this engine.`);
  out.debug(refused);
  return false;
}

/** Why no registry gives it; undefined once it is there. Any other fault is thrown. */
async function tryPull(engine: Engine, ref: string, out: Output): Promise<string | undefined> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), pullPatience);
  out.info(`Pulling ${ref}`);
  try {
    await engine.pull(
      ref,
      (line) => {
        clearTimeout(timer);
        out.debug(line);
      },
      silence.signal,
    );
    return undefined;
  } catch (error) {
    if (silence.signal.aborted) return `Cannot pull the image ${ref}: no registry answered in ${pullPatience / 1000} s`;
    if (faultKind(error) !== 'registry' || !(error instanceof Error)) throw error;
    return error.message;
  } finally {
    clearTimeout(timer);
  }
}

/** Go's names of architectures, as engines give them, in Debian's words. */
export function debianArchitecture(goArch: string): string {
  return { arm: 'armhf', '386': 'i386', ppc64le: 'ppc64el' }[goArch] ?? goArch;
}
