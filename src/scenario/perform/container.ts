import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/config.ts';
import type { Engine } from '../../engine/engine.ts';
import { PORT } from '../../plan/container.ts';
import { SCENARIO_USER, scenarioContainerPlan } from '../../plan/scenario.ts';
import { runnerSettings } from '../../plan/settings.ts';
import { leaveAuthorities } from '../../project/certificates.ts';
import { prepareState, writeBreaks, writeSettings } from '../../project/state.ts';
import { scripted } from '../../session/scripted.ts';
import { runSession } from '../../session/session.ts';
import type { Address } from './client.ts';
import { isRemote, relayed } from './relay.ts';
import type { Evidence, Stage } from './stage.ts';

/** What is started for one scenario. */
export interface ContainerRequest {
  readonly engine: Engine;
  /** Of the scenario: its name is the instance's, such as shop-ci-1. */
  readonly config: Config;
  /** The image with the source in it. */
  readonly image: string;
  readonly version: string;
  /** The mark of this process, for labels. */
  readonly runBy: string;
  /** Where the port is that it shares; undefined: it has its own. */
  readonly address: Address | undefined;
  /** Of whom is to stand at the prompt; undefined: "dumb", so that no escape sequences are in a transcript. */
  readonly term?: string | undefined;
  readonly stage: Stage;
  /** Seconds until the application must be ready. */
  readonly startLimit: number;
}

/** The application of one scenario, in a container of its own. */
export interface Application {
  readonly container: string;
  /** A way to its server: where its port is on this machine, or a connection through the engine. */
  way(): Promise<Address | Duplex>;
  /** Types at the terminal. */
  send(text: string): void;
  /** Runs a command in the container, in the application's directory and environment. */
  run(command: string): Promise<{ readonly code: number; readonly output: string }>;
  /** Ends the server; resolves when all that it printed has come. */
  stop(): Promise<void>;
  /** Leaves its terminal. */
  leave(): Promise<void>;
  /** Removes the container and what it left. */
  remove(): Promise<void>;
}

/** The server ends in less than one. */
const STOP_SECONDS = 10;
/** At the terminal, which a program reads. */
const NOBODY = { person: false, colors: false };

/** Creates and starts it; what happens is told to the stage. */
export async function startApplication(request: ContainerRequest): Promise<Application> {
  const { engine, config, image, version, runBy, stage, startLimit } = request;
  const state = await prepareState(config.directory, SCENARIO_USER, join('ci', config.name));
  const nonce = newId();
  const settings = {
    ...runnerSettings(config, newId(), nonce, { hostPort: PORT, editorPort: undefined }, NOBODY),
    evidence: true,
  };
  await writeBreaks(state, config.debug.breaks);
  await writeSettings(state, settings);
  await leaveAuthorities(engine, config, { image, state }, {});
  const container = await engine.create(
    scenarioContainerPlan(config, {
      image,
      user: SCENARIO_USER,
      nonce,
      stateDirectory: state,
      version,
      runBy,
      term: request.term ?? 'dumb',
      ofLane: request.address !== undefined,
    }),
  );
  const { driver, send, leave } = scripted({
    output: stage.output,
    event(event) {
      // Read in the very moment: the file is there as long as nothing is typed.
      if (event.event === 'stop') stage.event(event, readEvidence(state));
      else stage.event(event);
    },
  });
  const session = runSession({
    engine,
    container,
    nonce,
    driver,
    begin: () => engine.start(container),
    redraw: false,
    order: settings.order,
    startLimit,
  }).then(
    () => stage.ended('The container ended'),
    (error: Error) => stage.ended(error.message),
  );
  let found: Promise<Address> | undefined;
  return {
    container,
    send,
    async way() {
      if (isRemote(engine)) return await relayed(engine, container);
      found ??= request.address === undefined ? addressOf(engine, container) : Promise.resolve(request.address);
      return await found;
    },
    async run(command) {
      const exec = await engine.exec(container, {
        command: ['/bin/sh', '-c', command],
        tty: false,
        env: [],
        user: undefined,
        workingDir: undefined,
      });
      const [out, errors] = await Promise.all([text(exec.stdout), exec.stderr === undefined ? '' : text(exec.stderr)]);
      return { code: await exec.exitCode(), output: out + errors };
    },
    async stop() {
      // What has ended already can't be told to.
      await engine.signal(container, 'SIGTERM').catch(() => undefined);
      await Promise.race([session, sleep(STOP_SECONDS * 1000, undefined, { ref: false })]);
    },
    async leave() {
      leave('finished');
      await session;
    },
    async remove() {
      await engine.remove(container, { volumes: true });
      await rm(state, { recursive: true, force: true });
    },
  };
}

function readEvidence(state: string): Evidence | undefined {
  try {
    return JSON.parse(readFileSync(join(state, 'paused.json'), 'utf8')) as Evidence;
  } catch {
    // A stop in a process that was killed at once.
    return undefined;
  }
}

function newId(): string {
  return randomBytes(12).toString('hex');
}

/** Where the port of a container is published. */
export async function addressOf(engine: Engine, container: string): Promise<Address> {
  const published = (await engine.inspect(container))?.publish ?? [];
  const { hostIp, hostPort } = published.find(({ containerPort }) => containerPort === PORT) ?? {};
  return { host: hostIp ?? '127.0.0.1', port: hostPort ?? 0 };
}
