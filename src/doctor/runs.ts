import type { Engine } from '../engine/engine.ts';
import { label } from '../plan/labels.ts';
import { type Presence, presenceOf } from '../project/process-mark.ts';
import { type Check, note, ok } from './check.ts';

/** What one run of scenarios has on an engine. */
export interface RunLeft {
  readonly presence: Presence;
  readonly containers: readonly { readonly id: string; readonly name: string; readonly state: string }[];
  readonly networks: readonly { readonly id: string; readonly name: string }[];
}

/** Whether runs of scenarios have left anything on the engine; what a run of this moment has is its own. */
export async function scenarioRuns(engine: Engine): Promise<Check> {
  const wanted = { [label.runBy]: undefined };
  const [containers, networks] = await Promise.all([engine.list(wanted), engine.networks(wanted)]);
  const markOf = ({ labels }: { readonly labels: Readonly<Record<string, string>> }): string =>
    labels[label.runBy] ?? '';
  const marks = [...new Set([...containers, ...networks].map(markOf))];
  const runs = await Promise.all(
    marks.map(async (mark) => ({
      presence: await presenceOf(mark),
      containers: containers.filter((one) => markOf(one) === mark),
      networks: networks.filter((one) => markOf(one) === mark),
    })),
  );
  return judgeRuns(runs, engine);
}

/** What is to be done about them: of a process that can't be looked at, what stands still is named and left. */
export function judgeRuns(runs: readonly RunLeft[], engine: Pick<Engine, 'remove' | 'removeNetwork'>): Check {
  const gone = runs.filter(({ presence }) => presence === 'gone');
  if (gone.length > 0) {
    const what = `remove ${namesOf(gone)}`;
    return {
      ...note('scenarios', `a run that was killed has left ${namesOf(gone)}`),
      fix: { what, run: () => removeAll(gone, engine) },
    };
  }
  const still = runs.filter(
    ({ presence, containers }) => presence === 'elsewhere' && containers.every(({ state }) => state !== 'running'),
  );
  if (still.length === 0) return ok('scenarios', 'no run has left anything');
  const commands = still.flatMap(({ containers, networks }) => [
    ...containers.map(({ name }) => `docker rm -fv ${name}`),
    ...networks.map(({ name }) => `docker network rm ${name}`),
  ]);
  const remedy = `If no such run is going on: ${commands.join(' && ')}`;
  const found = `${namesOf(still)}: of a run on another machine, or before this one was started`;
  return note('scenarios', found, remedy);
}

function namesOf(runs: readonly RunLeft[]): string {
  const list = (kind: string, names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [`the ${kind}${names.length === 1 ? '' : 's'} ${names.toSorted().join(', ')}`];
  return [
    ...list(
      'container',
      runs.flatMap(({ containers }) => containers.map(({ name }) => name)),
    ),
    ...list(
      'network',
      runs.flatMap(({ networks }) => networks.map(({ name }) => name)),
    ),
  ].join(' and ');
}

async function removeAll(runs: readonly RunLeft[], engine: Pick<Engine, 'remove' | 'removeNetwork'>): Promise<void> {
  // A network can be removed once nothing is on it, a lane once nothing uses its network.
  for (const { containers } of runs) for (const { id } of containers) await engine.remove(id, { volumes: true });
  for (const { networks } of runs) for (const { id } of networks) await engine.removeNetwork(id);
}
