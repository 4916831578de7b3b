import type Docker from 'dockerode';
import type { ContainerPlan } from '../plan/plan.ts';
import type { ContainerInfo } from './engine.ts';
import { joinedOptions } from './joined.ts';

/** What the engine is asked to create for a plan: the main process on a terminal, with no privileges. */
export function createOptions(plan: ContainerPlan): Docker.ContainerCreateOptions {
  const { publish } = plan;
  const joined = plan.joined && joinedOptions(plan.joined);
  const ports = publish.map((one) => [`${one.containerPort}/tcp`, one] as const);
  return {
    name: plan.name,
    Image: plan.image,
    Cmd: [...plan.command],
    User: plan.user,
    WorkingDir: plan.workingDir,
    ...(plan.hostname !== undefined && { Hostname: plan.hostname }),
    Env: [...plan.env],
    Labels: { ...plan.labels },
    Tty: true,
    OpenStdin: true,
    // A client that leaves must not close the debugger's terminal.
    StdinOnce: false,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    // The official httpd image's signal is WINCH; and at a prompt no signal but KILL ends Apache.
    StopSignal: 'SIGTERM',
    StopTimeout: 1,
    // A probe would hang while the only process stands at a prompt.
    Healthcheck: { Test: ['NONE'] },
    ...joined?.options,
    ExposedPorts: Object.fromEntries(ports.map(([port]) => [port, {}])),
    HostConfig: {
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'local', Config: { 'max-size': '10m', 'max-file': '2' } },
      RestartPolicy: { Name: 'no' },
      AutoRemove: false,
      // Not Binds: those would make a missing source as an empty directory of root's.
      Mounts: [
        ...plan.binds.map(({ source, target, readOnly, kind = 'bind' as const }) => ({
          Type: kind,
          Source: source,
          Target: target,
          ReadOnly: readOnly,
        })),
        ...(joined?.mounts ?? []),
      ],
      PortBindings: Object.fromEntries(
        ports.map(([port, { hostIp, hostPort }]) => [port, [{ HostIp: hostIp, HostPort: `${hostPort}` }]]),
      ),
      ...joined?.host,
      ...(plan.network !== undefined && { NetworkMode: plan.network }),
    },
  };
}

/** A row of the engine's list. */
export function fromList(row: Docker.ContainerInfo): ContainerInfo {
  const publish = row.Ports.flatMap(({ PublicPort, IP, PrivatePort }) =>
    PublicPort === undefined || IP?.includes(':')
      ? []
      : [{ hostIp: IP, hostPort: PublicPort, containerPort: PrivatePort }],
  );
  return {
    id: row.Id,
    name: (row.Names[0] ?? row.Id).replace(/^\//, ''),
    image: row.Image,
    state: stateOf(row.State),
    status: row.Status,
    labels: row.Labels ?? {},
    publish,
    mounts: mountsOf(row.Mounts),
  };
}

/** The engine's full description of one container; `now` in milliseconds. */
export function fromInspect(found: Docker.ContainerInspectInfo, now: number): ContainerInfo {
  const publish = Object.entries(found.NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) =>
    (bindings ?? [])
      .filter(({ HostIp }) => !HostIp.includes(':'))
      .map(({ HostIp, HostPort }) => ({
        hostIp: HostIp,
        hostPort: Number(HostPort),
        containerPort: Number.parseInt(port, 10),
      })),
  );
  return {
    id: found.Id,
    name: found.Name.replace(/^\//, ''),
    image: found.Config.Image,
    state: stateOf(found.State.Status),
    status: statusOf(found.State, now),
    labels: found.Config.Labels ?? {},
    publish,
    mounts: mountsOf(found.Mounts),
  };
}

function mountsOf(
  mounts: readonly { readonly Source: string; readonly Destination: string }[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(mounts.map(({ Source, Destination }) => [Destination, Source]));
}

const states: readonly ContainerInfo['state'][] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];

function stateOf(text: string): ContainerInfo['state'] {
  // Podman has more words ("configured", "stopped"): none of them is a container that runs.
  return states.find((state) => state === text) ?? 'exited';
}

/** The words of the engine's list, which inspect lacks. */
function statusOf(state: Docker.ContainerInspectInfo['State'], now: number): string {
  switch (state.Status) {
    case 'running':
      return `Up ${ago(state.StartedAt, now)}`;
    case 'paused':
      return `Up ${ago(state.StartedAt, now)} (Paused)`;
    case 'exited':
      return `Exited (${state.ExitCode}) ${ago(state.FinishedAt, now)} ago`;
    default:
      return `${state.Status.charAt(0).toUpperCase()}${state.Status.slice(1)}`;
  }
}

function ago(time: string, now: number): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(time)) / 1000));
  const [size, unit] =
    seconds < 60
      ? [1, 'second']
      : seconds < 3600
        ? [60, 'minute']
        : seconds < 86_400
          ? [3600, 'hour']
          : [86_400, 'day'];
  const count = Math.floor(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
