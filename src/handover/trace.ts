import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { type Environment, type Flags, said } from '../config/flags.ts';
import type { ContextFile } from '../plan/plan.ts';
import { readSource } from '../project/source.ts';
import type { RunTrace } from './manifest.ts';
import { settingVariables } from './settings.ts';
import { handedOver, projectFiles, sourceDigest, wayInside, wayTo } from './source.ts';

/** What was run, taken down for `ci pack`. */
export interface Traces {
  /** Reads the files of the project's root, and takes down what they are. */
  read(config: Config): Promise<readonly ContextFile[]>;
  /** run.json of evidence in `directory`; undefined where the source was never read. */
  of(config: Config, directory: string): Promise<RunTrace | undefined>;
}

/** Traces of one run of `ci`, whose evidence goes to `output`, and which was `frozen` or not. */
export function createTraces(
  output: string,
  { env, flags, cwd }: { readonly env: Environment; readonly flags: Flags; readonly cwd: string },
  frozen: boolean,
): Traces {
  const digests = new Map<string, Promise<string>>();
  const keyOf = ({ directory, root }: Config): string => JSON.stringify([directory, root]);
  const file = said('file', flags.file, 'WSGI_DEV_FILE', env);
  const given = settingVariables.filter((name) => env[name]).map((name) => [name, env[name] ?? '']);
  return {
    async read(config) {
      // What an earlier run left is no part of what is run.
      const files = await readSource(config.root, wayInside(config.root, output));
      const own = wayInside(config.directory, output);
      const digest = projectFiles(config, files).then((all) => sourceDigest(handedOver(all, own)));
      // It is looked at later, and must not end the process until then.
      digest.catch(() => undefined);
      if (!digests.has(keyOf(config))) digests.set(keyOf(config), digest);
      return files;
    },
    async of(config, directory) {
      const source = await digests.get(keyOf(config));
      if (source === undefined) return undefined;
      return {
        schema: 1,
        project: wayTo(directory, config.directory) || '.',
        output: wayInside(config.directory, output),
        source,
        configuration: file && wayInside(config.directory, resolve(cwd, file.text)),
        variables: Object.fromEntries(given),
        ...(frozen && { frozen }),
        ...(config.base.kind === 'image' && config.base.devcontainer && { devcontainer: config.base.image.where }),
        ...(config.joined && { service: config.joined.service }),
      };
    },
  };
}
