import { posix } from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { JoinedFile, JoinedMount, JoinedNetwork, JoinedService } from '../config/joined.ts';
import type { Link } from './link.ts';

/** What the place of a compose service adds to the options of a new container. */
export function joinedOptions(joined: JoinedService): {
  readonly options: Docker.ContainerCreateOptions;
  readonly host: Docker.HostConfig;
  readonly mounts: readonly Docker.MountConfig[number][];
} {
  const { hostname, networks, mounts, extraHosts, dns, dnsSearch, groups, shmSize } = joined;
  const [first] = networks;
  return {
    options: {
      ...(hostname !== undefined && { Hostname: hostname }),
      ...(first && { NetworkingConfig: { EndpointsConfig: { [first.name]: endpoint(first) } } }),
    },
    host: {
      ...(first && { NetworkMode: first.name }),
      ExtraHosts: [...extraHosts],
      Dns: [...dns],
      DnsSearch: [...dnsSearch],
      GroupAdd: [...groups],
      ...(shmSize !== undefined && { ShmSize: shmSize }),
      // The one form in which the engine makes a missing directory.
      Binds: mounts.flatMap((one) =>
        one.kind === 'bind' && one.create ? [`${one.source}:${one.target}:${one.readOnly ? 'ro' : 'rw'}`] : [],
      ),
      // Whoever it runs as may write there, as in one without options, unless these say otherwise.
      Tmpfs: Object.fromEntries(
        mounts.flatMap((one) =>
          one.kind === 'tmpfs' && one.options !== undefined ? [[one.target, `mode=1777,${one.options}`]] : [],
        ),
      ),
    },
    mounts: mounts.flatMap((one) => (isElsewhere(one) ? [] : [mountOption(one)])),
  };
}

/** What the engine takes in another form than that of a mount. */
function isElsewhere(mount: JoinedMount): boolean {
  return (mount.kind === 'bind' && mount.create) || (mount.kind === 'tmpfs' && mount.options !== undefined);
}

/**
 * What can't be said at the creation of a container: networks after the first, which older engines refuse there, and
 * files without a place on the host.
 */
export async function joinRest(link: Link, id: string, { networks, files }: JoinedService): Promise<void> {
  const { docker } = link;
  for (const network of networks.slice(1)) {
    await link.attempt(`join the network ${network.name}`, () =>
      docker.getNetwork(network.name).connect({ Container: id, EndpointConfig: endpoint(network) }),
    );
  }
  if (files.length === 0) return;
  await link.attempt('put configs and secrets into the container', () =>
    docker.getContainer(id).putArchive(archiveOf(files), { path: '/' }),
  );
}

function endpoint({ aliases, ipv4, ipv6 }: JoinedNetwork): Docker.EndpointSettings {
  const fixed = { ...(ipv4 && { IPv4Address: ipv4 }), ...(ipv6 && { IPv6Address: ipv6 }) };
  return { Aliases: [...aliases], ...(Object.keys(fixed).length > 0 && { IPAMConfig: fixed }) };
}

function mountOption(mount: JoinedMount): Docker.MountConfig[number] {
  const { target: Target } = mount;
  switch (mount.kind) {
    case 'bind':
      return { Type: 'bind', Source: mount.source, Target, ReadOnly: mount.readOnly };
    case 'volume':
      return {
        Type: 'volume',
        Source: mount.source ?? '',
        Target,
        ReadOnly: mount.readOnly,
        VolumeOptions: { NoCopy: mount.noCopy, Labels: {}, DriverConfig: { Name: '', Options: {} } },
      };
    case 'tmpfs':
      return {
        Type: 'tmpfs',
        Source: '',
        Target,
        ReadOnly: false,
        TmpfsOptions: { SizeBytes: mount.size ?? 0, Mode: mount.mode ?? 0o1777 },
      };
  }
}

function archiveOf(files: readonly JoinedFile[]): Readable {
  const tar = pack();
  for (const { path, content, uid = 0, gid = 0, mode } of files) {
    tar.entry({ name: posix.relative('/', path), uid, gid, mode, mtime: new Date(0) }, content);
  }
  tar.finalize();
  return Readable.from(tar);
}
