import { existsSync, statSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import type { Engine } from '../../engine/engine.ts';
import { ExitCode, Fault } from '../../errors.ts';
import type { Surroundings } from '../../project/surroundings.ts';
import { type Anew, ask } from './ask.ts';
import { INSTALL } from './cli.ts';
import { findDevcontainer } from './files.ts';
import { contentOf, type Known } from './known.ts';
import { serviceOf } from './service.ts';
import { type Translated, translate } from './translate.ts';

const HINT = `${INSTALL} --no-devcontainer leaves it out.`;

export interface TakeRequest {
  readonly engine: Engine;
  readonly config: Config;
  readonly surroundings: Surroundings;
  readonly anew: Anew;
  /** For a scenario: image and environment alone, and the services. */
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
    const service = serviceOf(config.directory, path, known.merged, { env: surroundings.env, ownPort: false });
    return { ...based, env: { ...translated.env, ...config.env }, ...(service && { compose: service }) };
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
