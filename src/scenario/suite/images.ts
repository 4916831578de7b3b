import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { proxiesOf } from '../../config/proxies.ts';
import type { Engine } from '../../engine/engine.ts';
import { readInstalled } from '../../engine/installed.ts';
import type { Installed } from '../../plan/installed.ts';
import type { ContextFile } from '../../plan/plan.ts';
import { sourceImagePlan } from '../../plan/scenario.ts';
import { ensureImage, type ImageRequest } from '../../project/image.ts';
import { refuseUnseen } from '../../project/seen.ts';
import { readSource } from '../../project/source.ts';
import type { Surroundings } from '../../project/surroundings.ts';

/** The images of a run of scenarios, each built once however many need it at the same time. */
export interface Images {
  /** The tag of the image that `config` means, with the source in it. */
  of(config: Config): Promise<string>;
  /** What is in an image that `of` gave. */
  installed(image: string): Promise<Installed>;
  /** Keeps those with the source in them for the next run, and takes away what the last one kept for a source of before. */
  tidy(): Promise<void>;
  /** Takes those with the source in them away: there is no next run. */
  remove(): Promise<void>;
}

/** Builds what is asked for, on `engine`; `source` gives the files of a project's root. */
export function createImages(
  engine: Engine,
  request: ImageRequest,
  surroundings: Surroundings,
  source: (config: Config) => Promise<readonly ContextFile[]> = ({ root }) => readSource(root),
): Images {
  const built = new Map<string, Promise<string>>();
  /** Tags by the directory of their project. */
  const withSource = new Map<string, Set<string>>();
  /** The project's image that each stands on: that one seldom changes. */
  const projects = new Map<string, string>();
  const known = new Map<string, Promise<Installed>>();

  async function build(config: Config): Promise<string> {
    // The source comes with the image, but the runner is spoken with through a directory of the project.
    await refuseUnseen(engine, config.directory);
    const project = await ensureImage(engine, config, request, surroundings);
    const plan = sourceImagePlan(config.name, project, await source(config));
    projects.set(plan.tag, project);
    withSource.set(config.directory, (withSource.get(config.directory) ?? new Set()).add(plan.tag));
    if ((await engine.image(plan.tag)) === undefined) {
      const proxies = proxiesOf(surroundings.env);
      await engine.build({ ...plan, noCache: false, proxies, signal: request.signal }, surroundings.out.debug);
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
    installed(image) {
      const project = projects.get(image) ?? image;
      const { packageRoot, cacheDirectory, out } = surroundings;
      const directories = { imagesDirectory: `${packageRoot}/images`, cacheDirectory };
      const found = known.get(project) ?? readInstalled(engine, project, directories, out);
      known.set(project, found);
      return found;
    },
    async tidy() {
      await Promise.allSettled(built.values());
      for (const [directory, tags] of withSource) await keepOnly(engine, directory, [...tags]);
    },
    async remove() {
      await Promise.allSettled(built.values());
      // Another run may be using one: then it is that one's to take away.
      for (const tag of [...withSource.values()].flatMap((tags) => [...tags])) {
        await engine.removeImage(tag).catch(() => undefined);
      }
    },
  };
}

async function keepOnly(engine: Engine, directory: string, tags: readonly string[]): Promise<void> {
  const kept = join(directory, '.wsgi-dev', 'source-images.json');
  const before = await readFile(kept, 'utf8').then(
    (text) => JSON.parse(text) as readonly string[],
    () => [],
  );
  for (const tag of before.filter((one) => !tags.includes(one))) {
    // Another run may be using it: then it is that one's to take away.
    await engine.removeImage(tag).catch(() => undefined);
  }
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(kept, JSON.stringify(tags));
}
