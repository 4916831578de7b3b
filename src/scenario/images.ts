import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { sourceImagePlan } from '../plan/scenario.ts';
import { ensureImage, type ImageRequest } from '../project/image.ts';
import { readSource } from '../project/source.ts';
import type { Surroundings } from '../project/surroundings.ts';

/** The images of a run of scenarios, each built once however many need it at the same time. */
export interface Images {
  /** The tag of the image that `config` means, with the source in it. */
  of(config: Config): Promise<string>;
  /** Takes those with the source in them away again. */
  remove(): Promise<void>;
}

/** Builds what is asked for, on `engine`. */
export function createImages(engine: Engine, request: ImageRequest, surroundings: Surroundings): Images {
  const built = new Map<string, Promise<string>>();
  const withSource = new Set<string>();

  async function build(config: Config): Promise<string> {
    const project = await ensureImage(engine, config, request, surroundings);
    const plan = sourceImagePlan(config.name, project, await readSource(config.root));
    withSource.add(plan.tag);
    if ((await engine.image(plan.tag)) === undefined) {
      await engine.build({ ...plan, noCache: false }, surroundings.out.debug);
    }
    return plan.tag;
  }

  return {
    of(config) {
      const { name, root, base, packages } = config;
      const key = JSON.stringify([name, root, base, packages]);
      const image = built.get(key) ?? build(config);
      built.set(key, image);
      return image;
    },
    async remove() {
      await Promise.allSettled(built.values());
      for (const tag of withSource) await engine.removeImage(tag);
    },
  };
}
