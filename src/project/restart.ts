import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContainerInfo, Engine } from '../engine/engine.ts';
import { Fault } from '../errors.ts';
import { label } from '../plan/labels.ts';
import type { RunnerSettings } from '../plan/settings.ts';
import { type Driver, runSession, type SessionResult } from '../session/session.ts';
import type { Project } from './container.ts';
import { withProjectLock } from './mutex.ts';
import { stateDirectory, writeSettings } from './state.ts';

/** Seconds until `ready` must have come. */
const START_LIMIT = 60;

/** Orders the running server to start Apache anew with the settings it has; the session ends when it is ready. */
export async function restartServer(
  engine: Engine,
  project: Project,
  container: ContainerInfo,
  driver: Driver,
): Promise<SessionResult> {
  return await again(engine, project, container, driver, () => engine.signal(container.id, 'SIGUSR1'));
}

/** Starts the stopped container with the settings it has; the session ends when it is ready. */
export async function startServer(
  engine: Engine,
  project: Project,
  container: ContainerInfo,
  driver: Driver,
): Promise<SessionResult> {
  return await again(engine, project, container, driver, () => engine.start(container.id));
}

async function again(
  engine: Engine,
  project: Project,
  container: ContainerInfo,
  driver: Driver,
  begin: () => Promise<void>,
): Promise<SessionResult> {
  const state = stateDirectory(project.directory);
  return await withProjectLock(
    state,
    'restart',
    () => undefined,
    async () => {
      const last = await lastSettings(state);
      // Nobody is at its terminal.
      const settings = { ...last, ...(last.asks && { asks: false }), order: randomBytes(12).toString('hex') };
      return await runSession({
        engine,
        container: container.id,
        nonce: container.labels[label.nonce] ?? '',
        driver,
        async begin() {
          await writeSettings(state, settings);
          await begin();
        },
        redraw: false,
        order: settings.order,
        startLimit: START_LIMIT,
      });
    },
  );
}

async function lastSettings(state: string): Promise<RunnerSettings> {
  try {
    return JSON.parse(await readFile(join(state, 'settings.json'), 'utf8')) as RunnerSettings;
  } catch (error) {
    throw new Fault(`The settings of the running server in ${state} can't be read`, {
      hint: 'Make it anew: `wsgi-dev down`, then `wsgi-dev up`.',
      cause: error,
    });
  }
}
