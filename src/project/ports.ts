import { createServer } from 'node:net';
import type { Config } from '../config/config.ts';
import { Fault } from '../errors.ts';

/** How many ports after the default are tried. */
const TRIED = 100;

/** The port on the host: the named one, or the first free one from the default on; 0: any. Fault: the named one is busy. */
export async function hostPort({ host, port, portFixed }: Config['server']): Promise<number> {
  const last = portFixed ? port : port + TRIED;
  for (let candidate = port; candidate <= last; candidate += 1) {
    const bound = await tryBind(host, candidate);
    if (bound !== undefined) return bound;
  }
  if (portFixed) throw portBusy(host, port);
  throw new Fault(`Ports ${port} to ${last} of ${host} are all busy`, {
    hint: 'Choose another with --port; 0 picks a free one.',
  });
}

/** The fault for a port that the user named and that something else listens on. */
export function portBusy(host: string, port: number, cause?: unknown): Fault {
  return new Fault(`Port ${port} of ${host} is busy: something else listens there`, {
    hint: `See what with \`ss -ltnp sport = :${port}\`, or choose another with --port; 0 picks a free one.`,
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
