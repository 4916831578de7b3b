import type { Config } from '../config/config.ts';
import { proxiesOf } from '../config/proxies.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { type ImageInputs, imagePlan, withUv } from '../plan/image.ts';
import type { Lock } from '../plan/lock.ts';
import { lockedParts } from '../plan/locked.ts';
import type { ImagePlan } from '../plan/plan.ts';
import { toolsOf } from '../plan/tools.ts';
import type { TroubleContext } from '../plan/trouble.ts';
import { findBase } from './base.ts';
import { readDockerfile, readImageInputs } from './inputs.ts';
import { buildProgress, type ProgressStyle } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

export interface ImageRequest {
  /** missing: only when the image of these inputs isn't there; never: a Fault (code 4) then. */
  readonly build: 'always' | 'missing' | 'never';
  readonly noCache: boolean;
  readonly pull: 'always' | 'missing' | 'never';
  readonly progress: ProgressStyle;
  /** Built from the project's lock; a Fault names everything that differs from it. */
  readonly frozen: boolean;
  /** Aborted: a build ends where it is. */
  readonly signal?: AbortSignal | undefined;
}

/** What the image of `config` is, its base looked up, pulled or made. */
export async function planImage(
  engine: Engine,
  config: Config,
  request: Pick<ImageRequest, 'pull' | 'frozen'>,
  surroundings: Surroundings,
): Promise<ImagePlan> {
  return imagePlan(config, (await findInputs(engine, config, request, surroundings)).inputs);
}

/** All that an image is made of, and the lock that it is made from. */
export async function findInputs(
  engine: Engine,
  config: Config,
  { pull, frozen }: Pick<ImageRequest, 'pull' | 'frozen'>,
  surroundings: Surroundings,
): Promise<{ readonly inputs: ImageInputs; readonly lock: Lock | undefined }> {
  const { env, packageRoot } = surroundings;
  const reading = readImageInputs(config, packageRoot, env);
  const lock = frozen ? await (await import('./frozen.ts')).fittingLock(engine, config, await reading) : undefined;
  const [found, read] = await Promise.all([findBase(engine, config, pull, lock?.base, surroundings), reading]);
  if (lock !== undefined) (await import('./frozen.ts')).refuseOtherBase(lock, found);
  const { base, stack } = found;
  const locked = lock && lockedParts(lock, read.requirements);
  const inputs = {
    ...read,
    dockerfile: readDockerfile(
      stack.modWsgi,
      { tools: toolsOf(config.debug).length > 0, uv: withUv({ ...read, locked }) },
      packageRoot,
    ),
    stack,
    base: { ref: base.ref, id: base.image.id },
    locked,
  };
  return { inputs, lock };
}

/** The tag of the project's image, built if it is missing (or asked for). */
export async function ensureImage(
  engine: Engine,
  config: Config,
  request: ImageRequest,
  surroundings: Surroundings,
): Promise<string> {
  const { inputs, lock } = await findInputs(engine, config, request, surroundings);
  const plan = imagePlan(config, inputs);
  const present = (await engine.image(plan.tag)) !== undefined;
  if (!present && request.build === 'never') {
    throw new Fault(`The image ${plan.tag} is not built, and --no-build forbids it`, {
      code: ExitCode.build,
      hint: 'Build it with `wsgi-dev build`.',
    });
  }
  if (!present || request.build === 'always') {
    const context = { apt: config.packages.apt, distribution: inputs.stack.distribution };
    await build(engine, plan, { lock, context }, request, surroundings);
  }
  if (lock !== undefined) {
    const { refuseOtherContents } = await import('./frozen.ts');
    await refuseOtherContents(engine, plan.tag, lock, surroundings);
  }
  return plan.tag;
}

async function build(
  engine: Engine,
  plan: ImagePlan,
  { lock, context }: { readonly lock: Lock | undefined; readonly context: TroubleContext },
  { noCache, progress: style, signal }: ImageRequest,
  { out, env }: Surroundings,
): Promise<void> {
  const progress = await buildProgress(out, style, `Building ${plan.tag}`);
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    progress.line(line);
  };
  try {
    await engine.build({ ...plan, noCache, proxies: proxiesOf(env), signal }, onLine);
    progress.done();
  } catch (error) {
    progress.failed();
    const failure = lock === undefined ? error : (await import('./frozen.ts')).buildFailure(lock, lines, error);
    throw failure === error ? (await import('./unbuilt.ts')).explained(error, lines, context) : failure;
  }
}
