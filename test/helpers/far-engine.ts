import { type AddressInfo, connect, createServer } from 'node:net';

/** An engine's socket as an address of TCP, as that of an engine on another machine. */
export interface FarEngine {
  /** What DOCKER_HOST names it by. */
  readonly host: string;
  stop(): void;
}

/** Passes connections on to the engine at `socketPath`. */
export async function farEngine(socketPath = '/var/run/docker.sock'): Promise<FarEngine> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: socketPath, allowHalfOpen: true });
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { host: `tcp://127.0.0.1:${port}`, stop: () => void server.close() };
}
