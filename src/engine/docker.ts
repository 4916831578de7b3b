import { text } from 'node:stream/consumers';
import type { ContainerPlan } from '../plan/plan.ts';
import { buildImage } from './build.ts';
import { chooseBuilder } from './builder.ts';
import { createOptions, fromInspect, fromList } from './container.ts';
import type { FindCredentials } from './credentials.ts';
import type { Endpoint, Env } from './endpoint.ts';
import type { ContainerInfo, Engine, LogOptions, WantedLabels } from './engine.ts';
import { execIn } from './exec.ts';
import { type EngineFaultKind, faultKind, field, wentAway } from './fault.ts';
import { importImage, inspectImage, pullImage, removeImage } from './image.ts';
import { askRegistry, engineInfo } from './info.ts';
import { joinRest } from './joined.ts';
import { type Link, openLink } from './link.ts';
import { startOnce } from './once.ts';
import { runScript } from './run.ts';
import { seesPath } from './sees.ts';
import { shielded } from './shield.ts';

/**
 * The engine at `endpoint`, which pulls with `credentials` and builds with the builder that `env` asks for; nothing is
 * connected before the first request.
 */
export function connect(
  endpoint: Endpoint,
  credentials: FindCredentials = async () => undefined,
  env: Env = {},
): Engine {
  const link = openLink(endpoint);
  const { docker, address, attempt } = link;
  const container = docker.getContainer.bind(docker);
  return {
    address,
    version: () =>
      attempt('ask the engine for its version', async () => {
        const { Version, ApiVersion, Os, Arch } = await docker.version();
        return { version: Version, apiVersion: ApiVersion, os: Os, arch: Arch };
      }),
    info: () => engineInfo(link),
    registry: (ref, signal) => askRegistry(link, ref, signal),

    sees: (path) => seesPath(link, path),

    image: (ref) => inspectImage(link, ref),
    pull: (ref, onProgress, signal) => pullImage(link, { ref, credentials, signal }, onProgress),
    importImage: (tar, ref) => importImage(link, tar, ref),
    build: async (request, onLine) => buildImage(link, request, await chooseBuilder(link, request, env), onLine),
    tag: (ref, name) =>
      attempt(`name the image ${ref} ${name}`, async () => {
        const colon = name.lastIndexOf(':');
        await docker.getImage(ref).tag({ repo: name.slice(0, colon), tag: name.slice(colon + 1) });
      }),
    removeImage: (ref) => removeImage(link, ref),

    createNetwork: (name, labels) =>
      attempt(`create the network ${name}`, async () => {
        const network = await docker.createNetwork({ Name: name, Driver: 'bridge', Labels: { ...labels } });
        return network.id;
      }),
    removeNetwork: (id) => attempt(`remove the network ${id}`, () => unlessStatus(404, docker.getNetwork(id).remove())),
    networks: (labels) =>
      attempt('list the networks', async () => {
        const found = await docker.listNetworks({ filters: { label: wanted(labels) } });
        return found.map(({ Id, Name, Labels }) => ({ id: Id, name: Name, labels: Labels ?? {} }));
      }),
    volumes: (labels) =>
      attempt('list the volumes', async () => {
        return (await docker.listVolumes({ filters: { label: wanted(labels) } })).Volumes.map(({ Name }) => Name);
      }),
    run: (image, script) => shielded(() => runScript(link, image, script, (id) => removeContainer(link, id, true))),

    list: (labels) =>
      attempt('list the containers', async () => {
        return (await docker.listContainers({ all: true, filters: { label: wanted(labels) } })).map(fromList);
      }),
    inspect: (id) => inspectContainer(link, id),
    create: (plan) => createContainer(link, plan),
    start: (id) => attempt(`start the container ${id}`, () => unlessStatus(304, container(id).start())),
    attach: (id) =>
      attempt(`attach to the container ${id}`, () =>
        // %FF, one raw byte that no terminal sends, switches the engine's own detach keys off.
        link.hijack(`/containers/${id}/attach`, { stream: 1, stdin: 1, stdout: 1, stderr: 1, detachKeys: '%FF' }),
      ),
    wait: (id) => attempt(`wait for the container ${id}`, () => waitForExit(link, id)),
    signal: (id, signal) =>
      attempt(`send ${signal} to the container ${id}`, async () => void (await container(id).kill({ signal }))),
    stop: (id, seconds) =>
      attempt(`stop the container ${id}`, () => unlessStatus(304, container(id).stop({ t: seconds }))),
    remove: (id, options) => removeContainer(link, id, options?.volumes ?? false),
    resize: (id, { columns, rows }) =>
      attempt(`resize the terminal of the container ${id}`, async () => {
        await container(id).resize({ w: columns, h: rows });
      }),
    logs: (id, options) =>
      attempt(`read the logs of the container ${id}`, () =>
        link.readable('GET', `/containers/${id}/logs`, logQuery(options)),
      ),
    exec: (id, request) => execIn(link, id, request),
    once: (plan, tty) => shielded(() => startOnce(link, plan, tty, (id) => removeContainer(link, id, true))),
  };
}

/** As filters have them. */
function wanted(labels: WantedLabels): string[] {
  return Object.entries(labels).map(([key, value]) => (value === undefined ? key : `${key}=${value}`));
}

async function createContainer(link: Link, plan: ContainerPlan): Promise<string> {
  const { id } = await link.attempt(`create the container ${plan.name}`, () =>
    link.docker.createContainer(createOptions(plan)),
  );
  if (plan.joined === undefined) return id;
  try {
    await joinRest(link, id, plan.joined);
    return id;
  } catch (error) {
    await removeContainer(link, id, true);
    throw error;
  }
}

async function inspectContainer(link: Link, id: string): Promise<ContainerInfo | undefined> {
  return unlessKind('no-container', () =>
    link.attempt(`inspect the container ${id}`, async () =>
      fromInspect(await link.docker.getContainer(id).inspect(), Date.now()),
    ),
  );
}

async function waitForExit(link: Link, id: string): Promise<number> {
  // "next-exit" serves a container that is still to be started, for which the default answers at once. It would wait
  // for ever on one that has ended, so the state is looked at, after the engine's headers have said that it listens.
  const answer = await link.readable('POST', `/containers/${id}/wait`, { condition: 'next-exit' });
  const { State } = await link.docker.getContainer(id).inspect();
  if (State.Status === 'exited' || State.Status === 'dead') {
    answer.destroy();
    return State.ExitCode;
  }
  const body: unknown = JSON.parse(await text(answer));
  const code = field(body, 'StatusCode');
  if (typeof code !== 'number') {
    throw wentAway(link.address, body);
  }
  return code;
}

async function removeContainer(link: Link, id: string, volumes: boolean): Promise<void> {
  const doing = `remove the container ${id}`;
  const container = link.docker.getContainer(id);
  await unlessKind('no-container', async () => {
    try {
      await link.attempt(doing, () => container.remove({ force: true, v: volumes }));
    } catch (error) {
      // Somebody else removes it: done when it is gone.
      if (faultKind(error) !== 'removing') throw error;
      await link.attempt(doing, () => container.wait({ condition: 'removed' }));
    }
  });
}

/** 304: the container is in that state already. 404: what is to be removed is gone. */
async function unlessStatus(status: 304 | 404, request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (field(error, 'statusCode') !== status) throw error;
  }
}

async function unlessKind<T>(kind: EngineFaultKind, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (faultKind(error) === kind) return undefined;
    throw error;
  }
}

function logQuery({
  follow,
  tail,
  since,
  until,
  timestamps,
}: LogOptions): Readonly<Record<string, string | number | boolean>> {
  return {
    stdout: true,
    stderr: true,
    follow,
    timestamps,
    tail: tail ?? 'all',
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}
