import type { Config } from '../config/config.ts';
import { ensureBase } from '../engine/base.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { imagePlan } from '../plan/image.ts';
import type { ImagePlan } from '../plan/plan.ts';
import { suiteFor } from '../plan/python.ts';
import { readImageInputs } from './inputs.ts';
import { buildProgress, type ProgressStyle } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

export interface ImageRequest {
  /** missing: only when the image of these inputs isn't there; never: a Fault (code 4) then. */
  readonly build: 'always' | 'missing' | 'never';
  readonly noCache: boolean;
  readonly pull: 'always' | 'missing' | 'never';
  readonly progress: ProgressStyle;
}

/** What the image of `config` is, its base looked up or made. */
export async function planImage(
  engine: Engine,
  config: Config,
  pull: ImageRequest['pull'],
  { out, env, packageRoot, cacheDirectory }: Surroundings,
): Promise<ImagePlan> {
  const suite = suiteFor(config).name;
  const imagesDirectory = `${packageRoot}/images`;
  const [base, inputs] = await Promise.all([
    ensureBase(engine, { suite, pull, imagesDirectory, cacheDirectory }, out),
    readImageInputs(config, packageRoot, env),
  ]);
  return imagePlan(config, { ...inputs, base: { ref: base.ref, id: base.image.id } });
}

/** The tag of the project's image, built if it is missing (or asked for). */
export async function ensureImage(
  engine: Engine,
  config: Config,
  request: ImageRequest,
  surroundings: Surroundings,
): Promise<string> {
  const plan = await planImage(engine, config, request.pull, surroundings);
  const present = (await engine.image(plan.tag)) !== undefined;
  if (present && request.build !== 'always') return plan.tag;
  if (request.build === 'never') {
    throw new Fault(`The image ${plan.tag} is not built, and --no-build forbids it`, {
      code: ExitCode.build,
      hint: 'Build it with `wsgi-dev build`.',
    });
  }
  await build(engine, plan, request, surroundings.out);
  return plan.tag;
}

async function build(engine: Engine, plan: ImagePlan, request: ImageRequest, out: Output): Promise<void> {
  const progress = await buildProgress(out, request.progress, `Building ${plan.tag}`);
  try {
    await engine.build({ ...plan, noCache: request.noCache }, progress.line);
    progress.done();
  } catch (error) {
    progress.failed();
    throw error;
  }
}
