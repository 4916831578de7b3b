import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExecRequest } from '../../src/engine/engine.ts';
import { faultKind } from '../../src/engine/fault.ts';
import { engine, planOf, removeAll } from './real.ts';

let id = '';

beforeAll(async () => {
  id = await engine.create(planOf(['sleep', '600']));
  await engine.start(id);
});
afterAll(removeAll);

const request = (command: readonly string[], rest: Partial<ExecRequest> = {}): ExecRequest => ({
  command,
  tty: false,
  env: [],
  user: undefined,
  workingDir: undefined,
  ...rest,
});

test('without a terminal: input, separate outputs, environment, directory, exit code', async () => {
  const script = 'cat; echo "$X $PWD" >&2; exit 3';
  const session = await engine.exec(id, request(['sh', '-c', script], { env: ['X=é'], workingDir: '/tmp' }));
  session.stream.end('in\n');
  const [out, err, code] = await Promise.all([
    text(session.stdout),
    session.stderr && text(session.stderr),
    session.exitCode(),
  ]);
  expect([out, err, code]).toEqual(['in\n', 'é /tmp\n', 3]);
});

test('a large output comes whole, both ways at once', async () => {
  const session = await engine.exec(
    id,
    request(['sh', '-c', 'head -c 5000000 /dev/zero; head -c 3000000 /dev/zero >&2']),
  );
  const sizes = await Promise.all([session.stdout, session.stderr].map(async (s) => s && (await text(s)).length));
  expect(sizes).toEqual([5_000_000, 3_000_000]);
  expect(await session.exitCode()).toBe(0);
});

test('with a terminal: raw, with its size', async () => {
  const session = await engine.exec(id, request(['sh', '-c', 'read x; stty size; test -t 0 && exit 5'], { tty: true }));
  await session.resize({ columns: 90, rows: 20 });
  session.stream.write('\n');
  expect(await text(session.stdout)).toMatch(/20 90\r\n$/);
  expect(session.stderr).toBeUndefined();
  expect(await session.exitCode()).toBe(5);
});

test.each([
  ['no such command', ['nonexistent-command'], false, 127],
  ['no such path', ['/nonexistent/command'], false, 127],
  ['not executable', ['/etc/passwd'], false, 126],
  ['no such command, on a terminal', ['nonexistent-command'], true, 127],
])('%s', async (_name, command, tty, code) => {
  const session = await engine.exec(id, request(command, { tty }));
  const [out, err] = await Promise.all([text(session.stdout), session.stderr && text(session.stderr)]);
  expect(await session.exitCode()).toBe(code);
  expect(`${out}${err}`).toContain(command[0]);
});

test('a container that does not run', async () => {
  const stopped = await engine.create(planOf(['true']));
  const fault = await engine.exec(stopped, request(['true'])).catch((error: unknown) => error);
  expect(faultKind(fault)).toBe('not-running');
});
