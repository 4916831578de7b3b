import type { Config, ImageBase } from '../config/config.ts';
import { listed, suitePythons } from '../config/parsers.ts';
import { type BaseImage, ensureBase, ensureNamed } from '../engine/base.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { Output } from '../log.ts';
import { imagePlan } from '../plan/image.ts';
import type { ImagePlan } from '../plan/plan.ts';
import { releaseOf } from '../plan/releases.ts';
import { imageStack, type Stack, suiteStack } from '../plan/stack.ts';
import { toolsOf } from '../plan/tools.ts';
import { readDockerfile, readImageInputs } from './inputs.ts';
import { buildProgress, type ProgressStyle } from './progress.ts';
import type { Surroundings } from './surroundings.ts';

export interface ImageRequest {
  /** missing: only when the image of these inputs isn't there; never: a Fault (code 4) then. */
  readonly build: 'always' | 'missing' | 'never';
  readonly noCache: boolean;
  readonly pull: 'always' | 'missing' | 'never';
  readonly progress: ProgressStyle;
}

/** What the image of `config` is, its base looked up, pulled or made. */
export async function planImage(
  engine: Engine,
  config: Config,
  pull: ImageRequest['pull'],
  surroundings: Surroundings,
): Promise<ImagePlan> {
  const { env, packageRoot } = surroundings;
  const [{ base, stack }, inputs] = await Promise.all([
    findBase(engine, config, pull, surroundings),
    readImageInputs(config, packageRoot, env),
  ]);
  const dockerfile = readDockerfile(stack.modWsgi, toolsOf(config.debug).length > 0, packageRoot);
  return imagePlan(config, { ...inputs, dockerfile, stack, base: { ref: base.ref, id: base.image.id } });
}

/** The base image, and what becomes of it. */
async function findBase(
  engine: Engine,
  { base: wanted }: Config,
  pull: ImageRequest['pull'],
  { out, packageRoot, cacheDirectory }: Surroundings,
): Promise<{ readonly base: BaseImage; readonly stack: Stack }> {
  const imagesDirectory = `${packageRoot}/images`;
  if (wanted.kind === 'suite') {
    const request = { suite: releaseOf(wanted.python), pull, imagesDirectory, cacheDirectory };
    return { base: await ensureBase(engine, request, out), stack: suiteStack(wanted) };
  }
  const base = await ensureNamed(engine, { ref: wanted.image.value, pull, remedy: remedyFor(wanted) }, out);
  const { lookInto } = await import('../engine/look.ts');
  const contents = await lookInto(engine, base, { imagesDirectory, cacheDirectory }, out);
  return { base, stack: imageStack(wanted, contents) };
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
