import { existsSync } from 'node:fs';
import type { ContainerInfo, Engine } from '../engine/engine.ts';
import { Fault } from '../errors.ts';
import { PORT, STATE } from '../plan/container.ts';
import { containerName, label } from '../plan/labels.ts';
import { shellWord } from '../shell.ts';
import { readNonce, stateDirectory } from './state.ts';

/** A project as the commands around `up` know it: they need no application. */
export interface Project {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
}

/** The project's container, running or not; undefined when it has none. */
export async function findContainer(engine: Engine, project: Project): Promise<ContainerInfo | undefined> {
  return (await findContainers(engine, project)).server;
}

/** The project's container, and those of single commands (`wsgi-dev run`). */
export async function findContainers(
  engine: Engine,
  { name, directory }: Project,
): Promise<{ readonly server: ContainerInfo | undefined; readonly commands: readonly ContainerInfo[] }> {
  const all = await engine.list({ [label.project]: name, [label.workingDir]: directory });
  const [server] = all.filter(({ labels }) => labels[label.once] === undefined);
  return { server, commands: all.filter(({ labels }) => labels[label.once] !== undefined) };
}

/** The project's container, or the one that docker compose has started by a file of `wsgi-dev compose init`. */
export async function findServer(engine: Engine, project: Project): Promise<ContainerInfo | undefined> {
  const own = await findContainer(engine, project);
  if (own !== undefined) return own;
  const all = await engine.list({ [label.project]: project.name });
  return all.find((one) => isOthers(one) && one.mounts[STATE] === stateDirectory(project.directory));
}

/** It was started by docker compose, which takes it down as well. */
export function isOthers({ labels }: ContainerInfo): boolean {
  return labels[label.workingDir] === undefined;
}

/** Signs the events of the runner in `container`; one that started without a client has made its own. */
export async function nonceOf(container: ContainerInfo, project: Project): Promise<string> {
  const given = container.labels[label.nonce];
  return given ?? (await readNonce(stateOf(container, project))) ?? '';
}

/** The project's running container; a Fault (code 1) says how to get one. */
export async function runningContainer(engine: Engine, project: Project): Promise<ContainerInfo> {
  const container = await findServer(engine, project);
  if (container?.state === 'running') return container;
  throw new Fault(`${project.name} is not running${container === undefined ? '' : ` (${container.status})`}`, {
    hint: 'Start it with `wsgi-dev up`; `wsgi-dev ps -a` shows what there is.',
  });
}

/**
 * Where a server is found on this machine, as `url` that its runner knows; undefined: nowhere. The port of a scenario's is
 * the engine's choice, made after the runner was told of one.
 */
export function shownUrl({ labels, publish }: ContainerInfo, url: string): string | undefined {
  if (labels[label.runBy] === undefined) return url;
  const own = publish.find(({ containerPort }) => containerPort === PORT);
  if (own === undefined) return undefined;
  const found = new URL(url);
  found.port = String(own.hostPort);
  return found.href;
}

/** Where the runner of `container` keeps its state, on this machine. */
export function stateOf(container: ContainerInfo, { directory }: Project): string {
  return container.mounts[STATE] ?? stateDirectory(directory);
}

/** The Fault of a container that has the project's name: it says whose that is, and what to do. */
export async function nameTaken(engine: Engine, project: Project, cause: unknown): Promise<Fault> {
  const name = containerName(project.name);
  const other = await engine.inspect(name);
  const directory = other?.labels[label.workingDir];
  if (other === undefined || directory === undefined) {
    return new Fault(`The container name ${name} is taken by hand, or by another program`, {
      hint: `Choose another name with --project-name, or remove that container with \`docker rm -f ${name}\`.`,
      cause,
    });
  }
  if (!existsSync(directory)) {
    const hint = 'Run the same command again then.';
    return new Fault(`The container name ${name} is taken: ${removed(other, directory)}`, { hint, cause });
  }
  const down = `wsgi-dev down -C ${shellWord(directory)} --project-name ${other.labels[label.project] ?? project.name}`;
  return new Fault(`The container name ${name} is taken by the project in ${directory}`, {
    hint: `Choose another name with --project-name, or take that one down: ${down}`,
    cause,
  });
}

/** Containers of a project of this name whose directory was moved or removed: what each is, and how it goes. */
export async function removedOnes(engine: Engine, { name }: Project): Promise<readonly string[]> {
  const all = await engine.list({ [label.project]: name });
  return all.flatMap((one) => {
    const directory = one.labels[label.workingDir];
    return directory === undefined || existsSync(directory) ? [] : [removed(one, directory)];
  });
}

function removed({ name }: ContainerInfo, directory: string): string {
  return `${name} is of a project in ${directory}, which is gone; \`docker rm -f ${name}\` removes it`;
}
