import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { hashOf } from '../../plan/lock.ts';
import { composeFilesIn } from './service.ts';
import type { ImageFacts } from './translate.ts';

/** What the devcontainer CLI has told and made: kept, as asking it again takes longer than a whole start. */
export interface Known {
  readonly merged: Readonly<Record<string, unknown>>;
  readonly workspaceFolder: string;
  /** undefined: devcontainer.json names none. */
  readonly image: string | undefined;
  readonly facts: ImageFacts;
}

/**
 * A hash that changes with devcontainer.json at `path`, with what lies in .devcontainer and the Dockerfile that is named,
 * and with the variables of this machine that it reads.
 */
export function fingerprint(
  directory: string,
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): string {
  const text = readFileSync(join(directory, path), 'utf8');
  const hash = createHash('sha256').update(JSON.stringify([version, directory, path, text]));
  for (const [, name = ''] of text.matchAll(/\$\{localEnv:([^}:]+)/g)) hash.update(JSON.stringify([name, env[name]]));
  for (const file of filesOf(directory, path, text)) {
    const found = statSync(file, { throwIfNoEntry: false });
    // The CLI itself puts files into a directory and takes them away.
    hash.update(JSON.stringify(found?.isFile() ? [file, found.size, found.mtimeMs, found.mode] : [file]));
  }
  return hash.digest('hex').slice(0, 12);
}

/** The same for every clone of the project: the content of these files, "sha256:…". */
export function contentOf(directory: string, path: string): string {
  const text = readFileSync(join(directory, path), 'utf8');
  const all = [...new Set([join(directory, path), ...filesOf(directory, path, text)])];
  const files = all.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  // The CLI writes a lock of its own beside, at its first build.
  const own = files.filter((file) => !/(^|\/)\.?devcontainer-lock\.json$/.test(file));
  return hashOf(own.map((file) => ({ path: relative(directory, file), content: readFileSync(file) })));
}

/** What lies in .devcontainer, and the Dockerfile that is named. */
function filesOf(directory: string, path: string, text: string): readonly string[] {
  const dockerfile = /"docker[fF]ile"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const named = dockerfile === undefined ? [] : [join(directory, dirname(path), dockerfile)];
  named.push(...composeFilesIn(directory, path, text));
  return [...listed(join(directory, '.devcontainer')), ...named];
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => join(folder, name));
  } catch {
    // A .devcontainer.json beside the source has no folder.
    return [];
  }
}

/** What was kept under `key`; undefined: nothing, or nothing that can be read. */
export async function recall(cacheDirectory: string, key: string): Promise<Known | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(cacheDirectory, key), 'utf8')) as Known;
  } catch {
    return undefined;
  }
}

/** Keeps it, for this user alone: what was filled in may be a secret. */
export async function remember(cacheDirectory: string, key: string, known: Known): Promise<void> {
  const file = fileOf(cacheDirectory, key);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, JSON.stringify(known), { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}

function fileOf(cacheDirectory: string, key: string): string {
  return join(cacheDirectory, 'devcontainers', `${key}.json`);
}
