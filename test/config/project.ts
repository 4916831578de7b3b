import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Fault } from '../../src/errors.ts';

/** A directory that holds these files for the length of one test; a path that ends in "/" is a directory. */
export function project(files: Readonly<Record<string, string | Uint8Array>>, name = 'shop'): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-config-')));
  onTestFinished(() => rmSync(base, { recursive: true }));
  const directory = join(base, name);
  mkdirSync(directory);
  for (const [path, content] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(path.endsWith('/') ? file : dirname(file), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(file, content);
  }
  return directory;
}

/** The Fault a call ends with. */
export async function faultOf(call: Promise<unknown>): Promise<Fault> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw new Error('expected a Fault', { cause: error });
}

/** The faults that a Fault counts, a line each, without the lines of the file. */
export async function faultLines(call: Promise<unknown>): Promise<readonly string[]> {
  const lines = (await faultOf(call)).message.split('\n').slice(1);
  return lines.filter((line) => !line.startsWith('    '));
}
