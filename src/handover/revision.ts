import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Manifest } from './manifest.ts';

/** The commit that a project stands at, and what was changed since. */
export interface Revision {
  readonly about: NonNullable<Manifest['revision']>;
  /** What `git apply` takes; without the files that are left out. */
  readonly patch: Buffer;
}

const execute = promisify(execFile);

/** undefined: no git work tree, no commit or no git. Nothing of remotes is told: their addresses may hold passwords. */
export async function readRevision(
  directory: string,
  isLeftOut: (path: string) => boolean,
): Promise<Revision | undefined> {
  const git = async (...args: readonly string[]): Promise<Buffer> => {
    const plain = ['-c', 'core.quotePath=false', '-c', 'diff.noprefix=false', '-c', 'diff.mnemonicPrefix=false'];
    const options = { cwd: directory, encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 } as const;
    return (await execute('git', [...plain, ...args], options)).stdout;
  };
  try {
    const commit = (await git('rev-parse', 'HEAD')).toString().trim();
    const description = (await git('describe', '--always', '--tags', '--dirty')).toString().trim();
    const names = (await git('diff', 'HEAD', '--name-only', '--no-renames', '--relative', '-z')).toString().split('\0');
    const without = names.filter((name) => name !== '' && isLeftOut(name)).map((name) => `:(exclude,literal)${name}`);
    const form = ['--binary', '--no-ext-diff', '--no-textconv', '--no-color', '--no-renames', '--relative'];
    const patch = await git('diff', 'HEAD', ...form, '--', '.', ...without);
    return { about: { commit, description, changed: patch.length > 0 }, patch };
  } catch {
    return undefined;
  }
}
