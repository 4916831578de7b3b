import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import type { Engine } from '../engine/engine.ts';
import { ExitCode, Fault } from '../errors.ts';
import { containerPlan } from '../plan/container.ts';
import { type RunnerSettings, runnerSettings } from '../plan/settings.ts';
import { type Adopted, readReport } from './adopted.ts';
import { ensureImage, type ImageRequest } from './image.ts';
import { runUser } from './owner.ts';
import { refuseUnseen } from './seen.ts';
import { prepareState, writeSettings } from './state.ts';
import type { Surroundings } from './surroundings.ts';

const LOOKING: ImageRequest = { build: 'missing', noCache: false, pull: 'missing', progress: 'auto', frozen: false };

/**
 * What becomes of a configuration of the user's own, found out in a container of its own that starts nothing. Fault
 * (code 2): it can't be run. `byHand`: for a server without wsgi-dev, where everything lies as the configuration says.
 */
export async function adoptOnly(
  engine: Engine,
  config: Config,
  surroundings: Surroundings,
  byHand = false,
): Promise<Adopted> {
  await refuseUnseen(engine, config.directory);
  const user = await runUser(config);
  const id = randomBytes(4).toString('hex');
  const state = await prepareState(config.directory, user, `adopt-${id}`);
  const ports = { hostPort: config.server.port || 8000, editorPort: undefined, tlsPort: 8443 };
  try {
    const image = await ensureImage(engine, config, LOOKING, surroundings);
    const settings = runnerSettings(config, id, id, ports, { person: false, colors: false });
    await writeSettings(state, byHand ? onServer(settings, urlByHand(config), ports.tlsPort) : settings);
    const inputs = {
      ...ports,
      image,
      user,
      nonce: id,
      stateDirectory: state,
      version: surroundings.version,
      term: 'dumb',
    };
    const plan = containerPlan(config, inputs);
    const command = ['/opt/venv/bin/python3', '-I', '-S', '/usr/lib/wsgi-dev', 'adopt'];
    const container = await engine.create({ ...plan, name: `${plan.name}-${id}`, command, publish: [], labels: {} });
    try {
      await engine.start(container);
      await engine.wait(container);
    } finally {
      await engine.remove(container, { volumes: true });
    }
    const report = readReport(state);
    if ('error' in report) throw refused(report.error, report.excerpt);
    return report;
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

/** Where the application is reached that `eject` prints a script for: on the loopback, whatever is published here. */
export function urlByHand({ server }: Config): string {
  return `http://127.0.0.1:${server.port || 8000}${server.mount.endsWith('/') ? server.mount : `${server.mount}/`}`;
}

/** The settings of a server without wsgi-dev, which listens by itself. */
function onServer(settings: RunnerSettings, url: string, tlsPort: number): RunnerSettings {
  const { apache } = settings;
  const tls = { tls_listen: `127.0.0.1:${tlsPort}`, tls_url: `https://127.0.0.1:${tlsPort}/` };
  return {
    ...settings,
    listen: new URL(url).host,
    url,
    ...(apache !== undefined && { apache: { ...apache, ...tls, by_hand: true } }),
  };
}

function refused(error: string, excerpt: string): Fault {
  const message = `The Apache configuration can't be run: ${error}`;
  return new Fault(excerpt === '' ? message : `${message}\n${excerpt}`, {
    code: ExitCode.usage,
    hint: 'docs/apache.md says what is changed of a configuration and what is not.',
  });
}
