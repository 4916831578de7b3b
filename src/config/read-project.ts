import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectFile } from './modules.ts';
import { kindOf, readText } from './text.ts';

const packageFiles = /^(__init__|wsgi|app|application|main|settings|manage)\.py$/;
const notPackages = /^(\.|__pycache__$|node_modules$|venv$|env$|tests?$|docs?$|build$|dist$|examples?$)/;

/** Reads what `detectApp` looks at: the root's own files, the telling ones of its packages, and Django settings. */
export function readProject(root: string): readonly ProjectFile[] {
  const { files, folders } = list(root);
  const own = files.filter((name) => /\.(py|wsgi)$/.test(name) || name === 'Procfile');
  const inPackages = folders.filter((name) => !notPackages.test(name)).flatMap((name) => packagePaths(root, name));
  return [...own, ...inPackages].flatMap((path) => {
    const read = readText(join(root, path));
    return 'text' in read ? [{ path, text: read.text }] : [];
  });
}

function packagePaths(root: string, name: string): readonly string[] {
  const { files, folders } = list(join(root, name));
  if (files.includes('pyvenv.cfg')) return [];
  const settings = folders.includes('settings') ? list(join(root, name, 'settings')).files : [];
  return [
    ...files.filter((file) => packageFiles.test(file)).map((file) => `${name}/${file}`),
    ...settings.filter((file) => file.endsWith('.py')).map((file) => `${name}/settings/${file}`),
  ];
}

/** Names in a directory, sorted, links followed; none when it can't be read. */
export function list(directory: string): { readonly files: readonly string[]; readonly folders: readonly string[] } {
  try {
    const entries = readdirSync(directory, { withFileTypes: true }).map((entry) => {
      const linked = entry.isSymbolicLink() ? kindOf(join(directory, entry.name)) : undefined;
      return {
        name: entry.name,
        file: entry.isFile() || linked === 'file',
        folder: entry.isDirectory() || linked === 'directory',
      };
    });
    const names = (kind: 'file' | 'folder') =>
      entries
        .filter((entry) => entry[kind])
        .map(({ name }) => name)
        .sort();
    return { files: names('file'), folders: names('folder') };
  } catch {
    return { files: [], folders: [] };
  }
}
