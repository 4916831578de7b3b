import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leave } from './state.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Leaves the person's ~/.pdbrc for the runner, whose pdb runs its commands: the home itself isn't in the container.
 * Each start brings it anew, and the lack of one too.
 */
export async function leavePdbrc(state: string, { env, out }: Pick<Surroundings, 'env' | 'out'>): Promise<void> {
  await leave(join(state, 'pdbrc.json'), env.HOME ? await textOf(join(env.HOME, '.pdbrc'), out.warn) : '');
}

async function textOf(path: string, warn: (line: string) => void): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // A program that may not read it goes on without, as pdb does.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') warn(`${path} isn't read: ${message}`);
    return '';
  }
}
