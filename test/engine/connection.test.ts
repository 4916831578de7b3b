import { createServer, connect as dial, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { planOf, removeAll } from './real.ts';

/** The machine's engine behind a TCP port, whose connections can be cut as a dying engine would. */
const sockets = new Set<Socket>();
const relay = createServer((client) => {
  const upstream = dial('/var/run/docker.sock');
  client.pipe(upstream).pipe(client);
  upstream.on('error', () => client.destroy());
  client
    .on('error', () => client.destroy())
    .on('close', () => {
      upstream.destroy();
      sockets.delete(client);
    });
  sockets.add(client);
});
const cut = (): void => {
  for (const socket of sockets) socket.resetAndDestroy();
};

let engine: Engine;
beforeAll(async () => {
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const address = relay.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  engine = connect(resolveEndpoint({ host: `tcp://127.0.0.1:${port}` }, {}));
});
afterAll(async () => {
  await removeAll();
  cut();
  relay.close();
});

test('a session over TCP: the raw byte of the detach keys survives', async () => {
  const id = await engine.create(planOf(['sh', '-c', 'stty raw -echo; echo ready; head -c 3 | cat -v; exit 4']));
  const terminal = await engine.attach(id);
  const code = engine.wait(id);
  await engine.start(id);
  let got = '';
  terminal.on('data', (chunk: Buffer) => {
    if (got === '') terminal.write('\x10\x11x');
    got += chunk;
  });
  expect(await code).toBe(4);
  expect(got).toMatch(/\^P\^Qx/);
});

test('an engine that goes away in the midst of everything is one fault everywhere', async () => {
  const id = await engine.create(planOf(['sleep', '60']));
  const terminal = await engine.attach(id);
  terminal.resume();
  const cutOff = new Promise((resolve) => terminal.on('error', resolve));
  await engine.start(id);
  const logs = await engine.logs(id, { follow: true, tail: undefined, since: undefined, timestamps: false });
  logs.resume();
  const logsCut = new Promise((resolve) => logs.on('error', resolve));
  const wait = engine.wait(id).catch((error: unknown) => error);
  const exec = await engine.exec(id, {
    command: ['sleep', '9'],
    tty: false,
    env: [],
    user: undefined,
    workingDir: undefined,
  });
  exec.stdout.resume();
  exec.stderr?.resume();
  const exit = exec.exitCode().catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 100));
  cut();
  for (const fault of await Promise.all([cutOff, logsCut, wait, exit])) {
    expect(fault).toMatchObject({ code: 3, kind: 'went-away', message: expect.stringContaining(engine.address) });
  }
});
