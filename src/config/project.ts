import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Environment, type Flags, said } from './flags.ts';
import { nameOf } from './name.ts';
import { type Parsed, parseName } from './parsers.ts';
import { configFault, didYouMean, type Problem } from './problems.ts';
import { list } from './read-project.ts';
import { isThere, kindOf, readText, shown } from './text.ts';

/** Which project it is: its normalised name and its directory, absolute and real. */
export interface Project {
  readonly name: string;
  readonly directory: string;
}

/** The project directory and the configuration files in force, the one that decides last. */
export interface Found {
  readonly directory: string;
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  readonly notices: readonly string[];
}

const names = ['wsgi-dev.yaml', 'wsgi-dev.yml'];
const overrides = ['wsgi-dev.override.yaml', 'wsgi-dev.override.yml'];

/** Finds the configuration: -f names it, else the nearest directory upward that has one, else none. */
export function locateProject(flags: Flags, env: Environment, cwd: string): Found {
  const named = said('project-directory', flags.projectDirectory, 'WSGI_DEV_PROJECT_DIRECTORY', env);
  const file = said('file', flags.file, 'WSGI_DEV_FILE', env);
  const problems: Problem[] = [];
  const start = resolve(cwd, named?.text ?? '.');
  const kind = kindOf(start);
  if (kind !== 'directory') {
    const message = kind === undefined ? `the directory ${start} does not exist` : `${start} is no directory`;
    problems.push({ where: named?.where ?? cwd, message });
    return { directory: start, files: [], problems, notices: [] };
  }
  if (file !== undefined) {
    const path = resolve(cwd, file.text);
    const kind = kindOf(path);
    if (kind === undefined) {
      const near = didYouMean(basename(path), list(dirname(path)).files);
      problems.push({ where: file.where, message: `the file ${path} does not exist${near}` });
    } else if (kind === 'directory') {
      problems.push({ where: file.where, message: `${path} is a directory, expected a file` });
    }
    const directory = named === undefined && problems.length === 0 ? dirname(path) : start;
    return { directory: realpathSync(directory), files: problems.length === 0 ? [path] : [], problems, notices: [] };
  }
  for (let directory = realpathSync(start); ; directory = dirname(directory)) {
    const [main, ignored] = present(directory, names);
    const [override, ignoredOverride] = present(directory, overrides);
    const files = [main, override].filter((path) => path !== undefined);
    const spare = [ignored, ignoredOverride].filter((path) => path !== undefined);
    if (files.length > 0) {
      const notices = spare.map((path) => `${shown(path, cwd)} is ignored: the file ending in .yaml goes before it`);
      return { directory, files, problems, notices };
    }
    if (directory === dirname(directory)) return { directory: realpathSync(start), files: [], problems, notices: [] };
  }
}

function present(directory: string, candidates: readonly string[]): readonly string[] {
  return candidates.map((name) => join(directory, name)).filter(isThere);
}

/** Name and directory only, for commands that need no application; a fault elsewhere in the file is no matter. */
export async function findProject(flags: Flags, env: Environment, cwd: string): Promise<Project> {
  const { directory, files, problems } = locateProject(flags, env, cwd);
  if (problems.length > 0) throw configFault(problems);
  const given = said('project-name', flags.projectName, 'WSGI_DEV_PROJECT_NAME', env);
  if (given !== undefined) return { name: nameOrFault(parseName(given.text), given.where), directory };
  for (const file of files.toReversed()) {
    const name = await nameIn(file, env, cwd);
    if (name !== undefined) return { name, directory };
  }
  return { name: nameOf(directory), directory };
}

async function nameIn(path: string, env: Environment, cwd: string): Promise<string | undefined> {
  const file = shown(path, cwd);
  const read = readText(path);
  if ('fault' in read) throw configFault([{ where: `${file}:${read.line}:${read.column}`, message: read.fault }]);
  // Most files give no name: yaml, which takes a while to import, is left out for them.
  if (!/\bname\b/.test(read.text)) return undefined;
  const { parseSource } = await import('./yaml.ts');
  const keepsNull = () => false;
  const { value, spots, place } = parseSource(read.text, { env, textual: keepsNull, keepsNull });
  const name: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'name') : undefined;
  const { line, column } = place(['name'], 'value');
  if (typeof name === 'string') return nameOrFault(parseName(name), `${file}:${line}:${column}`);
  if (name !== undefined) throw configFault([{ where: `${file}:${line}:${column}`, message: '`name` should be text' }]);
  // The name may stand in what could not be read; guessing would act on another project.
  if (spots.length > 0 && /^\s*["']?name["']?\s*:/m.test(read.text)) {
    throw configFault(spots.map((spot) => ({ where: `${file}:${spot.line}:${spot.column}`, message: spot.message })));
  }
  return undefined;
}

function nameOrFault(parsed: Parsed<string>, where: string): string {
  if ('value' in parsed) return parsed.value;
  throw configFault([{ where, message: parsed.fault }]);
}
