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

/** It is written as a package would be ("flask", "flask[async]>=3"), and not as a file. */
export function looksRequired(written: string): boolean {
  const file = /\.(?:txt|in|toml|lock|py|cfg|ya?ml)$|^Pipfile$|\//i;
  return !file.test(written) && /^[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:[=<>~!;@].*)?$/.test(written);
}
