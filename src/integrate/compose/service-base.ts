import type { ComposeConfig, Config, ImageBase } from '../../config/config.ts';
import { ensureNamed } from '../../engine/base.ts';
import type { Engine, ImageInfo } from '../../engine/engine.ts';
import { lookInto } from '../../engine/look.ts';
import { ExitCode, Fault } from '../../errors.ts';
import { imageStack } from '../../plan/stack.ts';
import type { Surroundings } from '../../project/surroundings.ts';
import type { ComposeCli } from './cli.ts';
import type { ComposeModel } from './model.ts';

/** So much of a failed build's output is shown. */
const TAIL = 20;

/** When the service's image is built or pulled. */
export interface ImageWish {
  readonly build: 'always' | 'missing' | 'never';
  readonly pull: 'always' | 'missing' | 'never';
}

export interface BaseRequest extends ImageWish {
  readonly engine: Engine;
  readonly config: Config;
  readonly compose: ComposeConfig;
  readonly surroundings: Surroundings;
}

export interface ServiceBase {
  /** undefined: the user's own, or the service's can't be one. */
  readonly base: ImageBase | undefined;
  /** The service's image. */
  readonly image: ImageInfo | undefined;
  readonly notices: readonly string[];
}

/** The service's image, built by compose or pulled, as the base of the project's; where it can't be, that is said. */
export async function serviceBase(request: BaseRequest, cli: ComposeCli, model: ComposeModel): Promise<ServiceBase> {
  const { engine, compose, surroundings } = request;
  const name = compose.service.value;
  const { image: written, build } = model.services[name] ?? {};
  // The name that compose gives to what it builds.
  const ref = written ?? `${model.name}-${name}`;
  if (!compose.ownBase) return { base: undefined, image: await engine.image(ref), notices: [] };
  const image = build === undefined ? await pulled(request, ref) : await built(request, cli, name, ref);
  const base: ImageBase = {
    kind: 'image',
    image: { value: ref, where: `the service ${name}` },
    python: undefined,
    modWsgi: undefined,
  };
  try {
    const directories = {
      imagesDirectory: `${surroundings.packageRoot}/images`,
      cacheDirectory: surroundings.cacheDirectory,
    };
    imageStack(base, await lookInto(engine, { ref, image }, directories, surroundings.out));
    return { base, image, notices: [] };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== ExitCode.usage) throw error;
    const why = error.message.split('\n').at(-1) ?? '';
    return {
      base: undefined,
      image,
      notices: [
        `${why}`,
        `Going on with a base of wsgi-dev's own; \`image:\` or \`python:\` in wsgi-dev.yaml choose another`,
      ],
    };
  }
}

async function pulled({ engine, pull, surroundings, compose }: BaseRequest, ref: string): Promise<ImageInfo> {
  const remedy = `The service ${compose.service.value} names it; load it onto the engine: docker pull, or docker load.`;
  return (await ensureNamed(engine, { ref, pull, remedy }, surroundings.out)).image;
}

async function built(
  { engine, build, surroundings: { out } }: BaseRequest,
  cli: ComposeCli,
  service: string,
  ref: string,
): Promise<ImageInfo> {
  const present = build === 'always' ? undefined : await engine.image(ref);
  if (present !== undefined) return present;
  if (build === 'never') {
    throw new Fault(`The image ${ref} of ${service} is not built, and neither --no-build nor --dry-run builds it`, {
      code: ExitCode.build,
      hint: `Build it with \`docker compose build ${service}\`.`,
    });
  }
  out.info(`Building ${ref} (docker compose build ${service})`);
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    out.debug(line);
  };
  const { code } = await cli.run(['--progress', 'plain', 'build', service], { onLine });
  const image = code === 0 ? await engine.image(ref) : undefined;
  if (image !== undefined) return image;
  throw new Fault(
    [`docker compose could not build ${service}:`, ...lines.slice(-TAIL).map((line) => `  ${line}`)].join('\n'),
    {
      code: ExitCode.build,
      hint: `\`docker compose build ${service}\` shows all of it. It needs docker buildx 0.17 or later.`,
    },
  );
}
