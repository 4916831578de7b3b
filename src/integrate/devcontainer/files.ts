import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';

/** Where the local Feature lies, below the project: it has to be in .devcontainer. */
export const FEATURE = '.devcontainer/wsgi-dev';

/**
 * The devcontainer.json of the project in `directory`, below it: one of the two places that the specification knows, else
 * the only one in a folder of .devcontainer. undefined: there is none, or no single one.
 */
export function findDevcontainer(directory: string): string | undefined {
  const [first] = ['.devcontainer/devcontainer.json', '.devcontainer.json'].filter((path) =>
    existsSync(join(directory, path)),
  );
  return first ?? (several(directory).length === 1 ? several(directory)[0] : undefined);
}

function several(directory: string): readonly string[] {
  try {
    return readdirSync(join(directory, '.devcontainer'))
      .map((name) => posix.join('.devcontainer', name, 'devcontainer.json'))
      .filter((path) => existsSync(join(directory, path)));
  } catch {
    return [];
  }
}

/** The Feature as devcontainer.json at `path` names it: "./wsgi-dev". */
export function featureName(path: string): string {
  const from = relative(dirname(path), FEATURE);
  return from.startsWith('.') && !from.startsWith('.devcontainer') ? from : `./${from}`;
}
