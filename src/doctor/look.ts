import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unreadable } from '../config/closed.ts';
import type { Config } from '../config/config.ts';
import type { Flags } from '../config/flags.ts';
import { locateProject } from '../config/project.ts';
import { proxiesOf, proxyNotices } from '../config/proxies.ts';
import { debianArchitecture, ensureBase, ensureMade, ensureNamed, madeBase, officialBase } from '../engine/base.ts';
import { unfitToMake } from '../engine/base-make.ts';
import { contextNames } from '../engine/context.ts';
import { currentContext, dockerConfig, type Endpoint } from '../engine/endpoint.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { Fault } from '../errors.ts';
import { label } from '../plan/labels.ts';
import { releaseOf } from '../plan/releases.ts';
import { certificateVariables, hostCertificates } from '../project/certificates.ts';
import { findContainer, findServer } from '../project/container.ts';
import { runUser } from '../project/owner.ts';
import { hostPort } from '../project/ports.ts';
import { isSeen, unseen } from '../project/seen.ts';
import { readState, stateDirectory } from '../project/state.ts';
import type { Surroundings } from '../project/surroundings.ts';
import { type Check, type Fix, fail, note, ok } from './check.ts';
import * as judge from './judge.ts';
import { scenarioRuns } from './runs.ts';
import { leftovers, ownership, unmakeable } from './state.ts';

/** A registry that doesn't answer the engine in this time is taken for none, in milliseconds. */
const PATIENCE = 5_000;

/** An engine that answers. */
export interface Answering {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  /** Its architecture, in Go's words. */
  readonly arch: string;
}

export interface Place {
  /** undefined: none answers, and what only one can tell is left out. */
  readonly answering: Answering | undefined;
  readonly flags: Flags;
  readonly cwd: string;
  readonly surroundings: Surroundings;
}

/** All that is looked at besides the engine itself. */
export async function lookAround({ answering, flags, cwd, surroundings }: Place): Promise<readonly Check[]> {
  const { env } = surroundings;
  const [info, [project, config]] = await Promise.all([answering?.engine.info(), look(flags, env, cwd)]);
  const directory = config?.directory ?? cwd;
  return [
    contexts(answering?.endpoint, env),
    ...(answering && info ? [judge.judgeDisk(info.directory, freeBytes(answering.endpoint, info))] : []),
    ...(answering ? await bases(answering, config, surroundings) : []),
    ...(answering ? [await scenarioRuns(answering.engine)] : []),
    project,
    ...(config === undefined ? [] : await ofProject(answering?.engine, config, info)),
    judge.judgeProxies(proxiesOf(env), proxyNotices(env)),
    await certificates(env),
    ...(info ? [judge.judgeConfinement(info, directory)] : []),
  ];
}

function contexts(endpoint: Endpoint | undefined, env: Surroundings['env']): Check {
  try {
    const names = contextNames(dockerConfig(env));
    const current = currentContext(dockerConfig(env));
    return judge.judgeContexts(names, endpoint?.source ?? '', current);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return fail('contexts', error.message, error.hint);
  }
}

/** The project here, if there is one; without an application too. */
async function look(
  flags: Flags,
  env: Surroundings['env'],
  cwd: string,
): Promise<readonly [check: Check, config: Config | undefined]> {
  const { resolveConfig } = await import('../config/resolve.ts');
  const resolved = async (application: boolean): Promise<Config | Fault> => {
    try {
      return (await resolveConfig(flags, env, cwd, { application })).config;
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  };
  const { directory } = locateProject(flags, env, cwd);
  const closed = unreadable(directory);
  if (existsSync(directory) && closed !== undefined) return [fail('project', closed.message, closed.hint), undefined];
  const config = await resolved(true);
  if (!(config instanceof Fault)) {
    const refused = await unmakeable(config.directory);
    if (refused !== undefined) return [fail('project', refused.message, refused.hint), config];
    return [ok('project', `${config.name} in ${config.directory}`), config];
  }
  const without = await resolved(false);
  return [note('project', config.message, config.hint), without instanceof Fault ? undefined : without];
}

async function ofProject(
  engine: Engine | undefined,
  config: Config,
  info: EngineInfo | undefined,
): Promise<readonly Check[]> {
  const { directory } = config;
  const { uid, gid } = statSync(config.root);
  const owner = `${uid}:${gid}`;
  const runs = await runUser(config).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  return [
    ...(runs instanceof Fault ? [fail('user', runs.message, runs.hint)] : []),
    ...(info && !(runs instanceof Fault) ? [judge.judgeUser(runs, owner, info)] : []),
    await port(engine, config),
    ...(engine && (await unmakeable(directory)) === undefined ? [await mount(engine, directory)] : []),
    ...(existsSync(join(directory, '.wsgi-dev')) ? await ownState(engine, config, owner, runs) : []),
  ];
}

/** What wsgi-dev keeps in the project. */
async function ownState(
  engine: Engine | undefined,
  config: Config,
  owner: string,
  runs: string | Fault,
): Promise<readonly Check[]> {
  return [
    ...(runs instanceof Fault ? [] : [await ownership(config.directory, { owner, runs })]),
    ...(engine ? [await leftovers(config.directory, await isRunning(engine, config))] : []),
  ];
}

async function isRunning(engine: Engine, config: Config): Promise<boolean> {
  const [own, server] = await Promise.all([
    engine.list({ [label.workingDir]: config.directory }),
    findServer(engine, config),
  ]);
  return [...own, ...(server === undefined ? [] : [server])].some(({ state }) => state === 'running');
}

async function mount(engine: Engine, directory: string): Promise<Check> {
  try {
    const seen = await isSeen(engine, directory);
    return judge.judgeMount(directory, seen ? undefined : unseen(engine, directory));
  } catch (error) {
    // A directory that this user can't write to: what that means is told of its ownership.
    return note('mount', `not looked at: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function port(engine: Engine | undefined, config: Config): Promise<Check> {
  const { port: wanted, portFixed } = config.server;
  const running = engine && (await findContainer(engine, config));
  const state = running?.state === 'running' ? await readState(stateDirectory(config.directory)) : undefined;
  const free = await hostPort(config.server).catch(() => undefined);
  return judge.judgePort(wanted, portFixed, wanted === 0 ? 0 : free, state?.url);
}

/** Undefined where the engine is elsewhere, or in a virtual machine. */
function freeBytes({ transport }: Endpoint, { directory }: EngineInfo): number | undefined {
  if (transport.kind !== 'socket' || directory === '' || !existsSync(dirname(directory))) return undefined;
  // Its own directory is root's; what lies above it is most often on the same disk.
  for (const path of [directory, dirname(directory)]) {
    try {
      const { bavail, bsize } = statfsSync(path);
      return bavail * bsize;
    } catch {
      // Not for this user.
    }
  }
  return undefined;
}

async function bases(
  { engine, arch }: Answering,
  config: Config | undefined,
  surroundings: Surroundings,
): Promise<readonly Check[]> {
  const base = config?.base;
  const suite = base?.kind === 'image' ? undefined : releaseOf(base?.python ?? '3.11');
  const refs = base?.kind === 'image' ? [base.image.value] : [officialBase(suite ?? ''), madeBase(suite ?? '')];
  const [wanted = ''] = refs;
  const [images, refused] = await Promise.all([Promise.all(refs.map(engine.image)), refusal(engine, wanted)]);
  const present = refs.find((_, index) => images[index] !== undefined);
  const unmakeable = suite === undefined ? `${wanted} was named` : unfitToMake(debianArchitecture(arch));
  const facts = { refs, present, refused, unmakeable };
  const isMissing = present === undefined && (refused === undefined || unmakeable === undefined);
  const fix = isMissing && baseFix(engine, suite, wanted, refused === undefined, surroundings);
  return [{ ...judge.judgeBase(facts), ...(fix && { fix }) }, judge.judgeRegistry(wanted, refused)];
}

/** What brings the base image: as `up` would. */
function baseFix(
  engine: Engine,
  suite: string | undefined,
  ref: string,
  pulls: boolean,
  { out, packageRoot, cacheDirectory }: Surroundings,
): Fix {
  const what = pulls ? `pull ${ref}` : `make ${madeBase(suite ?? '')} from the Debian archive (a minute)`;
  return {
    what,
    async run() {
      const directories = { imagesDirectory: `${packageRoot}/images`, cacheDirectory };
      if (suite === undefined) await ensureNamed(engine, { ref, pull: 'missing', remedy: '' }, out);
      else if (pulls) await ensureBase(engine, { suite, pull: 'missing', ...directories }, out);
      else await ensureMade(engine, { suite, ...directories }, out);
    },
  };
}

/** Why no registry gives `ref` to the engine; undefined: one does. */
async function refusal(engine: Engine, ref: string): Promise<string | undefined> {
  try {
    await engine.registry(ref, AbortSignal.timeout(PATIENCE));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function certificates(env: Surroundings['env']): Promise<Check> {
  const missing = certificateVariables.flatMap((name) => {
    const file = env[name];
    return file === undefined || file === '' || existsSync(file) ? [] : [[name, file] as const];
  });
  return judge.judgeCertificates((await hostCertificates(env)).length, missing);
}
