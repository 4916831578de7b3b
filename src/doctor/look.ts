import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Flags } from '../config/flags.ts';
import { debianArchitecture, madeBase, officialBase } from '../engine/base.ts';
import { unfitToMake } from '../engine/base-make.ts';
import { contextNames } from '../engine/context.ts';
import { currentContext, dockerConfig, type Endpoint } from '../engine/endpoint.ts';
import type { Engine, EngineInfo } from '../engine/engine.ts';
import { Fault } from '../errors.ts';
import { releaseOf } from '../plan/releases.ts';
import { certificateVariables, hostCertificates } from '../project/certificates.ts';
import { findContainer } from '../project/container.ts';
import { runUser } from '../project/owner.ts';
import { hostPort } from '../project/ports.ts';
import { readState, stateDirectory } from '../project/state.ts';
import type { Surroundings } from '../project/surroundings.ts';
import { type Check, fail, note, ok } from './check.ts';
import * as judge from './judge.ts';

/** A registry that doesn't answer the engine in this time is taken for none, in milliseconds. */
const PATIENCE = 5_000;

export interface Place {
  readonly engine: Engine;
  readonly endpoint: Endpoint;
  /** The engine's, in Go's words. */
  readonly arch: string;
  readonly flags: Flags;
  readonly cwd: string;
  readonly surroundings: Surroundings;
}

/** All that is looked at once the engine answers. */
export async function lookAround(place: Place): Promise<readonly Check[]> {
  const { engine, endpoint, arch, flags, cwd, surroundings } = place;
  const { env } = surroundings;
  const [info, [project, config]] = await Promise.all([engine.info(), look(flags, env, cwd)]);
  const directory = config?.directory ?? cwd;
  return [
    judge.judgeContexts(contextNames(dockerConfig(env)), endpoint.source, currentContext(dockerConfig(env))),
    judge.judgeDisk(info.directory, freeBytes(endpoint, info)),
    ...(await bases(engine, config, arch)),
    project,
    ...(config === undefined ? [] : await ofProject(engine, config, info)),
    await certificates(env),
    judge.judgeConfinement(info, directory),
  ];
}

/** The project here, if there is one. */
async function look(
  flags: Flags,
  env: Surroundings['env'],
  cwd: string,
): Promise<readonly [check: Check, config: Config | undefined]> {
  const { resolveConfig } = await import('../config/resolve.ts');
  try {
    const { config } = await resolveConfig(flags, env, cwd);
    return [ok('project', `${config.name} in ${config.directory}`), config];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return [note('project', error.message, error.hint), undefined];
  }
}

async function ofProject(engine: Engine, config: Config, info: EngineInfo): Promise<readonly Check[]> {
  return await Promise.all([user(config, info), port(engine, config)]);
}

async function user(config: Config, info: EngineInfo): Promise<Check> {
  const { uid, gid } = statSync(config.root);
  try {
    return judge.judgeUser(await runUser(config), `${uid}:${gid}`, info);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return fail('user', error.message, error.hint);
  }
}

async function port(engine: Engine, config: Config): Promise<Check> {
  const { port: wanted, portFixed } = config.server;
  const running = await findContainer(engine, config);
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

async function bases(engine: Engine, config: Config | undefined, arch: string): Promise<readonly Check[]> {
  const base = config?.base;
  const suite = base?.kind === 'image' ? undefined : releaseOf(base?.python ?? '3.11');
  const refs = base?.kind === 'image' ? [base.image.value] : [officialBase(suite ?? ''), madeBase(suite ?? '')];
  const [wanted = ''] = refs;
  const [images, refused] = await Promise.all([Promise.all(refs.map(engine.image)), refusal(engine, wanted)]);
  const present = refs.find((_, index) => images[index] !== undefined);
  const unmakeable = suite === undefined ? `${wanted} was named` : unfitToMake(debianArchitecture(arch));
  return [judge.judgeBase({ refs, present, refused, unmakeable }), judge.judgeRegistry(wanted, refused)];
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
