import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { faultKind } from '../../src/engine/fault.ts';
import { engine, labels, planOf, removeAll } from './real.ts';

afterAll(removeAll);

async function seen(stream: Readable, pattern: RegExp): Promise<string> {
  let got = '';
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('data', (chunk: Buffer) => {
      got += chunk.toString('latin1');
      if (pattern.test(got)) resolve(got);
    });
    stream.on('end', () => reject(new Error(`ended after ${JSON.stringify(got)}`)));
  });
}

const started = async (command: readonly string[], rest: Parameters<typeof planOf>[1] = {}): Promise<string> => {
  const id = await engine.create(planOf(command, rest));
  await engine.start(id);
  return id;
};

const kindOf = (act: Promise<unknown>): Promise<unknown> => act.then(() => 'no fault', faultKind);

test('a session: create, attach, wait, start, resize, type, exit code, remove', async () => {
  const id = await engine.create(planOf(['sh', '-c', 'stty -echo; read a; stty size; echo "got $a"; exit 7']));
  expect(await engine.inspect(id)).toMatchObject({ state: 'created', publish: [], labels });
  const terminal = await engine.attach(id);
  const code = engine.wait(id);
  await engine.start(id);
  await engine.resize(id, { columns: 101, rows: 33 });
  expect(await engine.inspect(id)).toMatchObject({ state: 'running', status: expect.stringMatching(/^Up \d+ second/) });
  terminal.write('hé\n');
  expect(await seen(terminal, /got [^\n]*\n/)).toMatch(/33 101\r\ngot h/);
  expect(await code).toBe(7);
  expect(await engine.wait(id)).toBe(7);
  expect(await engine.inspect(id)).toMatchObject({ state: 'exited', status: expect.stringMatching(/^Exited \(7\)/) });
  await engine.remove(id);
  await engine.remove(id);
  expect(await engine.inspect(id)).toBeUndefined();
});

test('the engine keeps no detach keys: Ctrl-P and Ctrl-Q arrive at once', async () => {
  const id = await engine.create(planOf(['sh', '-c', 'stty raw -echo; echo ready; exec cat -v']));
  const terminal = await engine.attach(id);
  await engine.start(id);
  await seen(terminal, /ready/);
  terminal.write('\x10');
  await seen(terminal, /\^P/);
  terminal.write('\x10\x11x');
  expect(await seen(terminal, /x/)).toBe('^P^Qx');
  await engine.remove(id);
});

test('wait ends for a container removed while it runs', async () => {
  const running = await started(['sleep', '60']);
  const code = engine.wait(running);
  await engine.remove(running);
  expect(await code).toBe(137);
});

test('signal, stop and a second start', async () => {
  const id = await started(['sh', '-c', 'echo up; exec sleep 60']);
  await engine.start(id);
  // An init that has just begun doesn't pass signals on yet: its child's first word shows that it does.
  const log = await engine.logs(id, { follow: true, tail: undefined, since: undefined, timestamps: false });
  await once(log, 'data');
  log.destroy();
  await engine.signal(id, 'SIGTERM');
  expect(await engine.wait(id)).toBe(143);
  await engine.stop(id, 1);
  expect(await kindOf(engine.signal(id, 'SIGTERM'))).toBe('not-running');
});

test('the container has no privileges, an init and bounded logs', async () => {
  const id = await started(['sh', '-c', 'grep -E "CapEff|NoNewPrivs" /proc/self/status; cat /proc/1/comm']);
  await engine.wait(id);
  const log = await text(
    await engine.logs(id, { follow: false, tail: undefined, since: undefined, timestamps: false }),
  );
  expect(log).toMatch(/CapEff:\t0+\r\nNoNewPrivs:\t1\r\ndocker-init/);
});

test('logs: raw, the last lines, with time stamps, followed to the end', async () => {
  const id = await started(['sh', '-c', 'echo one; echo two; sleep 0.5; echo three']);
  const followed = engine.logs(id, { follow: true, tail: undefined, since: undefined, timestamps: false });
  expect(await text(await followed)).toBe('one\r\ntwo\r\nthree\r\n');
  const last = await engine.logs(id, { follow: false, tail: 1, since: undefined, timestamps: true });
  expect(await text(last)).toMatch(/^\d{4}-\d\d-\d\dT\S+Z three\r\n$/);
});

test('a published port is reported, and a busy one is its own fault', async () => {
  const free = await started(['sleep', '60'], { publish: [{ hostIp: '127.0.0.1', hostPort: 0, containerPort: 80 }] });
  const { publish } = (await engine.inspect(free)) ?? {};
  expect(publish).toEqual([{ hostIp: '127.0.0.1', hostPort: expect.any(Number), containerPort: 80 }]);
  const [row] = (await engine.list(labels)).filter(({ id }) => id === free);
  expect(row?.publish).toEqual(publish);
  const taken = { hostIp: '127.0.0.1', hostPort: publish?.[0]?.hostPort ?? 0, containerPort: 80 };
  expect(await kindOf(started(['true'], { publish: [taken] }))).toBe('port-busy');

  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const hostPort = typeof address === 'object' && address !== null ? address.port : 0;
  expect(await kindOf(started(['true'], { publish: [{ ...taken, hostPort }] }))).toBe('port-busy');
  server.close();
});

test('faults that callers decide by', async () => {
  const plan = planOf(['true']);
  await engine.create(plan);
  expect(await kindOf(engine.create(plan))).toBe('name-taken');
  const binds = [{ source: '/nonexistent/wsgi-dev', target: '/app', readOnly: true }];
  expect(await kindOf(engine.create(planOf(['true'], { binds })))).toBe('no-mount-source');
  expect(await kindOf(started(['true'], { network: 'wsgi-dev-none' }))).toBe('no-network');
  expect(await kindOf(engine.create(planOf(['true'], { image: 'wsgi-dev/none:1' })))).toBe('no-image');
  expect(await kindOf(engine.start('wsgi-dev-none'))).toBe('no-container');
  expect(await kindOf(engine.attach('wsgi-dev-none'))).toBe('no-container');
  expect(await kindOf(engine.wait('wsgi-dev-none'))).toBe('no-container');
  const logs = engine.logs('wsgi-dev-none', { follow: true, tail: 1, since: undefined, timestamps: false });
  expect(await kindOf(logs)).toBe('no-container');
});
