import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/flags.ts';
import { isInside } from '../config/text.ts';
import { parseSource } from '../config/yaml.ts';
import { listIn, mapIn } from '../scenario/file/raw.ts';

/** The env files that configuration files and a scenario name, as written; all paths absolute. Imports yaml. */
export function envFilesOf(configurations: readonly string[], scenario: string, env: Environment): readonly string[] {
  const read = (path: string): unknown => {
    const options = { env, textual: () => false, keepsNull: () => false };
    return parseSource(readFileSync(path, 'utf8'), options).value;
  };
  const settings = [...configurations.map(read), mapIn(read(scenario)).config];
  return settings.flatMap((one) => listIn(mapIn(one).env_file).filter((path) => typeof path === 'string'));
}

/** What of a project's configuration leads out of its directory, for a person; undefined: nothing. */
export function leadsOut(config: Config, envFiles: readonly string[]): string | undefined {
  const { directory, mounts, network, packages } = config;
  const isOutside = (path: string): boolean => !isInside(resolve(directory, path), directory);
  const mount = mounts.find(({ source }) => isOutside(source) || isInside(directory, source));
  // Mounted as a whole, the container could change what is run on the host next.
  if (mount !== undefined) return `mounts: ${shown(mount.source, directory)} is not a directory inside the project`;
  if (network !== undefined) return `the network ${network} is this machine's own`;
  const file = envFiles.find(isOutside);
  if (file !== undefined) return `env_file: ${file} lies outside of the project`;
  const requirements = packages.pip.find(isOutside);
  return requirements && `packages.pip: ${shown(requirements, directory)} lies outside of the project`;
}

function shown(path: string, directory: string): string {
  return relative(directory, path) || '.';
}
