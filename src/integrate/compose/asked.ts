import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the docker CLI looks for its plugins, after the person's own directory. */
const PLUGINS = ['/usr/local/lib', '/usr/local/libexec', '/usr/lib', '/usr/libexec'];

/**
 * An answer of docker compose that depends on nothing but `question` and on which compose is asked: kept on this machine, as
 * each call of it takes longer than most of a start. `ask` gives it where it isn't known; undefined is not kept.
 */
export async function askedOnce(
  { env, cacheDirectory }: { readonly env: Environment; readonly cacheDirectory: string },
  question: readonly string[],
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  const key = createHash('sha256')
    .update(JSON.stringify([programs(env), question]))
    .digest('hex')
    .slice(0, 32);
  const path = join(cacheDirectory, 'compose', key);
  const known = await readFile(path, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const answer = await ask();
  if (answer !== undefined) await keep(path, answer).catch(() => undefined);
  return answer;
}

async function keep(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, text, { mode: 0o600 });
  await rename(`${path}.${process.pid}`, path);
}

/** Every file that `docker compose` may be, as it is now: a newer one is another. */
function programs(env: Environment): readonly unknown[] {
  const own = env.DOCKER_CONFIG || join(env.HOME || homedir(), '.docker');
  const folders = [own, ...PLUGINS.map((path) => join(path, 'docker'))];
  const files = [
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'docker')),
    ...folders.map((folder) => join(folder, 'cli-plugins/docker-compose')),
    ...extraFolders(own).map((folder) => join(folder, 'docker-compose')),
  ];
  return files.flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? [] : [[file, found.size, found.mtimeMs, found.ino]];
  });
}

/** Further directories of plugins, which the CLI's configuration names. */
function extraFolders(own: string): readonly string[] {
  try {
    const { cliPluginsExtraDirs: named } = JSON.parse(readFileSync(join(own, 'config.json'), 'utf8'));
    return Array.isArray(named) ? named.map(String) : [];
  } catch {
    return [];
  }
}
