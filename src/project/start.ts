import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { ContainerInfo, Engine } from '../engine/engine.ts';
import { faultKind } from '../engine/fault.ts';
import { type ContainerInputs, configHash, containerPlan, type Ports } from '../plan/container.ts';
import { label } from '../plan/labels.ts';
import { type RunnerSettings, runnerSettings, type StartTerminal } from '../plan/settings.ts';
import { type Driver, runSession, type SessionResult } from '../session/session.ts';
import { includesEdited, stamped } from './apache.ts';
import { leaveAuthorities } from './certificates.ts';
import { findContainer, nameTaken } from './container.ts';
import { ensureImage, type ImageRequest } from './image.ts';
import { prepareMeasures } from './measures.ts';
import { withProjectLock } from './mutex.ts';
import type { Neighbours } from './neighbours.ts';
import { serverUser } from './owner.ts';
import { leavePdbrc } from './pdbrc.ts';
import { freePorts, portBusy, portsOf } from './ports.ts';
import { prepareState, readState, writeBefore, writeBreaks, writeSettings } from './state.ts';
import type { Surroundings } from './surroundings.ts';

/** So often a port that was free a moment ago may turn out to be taken. */
const PORT_ATTEMPTS = 5;

export interface StartRequest {
  readonly engine: Engine;
  readonly config: Config;
  readonly image: ImageRequest;
  readonly forceRecreate: boolean;
  /** Seconds until `ready` must have come. */
  readonly startLimit: number;
  readonly surroundings: Surroundings;
  /** Those of a compose project, in the place of whose service it runs. */
  readonly neighbours?: Neighbours | undefined;
  /** Called once the project's container is gone, for a new one. */
  removed?(container: ContainerInfo): Promise<void>;
  readonly term: string;
  /** Who is at the terminal, and what that shows. */
  readonly terminal: StartTerminal;
  /** The session is written down. */
  readonly record?: boolean;
  /** Whether somebody looks at the server once it is ready. */
  readonly attach: boolean;
  /** Who watches: made once it is known what is started. */
  driver(started: Started): Driver;
}

/** What `up` brought about. */
export interface Started {
  readonly container: string;
  readonly url: string;
  /** HOST:PORT where an editor finds debugpy; empty with another debugger. */
  readonly editor: string;
  readonly image: string;
  /** What was done: nothing, an order to the running container, or a new container. */
  readonly changed: readonly ('container' | 'settings')[];
}

export interface Outcome {
  readonly started: Started;
  readonly session: SessionResult;
}

/** What was found out before anything is started. */
interface Inputs {
  readonly image: string;
  readonly user: string;
  readonly stateDirectory: string;
  /** The project's container, if it has one. */
  readonly existing: ContainerInfo | undefined;
}

/** What is to happen once the container's terminal is attached. */
interface Prepared {
  readonly started: Started;
  readonly nonce: string;
  /** undefined: it runs as wanted already. */
  readonly order: string | undefined;
  readonly ports: Ports;
  begin(): Promise<void>;
}

/**
 * Brings a project up: image, container or an order to the one that runs, and a session with `driver` until that
 * leaves. The project is locked until the server is ready. Where a new container doesn't get that far it is removed.
 */
export async function start(request: StartRequest): Promise<Outcome> {
  const { engine, config, surroundings } = request;
  const user = await serverUser(config);
  const state = await prepareState(config.directory, user);
  await prepareMeasures(config, user);
  const { started, session } = await withProjectLock(state, `up ${config.mode}`, surroundings.out.info, async () => {
    // Looked up side by side: each is a question to the engine.
    const [image, existing] = await Promise.all([
      ensureImage(engine, config, request.image, surroundings),
      findContainer(engine, config),
    ]);
    await request.neighbours?.ready(existing);
    return await bring(request, { image, user, stateDirectory: state, existing });
  });
  return { started, session: await session };
}

/** A free port may be taken by another program before the engine has bound it: then the next one is tried. */
async function bring(request: StartRequest, inputs: Inputs): ReturnType<typeof untilReady> {
  const { host, portFixed } = request.config.server;
  for (let attempt = 1; ; attempt += 1) {
    const prepared = await prepare(request, inputs);
    try {
      return await untilReady(request, prepared);
    } catch (error) {
      if (faultKind(error) !== 'port-busy') throw error;
      const { hostPort, editorPort } = prepared.ports;
      // Of two ports either may be the one: the next attempt finds out which.
      const known = portFixed && editorPort === undefined;
      if (known || attempt === PORT_ATTEMPTS) throw portBusy(host, hostPort, '--port', error);
    }
  }
}

/** Starts the session and resolves when the server is ready or the session has ended; it may go on. */
async function untilReady(
  { engine, startLimit, attach, surroundings, driver }: StartRequest,
  { started, nonce, order, begin }: Prepared,
): Promise<{ readonly started: Started; readonly session: Promise<SessionResult> }> {
  if (order === undefined && !attach) {
    return { started, session: Promise.resolve({ ending: 'ready', exit: undefined, ready: true }) };
  }
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  const { container } = started;
  const session = runSession({
    engine,
    container,
    nonce,
    driver: driver(started),
    begin,
    redraw: order === undefined,
    order,
    startLimit,
    onReady,
  });
  try {
    await Promise.race([ready, session]);
  } catch (error) {
    if (started.changed.includes('container')) {
      await engine
        .remove(container, { volumes: true })
        .catch((failed: Error) => surroundings.out.warn(`Left behind: ${failed.message}`));
    }
    throw error;
  }
  return { started, session };
}

async function prepare(request: StartRequest, inputs: Inputs): Promise<Prepared> {
  const { engine, config, surroundings } = request;
  const { existing } = inputs;
  // An editor has its own; those of the configuration were told to have no effect.
  await writeBreaks(inputs.stateDirectory, config.debug.debugger === 'debugpy' ? [] : config.debug.breaks);
  if (config.mode === 'debug') await leavePdbrc(inputs.stateDirectory, surroundings);
  const hash = configHash(config, { ...inputs, version: surroundings.version });
  if (existing?.state === 'running' && existing.labels[label.configHash] === hash && !request.forceRecreate) {
    return await orderTo(existing, request, inputs);
  }
  if (existing !== undefined) {
    await engine.remove(existing.id, { volumes: true });
    await request.removed?.(existing);
  }
  return await newContainer(request, inputs);
}

/** The running container is the right one: give it new settings, if they are new. */
async function orderTo(
  existing: ContainerInfo,
  request: StartRequest,
  { image, stateDirectory }: Inputs,
): Promise<Prepared> {
  const { engine, config } = request;
  const nonce = existing.labels[label.nonce] ?? '';
  const state = await readState(stateDirectory);
  const last = await lastSettings(stateDirectory);
  const ports = portsOf(config, existing, state?.url, last);
  const settings = settingsOf(request, nonce, ports);
  const started = { container: existing.id, url: settings.url, editor: settings.editor_address, image };
  // For what only terminals show, and for exceptions where nobody said whether they stop, none is started anew.
  const kept = config.debug.postMortem === undefined ? { post_mortem: last?.post_mortem } : {};
  const wanted = { ...settings, ...kept, colors: last?.colors, notify: last?.notify, asks: last?.asks };
  const same =
    state?.phase === 'ready' &&
    JSON.stringify({ ...last, order: '' }) === JSON.stringify({ ...wanted, order: '' }) &&
    !includesEdited(config);
  if (same) {
    const begin = (): Promise<void> => engine.signal(existing.id, 'SIGUSR2');
    return { started: { ...started, changed: [] }, nonce, order: undefined, ports, begin };
  }
  return {
    started: { ...started, changed: ['settings'] },
    nonce,
    order: settings.order,
    ports,
    async begin() {
      await writeSettings(stateDirectory, settings);
      await engine.signal(existing.id, 'SIGUSR1');
    },
  };
}

async function newContainer(request: StartRequest, inputs: Inputs): Promise<Prepared> {
  const { engine, config, surroundings, neighbours, term } = request;
  const { stateDirectory } = inputs;
  const labels = await neighbours?.makeRoom(inputs.existing);
  const ports = await freePorts(config, surroundings.out.info);
  const nonce = newId();
  const all: ContainerInputs = { ...inputs, ...ports, nonce, version: surroundings.version, term, labels };
  const settings = settingsOf(request, nonce, ports);
  await writeSettings(stateDirectory, settings);
  await leaveAuthorities(engine, config, { image: inputs.image, state: stateDirectory }, surroundings.env);
  await writeBefore(stateDirectory, config.before);
  const container = await create(engine, config, all);
  return {
    started: {
      container,
      url: settings.url,
      editor: settings.editor_address,
      image: inputs.image,
      changed: ['container'],
    },
    nonce,
    order: settings.order,
    begin: () => engine.start(container),
    ports,
  };
}

function settingsOf({ config, terminal, record }: StartRequest, nonce: string, ports: Ports): RunnerSettings {
  const settings = runnerSettings(config, newId(), nonce, ports, terminal);
  return stamped({ ...settings, ...(record && { record }), asks: terminal.person }, config);
}

async function create(engine: Engine, config: Config, inputs: ContainerInputs): Promise<string> {
  try {
    return await engine.create(containerPlan(config, inputs));
  } catch (error) {
    throw faultKind(error) === 'name-taken' ? await nameTaken(engine, config, error) : error;
  }
}

/** What the runner was last told; undefined where that is gone or unreadable: it is written anew then. */
async function lastSettings(stateDirectory: string): Promise<RunnerSettings | undefined> {
  try {
    return JSON.parse(await readFile(join(stateDirectory, 'settings.json'), 'utf8')) as RunnerSettings;
  } catch {
    return undefined;
  }
}

function newId(): string {
  return randomBytes(12).toString('hex');
}
