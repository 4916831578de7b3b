import { posix } from 'node:path';

export type PackageFileKind = 'requirements' | 'pyproject' | 'uv-lock' | 'pylock';

/** What a file of packages.pip is, by its name. */
export function packageFileKind(path: string): PackageFileKind {
  const name = posix.basename(path);
  if (name === 'pyproject.toml') return 'pyproject';
  if (name === 'uv.lock') return 'uv-lock';
  // As PEP 751 names them.
  return /^pylock(\.[^.]+)?\.toml$/.test(name) ? 'pylock' : 'requirements';
}
