import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ExitCode, Fault } from '../../errors.ts';
import { shellWord } from '../../shell.ts';

/** What `wsgi-dev compose init` writes, beside the compose file. */
export const OVERLAY = 'compose.wsgi-dev.yaml';

const NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/**
 * The compose files of a project, absolute: those that were named, those of COMPOSE_FILE, or the ones that compose finds
 * itself, in `directory` or above, with their override; without the overlay. A Fault (code 2) where there are none.
 */
export function composeFiles(
  directory: string,
  named: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly [string, ...string[]] {
  const all = named.length > 0 ? named : (fromVariable(directory, env) ?? found(directory));
  const [first, ...others] = all.filter(isNotOverlay);
  if (first !== undefined) return [first, ...others];
  throw new Fault(`There is no compose file in ${directory} or above`, {
    code: ExitCode.usage,
    hint: `One is named ${NAMES.join(', ')}; \`compose: {file: …}\` in wsgi-dev.yaml names another.`,
  });
}

/**
 * What compose is to be told to read of `named`: with the overlay the service would be wsgi-dev's own already. none: what it
 * finds by itself.
 */
export function filesBeneath(
  directory: string,
  named: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const all = named.length > 0 ? named : (fromVariable(directory, env) ?? []);
  return all.every(isNotOverlay) ? named : all.filter(isNotOverlay);
}

function isNotOverlay(path: string): boolean {
  return basename(path) !== OVERLAY;
}

/** Those of COMPOSE_FILE, which may be said in .env too. */
function fromVariable(
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] | undefined {
  const beside = (name: string): string | undefined =>
    new RegExp(`^${name}=["']?([^"'\n]+)`, 'm').exec(textOf(join(directory, '.env')) ?? '')?.[1]?.trim();
  const {
    COMPOSE_FILE: files = beside('COMPOSE_FILE'),
    COMPOSE_PATH_SEPARATOR: separator = beside('COMPOSE_PATH_SEPARATOR'),
  } = env;
  return files ? files.split(separator || ':').map((file) => resolve(directory, file)) : undefined;
}

function found(directory: string): readonly string[] {
  for (let at = directory; ; at = dirname(at)) {
    const main = NAMES.map((name) => join(at, name)).find((path) => existsSync(path));
    if (main !== undefined) {
      const overrides = NAMES.map((name) => join(at, name.replace(/\.ya?ml$/, '.override$&')));
      return [main, ...overrides.filter((path) => existsSync(path)).slice(0, 1)];
    }
    if (at === dirname(at)) return [];
  }
}

/** The text of a file; undefined: there is none. */
export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** The options by which docker compose, called in `directory`, reads these files: words of the shell. */
export function fileOptions(directory: string, files: readonly string[]): string {
  return files.map((file) => `-f ${shellWord(relative(directory, file))}`).join(' ');
}
