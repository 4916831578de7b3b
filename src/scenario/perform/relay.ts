import { Duplex } from 'node:stream';
import type { CommandSession, Engine } from '../../engine/engine.ts';
import { PORT } from '../../plan/container.ts';

/** Whether the engine's ports are on another machine than this one, or may be. */
export function isRemote({ address }: Pick<Engine, 'address'>): boolean {
  return !/^(unix|npipe):/.test(address);
}

/** What connect() says where nobody listens. */
const REFUSED = 111;
/** Copies its stdin to the application's port, and what comes from there to its stdout. */
const SCRIPT = `
import os, socket, sys, threading
try:
    peer = socket.create_connection(("127.0.0.1", ${PORT}))
except ConnectionRefusedError:
    os._exit(${REFUSED})
def send():
    while data := os.read(0, 65536):
        peer.sendall(data)
    os._exit(0)
threading.Thread(target=send, daemon=True).start()
try:
    while data := peer.recv(65536):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
except OSError:
    pass
`;

/** A connection to the application in a container, through the engine: its port needn't be on this machine. */
export async function relayed(engine: Engine, container: string): Promise<Duplex> {
  const exec = await engine.exec(container, {
    command: ['/opt/venv/bin/python3', '-I', '-S', '-c', SCRIPT],
    tty: false,
    env: [],
    user: undefined,
    workingDir: undefined,
  });
  return Duplex.from({ writable: exec.stream, readable: answered(exec) });
}

/** What comes back; fails as a connection of this machine's own would where nobody listens. */
async function* answered({ stdout, exitCode }: CommandSession): AsyncGenerator<Buffer> {
  let any = false;
  for await (const chunk of stdout) {
    any = true;
    yield chunk as Buffer;
  }
  if (any || (await exitCode()) !== REFUSED) return;
  throw Object.assign(new Error('nobody listens'), { code: 'ECONNREFUSED' });
}
