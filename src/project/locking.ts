import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { proxiesOf } from '../config/proxies.ts';
import { madeBase } from '../engine/base.ts';
import type { Engine } from '../engine/engine.ts';
import { readInstalled } from '../engine/installed.ts';
import { ExitCode, Fault } from '../errors.ts';
import { hash, type ImageInputs, imagePlan, withUv } from '../plan/image.ts';
import { type Installed, sortedByName } from '../plan/installed.ts';
import type { Lock } from '../plan/lock.ts';
import { indexOptions } from '../plan/locked.ts';
import { lockedBase } from '../plan/locked-base.ts';
import { madeFrom, stackOf } from '../plan/made-from.ts';
import type { ImagePlan } from '../plan/plan.ts';
import { releaseOf } from '../plan/releases.ts';
import { ensureImage, findInputs, type ImageRequest } from './image.ts';
import { readLockDockerfile } from './inputs.ts';
import { buildProgress } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

/** What images/lock/hashes.py says. */
interface Chosen {
  readonly pip: readonly {
    readonly name: string;
    readonly version: string;
    /** Where the requirements name it by its address. */
    readonly url: string | null;
    readonly sha256: string;
  }[];
  /** What comes from version control: nothing tells two checkouts apart. */
  readonly unhashable: readonly { readonly name: string; readonly url: string }[];
  /** Hashes of what was compiled for the server. */
  readonly sources: readonly string[];
}

/** The lock of the project's image as it is, which is built first where it isn't there. Faults as of a build. */
export async function lockOf(
  engine: Engine,
  config: Config,
  request: Omit<ImageRequest, 'build' | 'frozen'>,
  surroundings: Surroundings,
): Promise<Omit<Lock, 'lock'>> {
  // Asked for in any case: what the lock is read from stands on its layers, and some may be gone.
  await ensureImage(engine, config, { ...request, build: 'always', frozen: false }, surroundings);
  const { inputs } = await findInputs(engine, config, { pull: 'missing', frozen: false }, surroundings);
  const plan = lockPlan(config, inputs, surroundings.packageRoot);
  const base = await engine.image(inputs.base.id);
  const { installed, chosen } = await look(engine, plan, request, surroundings);
  refuseUnhashable(chosen);
  const brought = new Set(chosen.pip.map(({ name, version }) => `${name}==${version}`));
  const [source] = chosen.sources;
  const made = config.base.kind === 'suite' ? releaseOf(config.base.python) : undefined;
  return {
    from: { ...stackOf(inputs.stack), ...madeFrom(config, inputs.requirements) },
    architecture: installed.architecture,
    base:
      config.base.kind === 'image' && config.base.devcontainer !== undefined
        ? { devcontainer: config.base.image.where }
        : lockedBase(
            inputs.base.ref,
            { id: inputs.base.id, digests: base?.digests ?? [] },
            made === undefined ? undefined : { suite: made, ref: madeBase(made) },
          ),
    runner: inputs.runner.hash,
    python: installed.python,
    apache: installed.apache,
    mod_wsgi: source === undefined ? installed.modWsgi : `${installed.modWsgi} sha256:${source}`,
    apt: installed.apt,
    pip: sortedByName(
      chosen.pip.map(({ name, version, url, sha256 }) =>
        [`${name}==${version}`, `sha256:${sha256}`, ...(url === null ? [] : [url])].join(' '),
      ),
    ),
    bundled: installed.pip.filter((one) => !brought.has(one)),
  };
}

/** An image that stands on the project's: with the hashes of what pip chose for it. */
function lockPlan(config: Config, inputs: ImageInputs, packageRoot: string): ImagePlan {
  const debug = { ...config.debug, debugger: 'pdb' as const };
  const dockerfile = readLockDockerfile(inputs.stack.modWsgi, withUv(inputs), packageRoot);
  const plan = imagePlan({ ...config, debug }, { ...inputs, dockerfile });
  const script = readFileSync(join(packageRoot, 'images/lock/hashes.py'), 'utf8');
  const files = [
    { path: 'lock/hashes.py', content: script },
    { path: 'lock/options.txt', content: indexOptions(inputs.requirements) },
  ];
  return {
    ...plan,
    // Another process may be about to take its own away.
    tag: `wsgi-dev/${config.name}-lock:${hash([plan.tag, files])}-${process.pid}`,
    context: () => [...plan.context(), ...files],
  };
}

/** Builds that image, reads it, and takes its name away again. */
async function look(
  engine: Engine,
  plan: ImagePlan,
  { progress: style }: Pick<ImageRequest, 'progress'>,
  { out, env, packageRoot, cacheDirectory }: Surroundings,
): Promise<{ readonly installed: Installed; readonly chosen: Chosen }> {
  const progress = await buildProgress(out, style, 'Looking up what pip chose');
  try {
    await engine.build({ ...plan, noCache: false, proxies: proxiesOf(env) }, progress.line);
    progress.done();
  } catch (error) {
    progress.failed();
    throw error;
  }
  try {
    const [installed, { stdout }] = await Promise.all([
      readInstalled(engine, plan.tag, { imagesDirectory: `${packageRoot}/images`, cacheDirectory }, out),
      engine.run(plan.tag, 'cat /lock.json'),
    ]);
    return { installed, chosen: JSON.parse(stdout) as Chosen };
  } finally {
    await engine.removeImage(plan.tag);
  }
}

function refuseUnhashable({ unhashable }: Chosen): void {
  if (unhashable.length === 0) return;
  const list = unhashable.map(({ name, url }) => `  ${name}: ${url}`);
  throw new Fault(['These requirements can’t be locked, as a checkout has no hash:', ...list].join('\n'), {
    code: ExitCode.usage,
    hint: 'Name a release, or an archive by its address: name @ https://…/name-1.0.tar.gz',
  });
}
