import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { Authority } from './authority.ts';
import { docker } from './docker.ts';
import { buildTestImage, testImage } from './images.ts';

/** An engine beside the machine's own, with nothing on it. */
export interface SecondEngine {
  /** What DOCKER_HOST names it by. */
  readonly host: string;
  readonly socketPath: string;
  /** With `authority`: where it takes those that this one signed, and nobody else. */
  readonly secured: string | undefined;
  readonly docker: Docker;
  stop(): Promise<void>;
}

const TLS_PORT = '2376/tcp';

/** What an engine does to its own network, mounts and devices; --privileged asks for more than some machines have. */
const CAPABILITIES = ['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'MKNOD', 'SYS_CHROOT', 'SYS_PTRACE'];

/**
 * Starts forky's dockerd (28.5) in a container of the machine's engine: with a network, a root and images of its own. Of this
 * machine's files it sees those in `shared`.
 */
export async function startSecondEngine(authority?: Authority, shared: readonly string[] = []): Promise<SecondEngine> {
  await buildTestImage('engine', 'forky');
  const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-engine-'));
  const container = await docker.createContainer({
    Image: testImage('engine'),
    Cmd: ['dockerd', '--host', 'unix:///engine/docker.sock', ...(authority ? tlsOptions(authority, directory) : [])],
    ExposedPorts: { [TLS_PORT]: {} },
    Volumes: { '/var/lib/docker': {} },
    HostConfig: {
      Init: true,
      ...(authority && { PortBindings: { [TLS_PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] } }),
      Binds: [`${directory}:/engine`, '/sys/fs/cgroup:/sys/fs/cgroup', ...shared.map((path) => `${path}:${path}`)],
      CapAdd: CAPABILITIES,
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      // It sets up networks: nothing of /proc and /sys is hidden from it.
      MaskedPaths: [],
      ReadonlyPaths: [],
    },
  });
  const stop = async (): Promise<void> => {
    await container.remove({ force: true, v: true });
    rmSync(directory, { recursive: true });
  };
  try {
    await container.start();
    await listening(container);
  } catch (error) {
    await stop();
    throw error;
  }
  const socketPath = join(directory, 'docker.sock');
  const published = (await container.inspect()).NetworkSettings.Ports[TLS_PORT]?.[0]?.HostPort;
  const secured = published === undefined ? undefined : `tcp://127.0.0.1:${published}`;
  return { host: `unix://${socketPath}`, socketPath, secured, docker: new Docker({ socketPath }), stop };
}

/** It shows a certificate of the authority, and takes no client without one. */
function tlsOptions(authority: Authority, directory: string): readonly string[] {
  const { key, cert } = authority.sign('engine', 'serverAuth', ['IP:127.0.0.1', 'DNS:localhost']);
  const tls = join(directory, 'tls');
  mkdirSync(tls);
  for (const [name, text] of Object.entries({ ca: authority.pem, cert, key })) writeFileSync(join(tls, name), text);
  const files = ['ca', 'cert', 'key'].map((name) => `--tls${name === 'ca' ? 'cacert' : name}=/engine/tls/${name}`);
  return ['--host', 'tcp://0.0.0.0:2376', '--tlsverify', ...files];
}

/** Resolves once it says that it listens; rejects with what it said when it ends before. */
async function listening(container: Docker.Container): Promise<void> {
  const log = await container.logs({ follow: true, stdout: true, stderr: true });
  let said = '';
  for await (const chunk of log) {
    said += String(chunk);
    if (said.includes('API listen on')) return;
  }
  throw new Error(`dockerd ended:\n${said}`);
}
