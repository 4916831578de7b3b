import { createServer } from 'node:net';
import type { Config } from '../config/config.ts';
import type { ContainerInfo } from '../engine/engine.ts';
import { Fault } from '../errors.ts';
import { EDITOR_PORT, type Ports, portInside, TLS_PORT } from '../plan/container.ts';
import type { RunnerSettings } from '../plan/settings.ts';

/** How many ports after the default are tried. */
const TRIED = 100;
/** The first port on the host for the TLS hosts of a configuration of the user's own. */
const DEFAULT_TLS = 8443;

/** Where something is published: as the server, or as debugpy for an editor. */
type Place = Pick<Config['server'], 'host' | 'port' | 'portFixed'>;

/** Free ports for a new container; `say` is told of each that isn't the one looked for. */
export async function freePorts({ server, debug }: Config, say: (line: string) => void): Promise<Ports> {
  const serverPort = await hostPort(server);
  if (serverPort !== server.port && server.port !== 0) say(`Port ${server.port} is busy: using ${serverPort}`);
  // Nobody names it: it moves to a free one, as the default port does.
  const tls = { host: server.host, port: server.port === 0 ? 0 : DEFAULT_TLS, portFixed: false };
  const tlsPort = server.apacheConfig === undefined ? undefined : await hostPort(tls, '--port', serverPort);
  if (debug.debugger !== 'debugpy') return { hostPort: serverPort, editorPort: undefined, tlsPort };
  const { editor } = debug;
  const editorPort = await hostPort(editor, '--debugger-port', serverPort);
  if (editorPort !== editor.port && editor.port !== 0) {
    say(`Port ${editor.port} for the editor is busy: using ${editorPort}`);
  }
  return { hostPort: serverPort, editorPort, tlsPort };
}

/** The ports of a container that runs; on the host's network the runner alone knows them. */
export function portsOf(
  config: Config,
  { publish }: ContainerInfo,
  url: string | undefined,
  last: RunnerSettings | undefined,
): Ports {
  const { debug } = config;
  const at = (port: number): number | undefined =>
    publish.find(({ containerPort }) => containerPort === port)?.hostPort;
  const editor = at(EDITOR_PORT) ?? Number(/:(\d+)$/.exec(last?.editor_address ?? '')?.[1] ?? debug.editor.port);
  return {
    hostPort: at(portInside(config)) ?? Number(new URL(url ?? 'http://127.0.0.1:8000/').port || 80),
    editorPort: debug.debugger === 'debugpy' ? editor : undefined,
    tlsPort: at(TLS_PORT) ?? (Number(/:(\d+)\/$/.exec(last?.apache?.tls_url ?? '')?.[1] ?? 0) || undefined),
  };
}

/**
 * The port on the host: the named one, or the first free one from the default on but `taken`; 0: any. Fault: the named
 * one is busy. `flag` chooses another.
 */
export async function hostPort(
  { host, port, portFixed }: Place,
  flag = '--port',
  taken: number | undefined = undefined,
): Promise<number> {
  const last = portFixed ? port : port + TRIED;
  for (let candidate = port; candidate <= last; candidate += 1) {
    if (candidate === taken && candidate !== 0) continue;
    const bound = await tryBind(host, candidate);
    if (bound !== undefined) return bound;
  }
  if (portFixed) throw portBusy(host, port, flag);
  throw new Fault(`Ports ${port} to ${last} of ${host} are all busy`, {
    hint: `Choose another with ${flag}; 0 picks a free one.`,
  });
}

/** The fault for a port that the user named and that something else listens on. */
export function portBusy(host: string, port: number, flag = '--port', cause?: unknown): Fault {
  return new Fault(`Port ${port} of ${host} is busy: something else listens there`, {
    hint: `See what with \`ss -ltnp sport = :${port}\`, or choose another with ${flag}; 0 picks a free one.`,
    cause,
  });
}

/** The port that could be bound; undefined when it is in use. */
function tryBind(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else
        reject(
          new Fault(`Port ${port} of ${host} can't be used: ${error.message}`, {
            hint: 'Choose another with --port [HOST:]PORT.',
            cause: error,
          }),
        );
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
