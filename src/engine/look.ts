import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Output } from '../log.ts';
import type { Contents, FoundPython } from '../plan/contents.ts';
import type { BaseImage } from './base.ts';
import type { Engine } from './engine.ts';
import { faultKind } from './fault.ts';
import { remembered } from './remembered.ts';

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
  const onRun = (): void => out.info(`Looking into ${ref}`);
  const request = { id: image.id, script, cacheDirectory, isWhole: () => true, onRun };
  try {
    return parseContents(await remembered(engine, request, out));
  } catch (error) {
    // Of an image without a shell, such as one made from scratch, nothing can be said.
    if (faultKind(error) !== 'command-not-found') throw error;
    return parseContents('');
  }
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
