import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import type { Traces } from '../handover/trace.ts';
import { versionsOf } from '../plan/installed.ts';
import { LOCK_FILE } from '../plan/locked.ts';
import type { Surroundings } from '../project/surroundings.ts';
import type { Entry } from '../report/index-html.ts';
import { slugs } from '../report/slugs.ts';
import { forgetRun, readPageAssets, tellGithub, writeEvidence, writeRun } from '../report/write.ts';
import { outlineOf } from '../scenario/result/outline.ts';
import type { EnvironmentReport } from '../scenario/result/result.ts';
import type { Done, Prepared } from '../scenario/suite/suite.ts';

/** What a run of scenarios leaves in its output directory. */
export interface EvidenceWriter {
  /** Writes one scenario's directory; resolves with what the files of the whole run tell of it. */
  write(done: Done): Promise<Entry>;
  /** Writes what concerns all, and tells a CI that wants to be told, by `print`. */
  finish(entries: readonly Entry[], print: (line: string) => void): Promise<void>;
}

/** Directories are named after the scenarios, in the order of `prepared`; `frozen`: run on the image of the lock; `traces` are left for `ci pack`. */
export async function createEvidence(
  directory: string,
  prepared: readonly Prepared[],
  engine: Engine,
  { env, version, cwd }: Surroundings & { readonly cwd: string },
  frozen: boolean,
  traces?: Traces,
): Promise<EvidenceWriter> {
  const assets = await readPageAssets();
  await forgetRun(directory);
  // Paths in reports are relative to where a CI checked the sources out.
  const root = env.GITHUB_WORKSPACE ?? env.CI_PROJECT_DIR ?? cwd;
  const names = slugs(prepared.map(({ run, python }) => ({ name: run.name, python })));
  const slugOf = ({ run, python }: Prepared): string =>
    names[prepared.findIndex((one) => one.run === run && one.python === python)] ?? '';

  // To tell its version an engine runs its own programs: asked once for each image.
  const looked = new Map<string, ReturnType<typeof look>>();
  const look = (image: string) => Promise.all([engine.image(image), engine.version()]);

  async function environment({ config, image, installed }: Done): Promise<EnvironmentReport | undefined> {
    if (image === undefined || installed === undefined) return undefined;
    const asked = looked.get(image) ?? look(image);
    looked.set(image, asked);
    const [found, about] = await asked;
    const lock = await readFile(join(config.directory, LOCK_FILE)).catch(() => undefined);
    return {
      schema: 1,
      wsgiDev: version,
      image: { tag: image, id: found?.id ?? '' },
      engine: about,
      versions: versionsOf(installed),
      packages: { pip: installed.pip, apt: installed.apt },
      lock: lock && { sha256: createHash('sha256').update(lock).digest('hex'), frozen },
      env: Object.keys(config.env).sort(),
    };
  }

  return {
    async write(done) {
      const { result, recording } = done;
      const evidence = { result, recording, environment: await environment(done) };
      const own = join(directory, slugOf(done));
      await writeEvidence(own, evidence, assets);
      const trace = done.image === undefined ? undefined : await traces?.of(done.config, own);
      if (trace === undefined) await rm(join(own, 'run.json'), { force: true });
      else await writeFile(join(own, 'run.json'), `${JSON.stringify(trace, null, 2)}\n`);
      return { slug: slugOf(done), result: outlineOf(result), base: relative(root, done.config.directory) };
    },
    async finish(entries, print) {
      await writeRun(directory, entries, assets);
      await tellGithub(env, entries, print);
    },
  };
}
