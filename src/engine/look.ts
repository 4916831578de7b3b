import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../log.ts';
import type { Contents, FoundPython } from '../plan/contents.ts';
import type { BaseImage } from './base.ts';
import type { Engine, RunResult } from './engine.ts';
import { faultKind } from './fault.ts';

export interface LookRequest {
  /** The package's images directory, with base/look.sh in it. */
  readonly imagesDirectory: string;
  /** Where what was found is kept: the XDG cache directory of wsgi-dev; made when missing. */
  readonly cacheDirectory: string;
}

/** What an image holds: looked up in a container of it, once for each image id. */
export async function lookInto(
  engine: Engine,
  { ref, image }: BaseImage,
  { imagesDirectory, cacheDirectory }: LookRequest,
  out: Output,
): Promise<Contents> {
  const script = await readFile(join(imagesDirectory, 'base/look.sh'), 'utf8');
  const key = createHash('sha256').update(`${image.id}\n${script}`).digest('hex').slice(0, 32);
  const cached = join(cacheDirectory, 'contents', `${key}.json`);
  const known = await readContents(cached);
  if (known !== undefined) return known;
  out.info(`Looking into ${ref}`);
  const contents = parseContents(await run(engine, image.id, script, out));
  await keep(cached, contents).catch((error: unknown) => out.debug(`${cached}: ${String(error)}`));
  return contents;
}

/** What the script says; nothing of an image without a shell, such as one made from scratch. */
async function run(engine: Engine, id: string, script: string, out: Output): Promise<string> {
  let result: RunResult;
  try {
    result = await engine.run(id, script);
  } catch (error) {
    if (faultKind(error) !== 'command-not-found') throw error;
    return '';
  }
  if (result.stderr !== '') out.debug(result.stderr.trimEnd());
  return result.stdout;
}

/** Reads the lines of look.sh. */
export function parseContents(text: string): Contents {
  const all = (word: string) => [...text.matchAll(new RegExp(`^${word}\\b ?(.*)$`, 'gm'))].map(([, rest = '']) => rest);
  const pythons = all('python').map((json) => JSON.parse(json) as FoundPython);
  return {
    os: all('os')[0] || undefined,
    codename: all('codename')[0] ?? '',
    apt: all('apt').length > 0,
    // A virtual environment goes before its own Python, which may stand behind it.
    pythons: pythons.filter(({ path }, at) => pythons.findIndex((one) => one.path === path) === at),
  };
}

async function readContents(path: string): Promise<Contents | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Contents;
  } catch {
    return undefined;
  }
}

async function keep(path: string, contents: Contents): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(contents));
  await rename(temporary, path);
}
