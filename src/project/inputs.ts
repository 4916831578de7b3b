import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Config } from '../config/config.ts';
import type { ModWsgi } from '../config/mod-wsgi.ts';
import { packageFileKind } from '../config/package-kind.ts';
import { kindOf } from '../config/text.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { ImageInputs } from '../plan/image.ts';
import { localsIn } from '../plan/local.ts';
import type { ContextFile } from '../plan/plan.ts';
import { editablesIn } from '../plan/uv.ts';
import { buildCertificates } from './certificates.ts';
import { editableFiles } from './editable.ts';
import { readRunner } from './runner.ts';

/** Reads what goes into a project's image, but for the base and what is built on it: the runner of this package, the project's
 * requirements and what they include, and the host's own certificate authorities. */
export async function readImageInputs(
  config: Config,
  packageRoot: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Omit<ImageInputs, 'base' | 'stack' | 'dockerfile'>> {
  const [requirements, certificates] = await Promise.all([readRequirements(config), buildCertificates(config, env)]);
  return {
    runner: readRunner(packageRoot),
    requirements,
    requirementsNamed: config.packages.pip.map(inside(config)),
    certificates,
  };
}

/** The stage with Apache and mod_wsgi, what every project puts on it, and the tools that pip installs. The engine's
 * classic builder runs each stage of a Dockerfile, needed or not, so the distribution's has none that compiles. */
export function readDockerfile(
  { kind }: ModWsgi,
  { tools, uv }: { readonly tools: boolean; readonly uv: boolean },
  packageRoot: string,
): string {
  const origin = kind === 'distro' ? 'debian' : 'pypi';
  const parts = ['project/apt.Dockerfile', `${origin}/server.Dockerfile`, ...projectParts(uv)];
  if (tools) parts.push('tools/Dockerfile');
  return parts.map((path) => readFileSync(join(packageRoot, 'images', path), 'utf8')).join('');
}

/** The same stages, and what `wsgi-dev lock` reads of them. */
export function readLockDockerfile({ kind }: ModWsgi, uv: boolean, packageRoot: string): string {
  const origin = kind === 'distro' ? 'debian' : 'pypi';
  const server = ['project/apt.Dockerfile', `${origin}/server.Dockerfile`];
  const parts = [...server, `${origin}/lock.Dockerfile`, ...projectParts(uv), 'lock/Dockerfile'];
  return parts.map((path) => readFileSync(join(packageRoot, 'images', path), 'utf8')).join('');
}

/** The stages of every project, with the installer that its requirements need. */
function projectParts(uv: boolean): readonly string[] {
  return ['system', uv ? 'uv' : 'pip', 'project'].map((name) => `project/${name}.Dockerfile`);
}

/** The named files and, recursively, what they need: what -r, -c and -e lines name, and a lock's pyproject.toml. */
async function readRequirements(config: Config): Promise<readonly ContextFile[]> {
  const files = new Map<string, ContextFile>();
  const beside = new Map<string, ContextFile>();
  // `within`: the files that led here, the outermost first.
  const read = async (path: string, from: string, within: readonly string[] = []): Promise<void> => {
    const shown = inside(config)(path);
    if (within.includes(shown)) throw circular(from, [...within.slice(within.indexOf(shown)), shown]);
    if (files.has(shown)) return;
    if (shown.startsWith('../')) throw outside(from, path);
    const content = await readFile(path, 'utf8').catch((error: Error) => {
      throw new Fault(`${from} names ${shown}, which can't be read: ${error.message}`, {
        code: ExitCode.usage,
        cause: error,
      });
    });
    files.set(shown, { path: shown, content });
    const kind = packageFileKind(shown);
    if (kind === 'uv-lock') await read(join(dirname(path), 'pyproject.toml'), shown);
    if (kind !== 'requirements') return;
    for (const included of includes(content)) await read(resolve(dirname(path), included), shown, [...within, shown]);
    // As pip takes them: from where it is started.
    for (const written of localsIn(content)) refuseLocal(config, written, shown);
    for (const written of editablesIn(content)) {
      for (const file of editable(config, written, shown)) beside.set(file.path, file);
    }
  };
  for (const path of config.packages.pip) await read(path, 'packages.pip');
  return [...new Map([...beside, ...files]).values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function editable(config: Config, written: string, from: string): readonly ContextFile[] {
  const directory = resolve(config.directory, written);
  const shown = inside(config)(directory);
  if (shown.startsWith('../')) throw outside(from, written);
  if (kindOf(directory) !== 'directory') {
    throw new Fault(`${from} names the directory ${written}, which does not exist`, { code: ExitCode.usage });
  }
  if (config.root !== config.directory) {
    throw new Fault(`${from} says -e ${written}, but the container sees ${inside(config)(config.root)} alone`, {
      code: ExitCode.usage,
      hint: 'Leave `root` out of wsgi-dev.yaml: an editable install brings its own place on the path.',
    });
  }
  return editableFiles(directory, shown);
}

/** The build has the requirements files, and of the project nothing else. */
function refuseLocal(config: Config, written: string, from: string): void {
  const path = resolve(config.directory, written);
  const kind = kindOf(path);
  // What is nowhere, pip names itself.
  if (kind === undefined) return;
  const [isPackage] = ['pyproject.toml', 'setup.py'].filter((name) => kindOf(join(path, name)) === 'file');
  throw new Fault(`${from} names ${written}, which the build of the image does not have`, {
    code: ExitCode.usage,
    hint:
      isPackage !== undefined && !inside(config)(path).startsWith('../')
        ? `Write \`-e ${written}\`: it is installed as it is mounted, and edits of it count.`
        : 'Name it by the URL of an index, or keep its source in the project and write `-e DIRECTORY`.',
  });
}

function circular(from: string, chain: readonly string[]): Fault {
  const named = chain.length === 2 ? 'names itself' : `leads back to itself (${chain.join(' → ')})`;
  return new Fault(`${from} ${named}`, { code: ExitCode.usage, hint: 'Take that -r or -c line out.' });
}

function outside(from: string, path: string): Fault {
  return new Fault(`${from} names ${path}, which lies outside the project directory`, {
    code: ExitCode.usage,
    hint: 'The image is built from the project alone: move the file into it.',
  });
}

/** Paths that a requirements file includes with -r, -c or their long forms, as written. */
export function includes(text: string): readonly string[] {
  const pattern = /^[ \t]*(?:-[rc][ \t]*|--(?:requirement|constraint)(?:[ \t]+|=))([^\s#]+)/gm;
  return [...text.matchAll(pattern)].flatMap(([, path]) => (path === undefined || /^https?:/.test(path) ? [] : [path]));
}

const inside =
  ({ directory }: Config) =>
  (path: string): string =>
    relative(directory, path).split(sep).join(posix.sep);
