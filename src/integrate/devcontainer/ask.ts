import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { lockedHere } from '../../engine/base-lock.ts';
import type { Engine } from '../../engine/engine.ts';
import { ExitCode, Fault } from '../../errors.ts';
import { isObject, readJsonc } from '../../jsonc.ts';
import { buildProgress } from '../../project/progress.ts';
import type { Surroundings } from '../../project/surroundings.ts';
import { devcontainerCli, runDevcontainer } from './cli.ts';
import { fingerprint, type Known, recall, remember } from './known.ts';
import { serviceOf } from './service.ts';
import { type ImageFacts, remoteUser } from './translate.ts';

/** When the devcontainer CLI is asked and its image built: in any case, where something has changed, or never. */
export type Anew = 'always' | 'missing' | 'never';

/** What the CLI has to tell, from the last time where nothing has changed since; or why it can't be asked. */
export async function ask(
  engine: Engine,
  config: Config,
  path: string,
  surroundings: Surroundings,
  anew: Anew,
): Promise<Known | string> {
  const { env, cacheDirectory, version, out } = surroundings;
  const key = fingerprint(config.directory, path, env, version);
  const kept = anew === 'always' ? undefined : await recall(cacheDirectory, key);
  if (kept !== undefined && (kept.image === undefined || (await engine.image(kept.image)) !== undefined)) return kept;
  if (anew === 'never') return 'its image is not built';
  const cli = devcontainerCli(env, config.directory);
  if (cli === undefined) return 'the devcontainer CLI is not there';
  const place = ['--workspace-folder', config.directory, '--config', join(config.directory, path)];
  const answer = await runDevcontainer(cli, ['read-configuration', ...place, '--include-merged-configuration'], {
    env,
    onLine: out.debug,
    code: ExitCode.usage,
  }).catch(async (error: unknown) => {
    // The CLI doesn't say so.
    throw (await unknownServiceOf(engine, config.directory, path, surroundings)) ?? error;
  });
  const { mergedConfiguration: merged, workspace } = answer;
  if (!isObject(merged)) throw new Fault(`${path} could not be read`, { code: ExitCode.usage });
  const image = await build(config, key, merged, cli, place, surroundings);
  const known: Known = {
    merged,
    workspaceFolder: isObject(workspace) ? String(workspace.workspaceFolder) : '',
    image,
    facts: image === undefined ? { env: {}, user: undefined } : await factsOf(engine, image, remoteUser(merged)),
  };
  // The CLI may have written its lock file meanwhile.
  await remember(cacheDirectory, fingerprint(config.directory, path, env, version), known);
  return known;
}

/** A Fault on a service that its compose file hasn't. */
async function unknownServiceOf(
  { address }: Engine,
  directory: string,
  path: string,
  { env, cacheDirectory }: Surroundings,
): Promise<Fault | undefined> {
  const written = readJsonc(readFileSync(join(directory, path), 'utf8'), path);
  const service = serviceOf(directory, path, written, { env, ownPort: false });
  if (service === undefined) return undefined;
  const [{ composeCli }, { unknownService }] = await Promise.all([
    import('../compose/cli.ts'),
    import('../compose/resolve.ts'),
  ]);
  const { files } = service;
  const cli = composeCli({ env, directory, files, flags: [], address, cacheDirectory });
  return await unknownService(cli, service.service, files).catch(() => undefined);
}

/** Builds the devcontainer's image, Features included; undefined: it names neither an image nor a Dockerfile. */
async function build(
  config: Config,
  key: string,
  merged: Readonly<Record<string, unknown>>,
  cli: string,
  place: readonly string[],
  { env, out, cacheDirectory }: Surroundings,
): Promise<string | undefined> {
  if (!['image', 'build', 'dockerFile', 'dockerComposeFile'].some((name) => merged[name] !== undefined))
    return undefined;
  const image = `wsgi-dev/${config.name}-devcontainer:${key}`;
  const progress = await buildProgress(out, 'auto', `Building ${image}`);
  try {
    const onLine = progress.line;
    // The CLI has one name for the Features of all that it builds: two at a time would get each other's.
    await lockedHere(cacheDirectory, 'devcontainer-build', 'is building a devcontainer', out, () =>
      runDevcontainer(cli, ['build', ...place, '--image-name', image], { env, onLine, code: ExitCode.build }),
    );
    progress.done();
  } catch (error) {
    progress.failed();
    throw error;
  }
  return image;
}

async function factsOf(engine: Engine, image: string, user: string): Promise<ImageFacts> {
  const quoted = `'${user.split(':')[0]?.replaceAll("'", '')}'`;
  const { stdout } = await engine.run(image, `getent passwd ${quoted} | head -n 1; echo; env -0`);
  const [passwd = '', ...rest] = stdout.split('\n');
  const [, , uid, gid, , home] = passwd.split(':');
  const entries = rest
    .slice(passwd === '' ? 0 : 1)
    .join('\n')
    .split('\0');
  const env = Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s, 2)).filter(([key]) => key));
  return { env, user: uid === undefined ? undefined : { ids: `${uid}:${gid}`, home: home ?? '/' } };
}
