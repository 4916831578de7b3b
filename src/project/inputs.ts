import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import type { Config, ModWsgi } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';
import type { ImageInputs } from '../plan/image.ts';
import type { ContextFile } from '../plan/plan.ts';
import { hostCertificates } from './certificates.ts';

/** Reads what goes into a project's image, but for the base and what is built on it: the runner of this package, the project's
 * requirements and what they include, and the host's own certificate authorities. */
export async function readImageInputs(
  config: Config,
  packageRoot: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Omit<ImageInputs, 'base' | 'stack' | 'dockerfile'>> {
  const [requirements, certificates] = await Promise.all([readRequirements(config), hostCertificates(env)]);
  const runner = readRunner(join(packageRoot, 'images/runner'));
  return { runner, requirements, requirementsNamed: config.packages.pip.map(inside(config)), certificates };
}

/** The stage with Apache and mod_wsgi, what every project puts on it, and the tools that pip installs. The engine's
 * classic builder runs each stage of a Dockerfile, needed or not, so the distribution's has none that compiles. */
export function readDockerfile({ kind }: ModWsgi, withTools: boolean, packageRoot: string): string {
  const origin = kind === 'distro' ? 'debian' : 'pypi';
  const parts = [`${origin}/server.Dockerfile`, 'project/Dockerfile'];
  if (withTools) parts.push('tools/Dockerfile');
  return parts.map((path) => readFileSync(join(packageRoot, 'images', path), 'utf8')).join('');
}

/** The same stages, and what `wsgi-dev lock` reads of them. */
export function readLockDockerfile({ kind }: ModWsgi, packageRoot: string): string {
  const origin = kind === 'distro' ? 'debian' : 'pypi';
  const parts = [`${origin}/server.Dockerfile`, `${origin}/lock.Dockerfile`, 'project/Dockerfile', 'lock/Dockerfile'];
  return parts.map((path) => readFileSync(join(packageRoot, 'images', path), 'utf8')).join('');
}

function readRunner(directory: string): readonly ContextFile[] {
  const names = readdirSync(join(directory, 'wsgi_dev_runner')).filter((name) => name.endsWith('.py'));
  const paths = ['__main__.py', 'command/sitecustomize.py', ...names.sort().map((name) => `wsgi_dev_runner/${name}`)];
  // At each start, two dozen small files: read one by one in half a millisecond, where awaiting them takes ten.
  return paths.map((path) => ({ path, content: readFileSync(join(directory, path), 'utf8') }));
}

/** The named requirements files and, recursively, what their -r and -c lines name. */
async function readRequirements(config: Config): Promise<readonly ContextFile[]> {
  const files = new Map<string, ContextFile>();
  const read = async (path: string, from: string): Promise<void> => {
    const shown = inside(config)(path);
    if (files.has(shown)) return;
    if (shown.startsWith('../')) {
      throw new Fault(`${from} names ${path}, which lies outside the project directory`, {
        code: ExitCode.usage,
        hint: 'The image is built from the project alone: move the file into it.',
      });
    }
    const content = await readFile(path, 'utf8').catch((error: Error) => {
      throw new Fault(`${from} names ${shown}, which can't be read: ${error.message}`, {
        code: ExitCode.usage,
        cause: error,
      });
    });
    files.set(shown, { path: shown, content });
    for (const included of includes(content)) await read(resolve(dirname(path), included), shown);
  };
  for (const path of config.packages.pip) await read(path, 'packages.pip');
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
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
