import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ComposeConfig } from '../../config/config.ts';
import { readJsonc } from '../../jsonc.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The compose files that devcontainer.json at `path` names, absolute; none: it names an image or a Dockerfile. */
export function composeFilesOf(directory: string, path: string, named: unknown): readonly string[] {
  const files = [named].flat().filter((one): one is string => typeof one === 'string' && one !== '');
  return files.map((file) => join(directory, dirname(path), file));
}

/** The same, of the text of devcontainer.json, as far as its paths hold no variables. */
export function composeFilesIn(directory: string, path: string, text: string): readonly string[] {
  return composeFilesOf(directory, path, readJsonc(text, path).dockerComposeFile);
}

/** The place of a service that a merged devcontainer.json names, among those that it wants to run; undefined: it names none. */
export function serviceOf(
  directory: string,
  path: string,
  { dockerComposeFile, service, runServices }: Readonly<Record<string, unknown>>,
  { env, ownPort }: { readonly env: Environment; readonly ownPort: boolean },
): ComposeConfig | undefined {
  const files = composeFilesOf(directory, path, dockerComposeFile);
  if (files.length === 0 || typeof service !== 'string') return undefined;
  const besides = Array.isArray(runServices) ? runServices.map(String) : [];
  return {
    service: { value: service, where: path },
    files,
    ownBase: false,
    ownPort,
    devcontainer: {
      project: projectName(directory, files, env),
      // Without a word all of them run.
      services: Array.isArray(runServices) ? [...new Set([service, ...besides])] : [],
    },
  };
}

/** What the devcontainer CLI calls the project where compose would call it after .devcontainer; undefined: as compose does. */
function projectName(directory: string, [first = '']: readonly string[], env: Environment): string | undefined {
  if (env.COMPOSE_PROJECT_NAME || dirname(first) !== join(directory, '.devcontainer')) return undefined;
  if (/^COMPOSE_PROJECT_NAME=./m.test(textOf(join(directory, '.env')))) return undefined;
  // A file that names itself is taken at its word.
  if (/^name:/m.test(textOf(first))) return undefined;
  return `${basename(directory)}_devcontainer`.toLowerCase().replace(/[^-_a-z0-9]/g, '');
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
