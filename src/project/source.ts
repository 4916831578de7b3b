import { execFile } from 'node:child_process';
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { isInside } from '../config/text.ts';
import type { ContextFile } from '../plan/plan.ts';

/** Never part of a project's source, where no git says what is. */
const SKIPPED = new Set(['.git', '.hg', '.svn', '.wsgi-dev', 'node_modules', '__pycache__', '.venv', 'venv', '.tox']);
const execute = promisify(execFile);

/**
 * The files below `root` as they are to be copied: in a git work tree what is tracked and what could be (so no ignored
 * file), elsewhere all but what tools leave. Links are followed where they stay inside; sorted by path. Nothing is read of
 * what lies in the directory `but`, a way from `root`.
 */
export async function readSource(root: string, but?: string): Promise<readonly ContextFile[]> {
  const paths = (await listedByGit(root)) ?? (await walked(root, ''));
  const wanted = but === undefined ? paths : paths.filter((path) => !path.startsWith(`${but}/`));
  const real = realpathSync.native(root);
  // Hundreds of small files: to await each takes many times as long.
  return [...wanted].sort().flatMap((path) => readOne(root, real, path) ?? []);
}

/** undefined: no git work tree, or no git. */
async function listedByGit(root: string): Promise<readonly string[] | undefined> {
  try {
    const { stdout } = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
      maxBuffer: 256 * 1024 * 1024,
    });
    return [...new Set(stdout.split('\0'))].filter((path) => path !== '' && !/(^|\/)\.wsgi-dev\//.test(path));
  } catch {
    return undefined;
  }
}

async function walked(root: string, directory: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, directory), { withFileTypes: true });
  if (directory !== '' && entries.some(({ name }) => name === 'pyvenv.cfg')) return [];
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = posix.join(directory, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : await walked(root, path);
      return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
    }),
  );
  return found.flat();
}

function readOne(root: string, realRoot: string, path: string): ContextFile | undefined {
  const file = join(root, path);
  try {
    const real = realpathSync.native(file);
    if (!isInside(real, realRoot)) return undefined;
    const { mode } = lstatSync(real);
    return {
      path: relative(root, file).split(sep).join(posix.sep),
      content: readFileSync(real),
      mode: (mode & 0o100) === 0 ? 0o644 : 0o755,
    };
  } catch {
    // Deleted but still tracked, a link to nowhere, or one to a directory, whose files git lists by themselves.
    return undefined;
  }
}
