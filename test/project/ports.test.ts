import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { hostPort } from '../../src/project/ports.ts';

async function busyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const at = (port: number, portFixed: boolean, host = '127.0.0.1') => ({
  host,
  port,
  portFixed,
  mount: '/',
  static: {},
});

test('a busy default moves to a later port, a busy named one is a fault', async () => {
  const port = await busyPort();
  expect(await hostPort(at(port, false))).toBeGreaterThan(port);
  await expect(hostPort(at(port, true))).rejects.toThrow(
    expect.objectContaining({ code: 1, message: expect.stringContaining(`Port ${port} of 127.0.0.1 is busy`) }),
  );
});

test('0 is any free port', async () => {
  const [one, two] = [await hostPort(at(0, false)), await hostPort(at(0, false))];
  expect(Math.min(one, two)).toBeGreaterThan(1023);
});

test('an address that this machine does not have', async () => {
  await expect(hostPort(at(0, false, '192.0.2.1'))).rejects.toThrow(
    expect.objectContaining({
      code: 1,
      message: expect.stringMatching(/of 192\.0\.2\.1 can't be used/),
      hint: expect.any(String),
    }),
  );
});
