import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { lockedHere } from '../../engine/base-lock.ts';
import type { Engine } from '../../engine/engine.ts';
import { ExitCode, Fault } from '../../errors.ts';
import { isObject } from '../../jsonc.ts';
import { buildProgress } from '../../project/progress.ts';
import type { Surroundings } from '../../project/surroundings.ts';
import { devcontainerCli, INSTALL, runDevcontainer } from './cli.ts';
import { findDevcontainer } from './files.ts';
import { contentOf, fingerprint, type Known, recall, remember } from './known.ts';
import { serviceOf } from './service.ts';
import { type ImageFacts, remoteUser, type Translated, translate } from './translate.ts';

const HINT = `${INSTALL} --no-devcontainer leaves it out.`;

/** When the devcontainer CLI is asked and its image built: in any case, where something has changed, or never. */
export type Anew = 'always' | 'missing' | 'never';

export interface TakeRequest {
  readonly engine: Engine;
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly anew: Anew;
  /** For a scenario, which runs by itself: image and environment alone. */
  readonly alone: boolean;
  /** Told of each thing that a person is to know. */
  say(line: string): void;
}

/**
 * `config` with what the project's devcontainer.json says, where that is wanted: its image as the base, and environment,
 * mounts, port, user and lifecycle commands beneath what was said otherwise.
 */
export async function withDevcontainer(request: TakeRequest): Promise<Config> {
  const { engine, config, surroundings, anew, alone, say } = request;
  if (config.devcontainer === false) return config;
  const asked = config.devcontainer === true;
  const path = findDevcontainer(config.directory);
  if (path === undefined) {
    if (!asked) return config;
    throw new Fault(`${config.directory} has no devcontainer.json, or several`, {
      code: ExitCode.usage,
      hint: 'Make one with `wsgi-dev devcontainer init`.',
    });
  }
  const known = await ask(engine, config, path, surroundings, anew);
  if (typeof known === 'string') {
    if (asked) throw new Fault(`${path} can't be taken: ${known}`, { code: ExitCode.usage, hint: HINT });
    say(`${path} is left out: ${known}. ${HINT}`);
    return config;
  }
  const translated = translate(known.merged, known.facts);
  if (!asked) say(`Using ${path} (--no-devcontainer leaves it out)`);
  const based = onImage(config, path, known.image);
  if (alone) {
    if (hasMore(translated)) say(`${path}: a scenario has its image and environment, and neither mounts nor commands`);
    return { ...based, env: { ...translated.env, ...config.env } };
  }
  for (const line of translated.notices) say(`${path}: ${line}`);
  const taken = over(based, path, known, translated, say);
  const { portFixed, port } = config.server;
  const ownPort = !portFixed && port !== 0 && translated.port === undefined;
  const compose = serviceOf(config.directory, path, known.merged, { env: surroundings.env, ownPort });
  return compose === undefined ? taken : { ...taken, compose };
}

function hasMore({ mounts, before }: Translated): boolean {
  return mounts.length + before.length > 0;
}

function onImage(config: Config, path: string, image: string | undefined): Config {
  if (image === undefined) return config;
  return {
    ...config,
    base: {
      kind: 'image',
      image: { value: image, where: path },
      python: undefined,
      modWsgi: undefined,
      devcontainer: contentOf(config.directory, path),
    },
  };
}

/** What the CLI has to tell, from the last time where nothing has changed since; or why it can't be asked. */
async function ask(
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

/** What was said elsewhere stands. */
function over(
  config: Config,
  path: string,
  { workspaceFolder, facts }: Known,
  { env, mounts, hostname, network, port, user, before }: Translated,
  say: (line: string) => void,
): Config {
  const there = mounts.filter(({ source, kind }) => {
    if (kind !== undefined) return true;
    if (!existsSync(source)) say(`${path}: the mount of ${source} has no effect: there is none`);
    return existsSync(source);
  });
  const all = [...mountOf(config, workspaceFolder), ...there, ...config.mounts];
  const { uid } = statSync(config.root);
  const isUser = user === undefined && config.user === undefined && facts.user?.ids.startsWith(`${uid}:`);
  const home = isUser ? { HOME: facts.user?.home ?? '/' } : {};
  const portSaid = config.server.portFixed || config.server.port === 0;
  return {
    ...config,
    env: { ...home, ...env, ...config.env },
    mounts: [...new Map(all.map((mount) => [mount.target, mount])).values()],
    server: portSaid || port === undefined ? config.server : { ...config.server, port },
    user: config.user ?? user,
    network: config.network ?? network,
    before,
    ...(hostname !== undefined && { hostname }),
  };
}

/** The project under the name that it has in the devcontainer: paths of settings and commands lead there. */
function mountOf({ directory }: Config, target: string): Config['mounts'] {
  // "/" is what the CLI says of a compose service without a word of it.
  return ['', '/', '/app'].includes(target) ? [] : [{ source: directory, target, readOnly: false }];
}
