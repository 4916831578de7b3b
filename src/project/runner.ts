import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner } from '../plan/image.ts';
import { hashOf } from '../plan/lock.ts';
import type { ContextFile } from '../plan/plan.ts';

/** Where the build of this package leaves the runner's hash, below its root. */
export const RUNNER_HASH = 'dist/runner.sha256';

/**
 * The runner of this package. Its files are read when an image is built of them: a start asks for their hash, which the
 * package's own build has made. Throws when they were changed since, as an image would then have a wrong tag.
 */
export function readRunner(packageRoot: string): Runner {
  const hash = readFileSync(join(packageRoot, RUNNER_HASH), 'utf8');
  return {
    hash,
    files() {
      const files = runnerFiles(packageRoot);
      if (hashOf(files) === hash) return files;
      throw new Error(`${packageRoot}/images/runner is not what this package was built with: build it again`);
    },
  };
}

/** The files that an image gets, paths below runner/. */
export function runnerFiles(packageRoot: string): readonly ContextFile[] {
  const directory = join(packageRoot, 'images/runner');
  const sources = readdirSync(join(directory, 'wsgi_dev_runner'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .sort()
    .map((name) => `wsgi_dev_runner/${name}`);
  const paths = ['__main__.py', 'command/sitecustomize.py', ...sources];
  return paths.map((path) => ({ path, content: readFileSync(join(directory, path), 'utf8') }));
}
