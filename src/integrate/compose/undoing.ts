import type { ContainerInfo, Engine } from '../../engine/engine.ts';
import type { Output } from '../../log.ts';
import { composeLabel } from './labels.ts';

/** What an `up` did to other containers of a compose project: ids on the engine. */
export interface Doings {
  /** The service's own containers, which ran and were stopped. */
  readonly displaced: readonly string[];
  /** Dependencies that were there, and were started. */
  readonly started: readonly string[];
  /** Dependencies that were not there. */
  readonly created: readonly string[];
}

const label = {
  displaced: 'dev.wsgi-dev.compose.displaced',
  started: 'dev.wsgi-dev.compose.started',
  created: 'dev.wsgi-dev.compose.created',
} as const;

/** Seconds that a dependency is given to end; compose's own. */
const STOP_SECONDS = 10;

type Labels = Readonly<Record<string, string>>;

/** The labels of the project's container that tell of `doings`, for whoever takes it down. */
export function doingsLabels(doings: Doings): Labels {
  return Object.fromEntries(keys().map((key) => [label[key], doings[key].join(',')]));
}

/** What these labels tell. */
export function readDoings(labels: Labels): Doings {
  const ids = (key: keyof Doings): readonly string[] => (labels[label[key]] ?? '').split(',').filter(Boolean);
  return { displaced: ids('displaced'), started: ids('started'), created: ids('created') };
}

/**
 * Once the container with these labels is gone: stops the dependencies that were started for it (one that was made for it
 * goes, networks without a container too), and starts what it took the place of.
 */
export async function undoFor(engine: Engine, labels: Labels, out: Output): Promise<void> {
  const project = labels[composeLabel.project];
  if (project !== undefined) await undoDoings(engine, project, readDoings(labels), out);
}

/** The same for what is known without a container. */
export async function undoDoings(
  engine: Engine,
  project: string,
  { displaced, started, created }: Doings,
  out: Output,
): Promise<void> {
  const there = await engine.list({ [composeLabel.project]: project });
  const name = (id: string): string | undefined => there.find((one) => one.id === id)?.labels[composeLabel.service];
  // What somebody has removed since is no matter of ours.
  const ours = [...started, ...created].filter((id) => name(id) !== undefined);
  const stopped = without(ours, there);
  const left = ours.filter((id) => !stopped.includes(id) && isRunning(there, id));
  if (left.length > 0) out.info(`${services(left.map(name))} was started for it and runs on: others depend on it`);
  await Promise.all(
    stopped.map(async (id) => {
      await engine.stop(id, STOP_SECONDS);
      // As after `docker compose down`, anonymous volumes stay.
      if (created.includes(id)) await engine.remove(id);
    }),
  );
  if (stopped.length > 0) out.info(`Stopped ${services(stopped.map(name))}, started for it`);
  const back = displaced.filter((id) => name(id) !== undefined);
  for (const id of back) await engine.start(id);
  if (back.length > 0) out.info(`${services(back.map(name))} of compose runs again`);
  else if (displaced.length > 0) out.info('What it took the place of is gone: `docker compose up -d` makes it anew');
  await removeEmptyNetworks(engine, project);
}

/** Those of `ids` that no other container needs that runs on: one of compose's, or of another wsgi-dev's. */
function without(ids: readonly string[], there: readonly ContainerInfo[]): readonly string[] {
  const staying = there.filter(({ id, state }) => state === 'running' && !ids.includes(id));
  const needed = staying.flatMap(({ labels }) =>
    (labels[composeLabel.dependsOn] ?? '').split(',').map((one) => one.split(':')[0]),
  );
  const going = ids.filter((id) => {
    const service = there.find((one) => one.id === id)?.labels[composeLabel.service];
    return !needed.includes(service);
  });
  // What stays needs others in its turn.
  return going.length === ids.length ? going : without(going, there);
}

function isRunning(there: readonly ContainerInfo[], wanted: string): boolean {
  return there.some(({ id, state }) => id === wanted && state === 'running');
}

async function removeEmptyNetworks(engine: Engine, project: string): Promise<void> {
  const own = { [composeLabel.project]: project };
  if ((await engine.list(own)).length > 0) return;
  const networks = await engine.networks(own);
  // One that another container has joined by hand is in use: it stays.
  await Promise.allSettled(networks.map(({ id }) => engine.removeNetwork(id)));
}

function services(names: readonly (string | undefined)[]): string {
  return [...new Set(names)].join(', ');
}

function keys(): readonly (keyof Doings)[] {
  return ['displaced', 'started', 'created'];
}
