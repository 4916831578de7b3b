import type { ContainerInfo, Engine } from '../../engine/engine.ts';
import { ExitCode, Fault } from '../../errors.ts';
import type { Output } from '../../log.ts';
import type { ComposeCli } from './cli.ts';
import { composeLabel } from './labels.ts';
import type { Dependencies } from './service.ts';
import { type Doings, undoDoings } from './undoing.ts';

/** How many of its last lines are shown of a dependency that failed. */
const TAIL = 20;

export interface DependencyRequest {
  readonly engine: Engine;
  readonly cli: ComposeCli;
  readonly project: string;
  readonly dependencies: Dependencies;
  /** Seconds that they have to get healthy. */
  readonly limit: number;
  readonly signal: AbortSignal;
  readonly out: Output;
}

/**
 * Starts dependencies and waits until they are healthy, or have done their work; resolves with what was done. Fault
 * (code 1): one failed, with its last lines; what was started is stopped again.
 */
export async function startDependencies(request: DependencyRequest): Promise<Pick<Doings, 'started' | 'created'>> {
  const { engine, project, dependencies, out } = request;
  const before = await containersOf(request);
  const need = (names: readonly string[]): readonly string[] =>
    names.filter((name) => !dependencies.optional.includes(name));
  try {
    await bringUp(request, need(dependencies.running), need(dependencies.completed));
    for (const name of dependencies.optional) {
      const completed = dependencies.completed.includes(name);
      await bringUp(request, completed ? [] : [name], completed ? [name] : []).catch((error: unknown) => {
        if (!(error instanceof Fault) || error.code !== ExitCode.failed) throw error;
        out.warn(`${error.message}\n${name} is not required: going on without it`);
      });
    }
    return doneSince(before, await containersOf(request));
  } catch (error) {
    const { started, created } = doneSince(before, await containersOf(request));
    await undoDoings(engine, project, { displaced: [], started, created }, out);
    throw error;
  }
}

/**
 * Whether every dependency is as it should be already: runs and is healthy, or has done its work; and was made as `hashes`
 * say, by name (undefined: the configuration is the same as then).
 */
export function allThere(
  containers: readonly ContainerInfo[],
  { all, ending }: Dependencies,
  hashes: Readonly<Record<string, string>> | undefined,
): boolean {
  return all.every((name) => {
    const own = containers.filter(({ labels }) => labels[composeLabel.service] === name);
    const current = (one: ContainerInfo): boolean =>
      hashes === undefined || one.labels[composeLabel.configHash] === hashes[name];
    const well = ending.includes(name) ? hasEndedWell : runsWell;
    return own.length > 0 && own.every((one) => well(one) && current(one));
  });
}

async function bringUp(
  request: DependencyRequest,
  running: readonly string[],
  completed: readonly string[],
): Promise<void> {
  const { cli, limit, out, signal } = request;
  const up = async (names: readonly string[], ...options: readonly string[]): Promise<void> => {
    if (names.length === 0) return;
    out.info(`Starting ${names.join(', ')} (docker compose up)`);
    const args = ['up', '--detach', '--no-color', ...options, ...names];
    const { code, stderr } = await cli.run(args, { onLine: out.debug, signal });
    if (signal.aborted) throw interrupted(names);
    if (code !== 0) throw await failure(request, names, lastLine(stderr));
  };
  await up(running, '--wait', '--wait-timeout', `${Math.ceil(limit)}`);
  // A limit that passes while compose still starts them ends it with code 0.
  if (!(await areWell(request, running))) throw await failure(request, running, `not healthy after ${limit} s`);
  await up(completed);
  for (const name of completed) await untilCompleted(request, name);
}

async function areWell(request: DependencyRequest, names: readonly string[]): Promise<boolean> {
  if (names.length === 0) return true;
  return (await containersOf(request))
    .filter(({ labels }) => names.includes(labels[composeLabel.service] ?? ''))
    .every((one) => runsWell(one) || hasEndedWell(one));
}

async function untilCompleted(request: DependencyRequest, name: string): Promise<void> {
  const { engine, signal } = request;
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(interrupted([name])), { once: true });
  });
  aborted.catch(() => undefined);
  for (const { id } of (await containersOf(request)).filter(({ labels }) => labels[composeLabel.service] === name)) {
    const code = await Promise.race([engine.wait(id), aborted]);
    if (code !== 0) throw await failure(request, [name], `${name} ended with exit code ${code}`);
  }
}

/** Says why, with the last lines of those that are not well. */
async function failure(request: DependencyRequest, names: readonly string[], why: string): Promise<Fault> {
  const { cli, dependencies } = request;
  const bad = (await containersOf(request)).filter((one) => !runsWell(one) && !hasEndedWell(one));
  const services = [...new Set(bad.map(({ labels }) => labels[composeLabel.service] ?? ''))];
  // Of one that compose could not even create nothing is there to be read.
  const blamed = services.filter((name) => dependencies.all.includes(name));
  const tails = await Promise.all(
    blamed.map(async (name) => {
      const { stdout } = await cli.run(['logs', '--no-color', '--no-log-prefix', '--tail', `${TAIL}`, name]);
      const lines = stdout.trimEnd().split('\n').filter(Boolean);
      return [
        lines.length === 0 ? `${name} printed nothing.` : `The last lines of ${name}:`,
        ...lines.map((line) => `  ${line}`),
      ];
    }),
  );
  const whom = (blamed.length === 0 ? names : blamed).join(', ');
  return new Fault([`${whom} did not come up: ${why}`, ...tails.flat()].join('\n'), {
    hint: 'What was started for it is stopped again. `docker compose up` of it alone shows more.',
  });
}

function interrupted(names: readonly string[]): Fault {
  return new Fault(`Interrupted while ${names.join(', ')} started`, { code: ExitCode.interrupted });
}

async function containersOf({ engine, project }: DependencyRequest): Promise<readonly ContainerInfo[]> {
  return await engine.list({ [composeLabel.project]: project, [composeLabel.oneOff]: 'False' });
}

function doneSince(
  before: readonly ContainerInfo[],
  after: readonly ContainerInfo[],
): Pick<Doings, 'started' | 'created'> {
  const same = (a: ContainerInfo, b: ContainerInfo): boolean =>
    a.labels[composeLabel.service] === b.labels[composeLabel.service] &&
    a.labels[composeLabel.number] === b.labels[composeLabel.number];
  // One that compose has made anew in the place of another counts as that other.
  const earlier = (one: ContainerInfo): ContainerInfo | undefined => before.find((other) => same(one, other));
  const ids = (wanted: (one: ContainerInfo) => boolean): readonly string[] => after.filter(wanted).map(({ id }) => id);
  return {
    started: ids((one) => earlier(one) !== undefined && earlier(one)?.state !== 'running' && one.state === 'running'),
    created: ids((one) => earlier(one) === undefined),
  };
}

/** By the engine's words: "Up 3 minutes (healthy)"; without brackets there is no health check. */
function runsWell({ state, status }: ContainerInfo): boolean {
  return state === 'running' && !/\((?:unhealthy|health: starting)\)/.test(status);
}

function hasEndedWell({ state, status }: ContainerInfo): boolean {
  return state === 'exited' && /^Exited \(0\)/.test(status);
}

function lastLine(stderr: string): string {
  return stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
