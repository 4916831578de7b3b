import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Output } from '../log.ts';
import type { Engine } from './engine.ts';

export interface RememberRequest {
  /** The image's id: what is in it never changes. */
  readonly id: string;
  readonly script: string;
  /** The XDG cache directory of wsgi-dev; made when missing. */
  readonly cacheDirectory: string;
  /** What is not whole is not remembered. */
  isWhole(output: string): boolean;
  /** Called where it was never run before. */
  onRun(): void;
}

/** What a script prints in a container of an image, run once for each image id and remembered on this machine. */
export async function remembered(engine: Engine, request: RememberRequest, out: Output): Promise<string> {
  const { id, script, cacheDirectory, isWhole, onRun } = request;
  const key = createHash('sha256').update(`${id}\n${script}`).digest('hex').slice(0, 32);
  const path = join(cacheDirectory, 'contents', `${key}.txt`);
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  onRun();
  const { stdout, stderr } = await engine.run(id, script);
  if (stderr !== '') out.debug(stderr.trimEnd());
  if (isWhole(stdout)) await keep(path, stdout).catch((error: unknown) => out.debug(`${path}: ${String(error)}`));
  return stdout;
}

async function keep(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
