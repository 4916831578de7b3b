import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type BaseRequest, ensureBase, ensureNamed } from '../../src/engine/base.ts';
import { lockedBase } from '../../src/engine/base-lock.ts';
import { makeRootFs } from '../../src/engine/base-make.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { faultKind, RegistryFault } from '../../src/engine/fault.ts';
import type { Output } from '../../src/log.ts';
import { engine } from './real.ts';

const cacheDirectory = mkdtempSync(join(tmpdir(), 'wsgi-dev-base-test-'));
afterAll(() => rmSync(cacheDirectory, { recursive: true }));

function recorder(): Output & { readonly lines: string[] } {
  const lines: string[] = [];
  const add = (line: string): void => void lines.push(line);
  const base = {
    verbosity: 'normal',
    interactive: false,
    colorsShow: false,
    result: add,
    info: add,
    warn: add,
    debug: () => {},
  } as const;
  return { ...base, lines, colors: Object.create(null), resultColors: Object.create(null) };
}

/** The machine's engine, with only these images, and a registry that has `remote`. */
function fake(local: readonly string[], remote: readonly string[]): Engine & { readonly pulled: string[] } {
  const pulled: string[] = [];
  return {
    ...engine,
    pulled,
    image: async (ref) =>
      [...local, ...pulled].includes(ref) ? { id: `id of ${ref}`, labels: {}, digests: [] } : undefined,
    pull: async (ref) => {
      if (!remote.includes(ref)) throw new RegistryFault('no such image');
      pulled.push(ref);
    },
  };
}

const official = 'debian:bookworm-slim';
const made = 'wsgi-dev/base:bookworm';
const request = (pull: BaseRequest['pull']): BaseRequest => ({
  suite: 'bookworm',
  pull,
  imagesDirectory: '/nonexistent',
  cacheDirectory,
});

test.each<[BaseRequest['pull'], readonly string[], readonly string[], string, number]>([
  ['missing', [official, made], [official], official, 0],
  ['missing', [made], [official], made, 0],
  ['missing', [], [official], official, 1],
  ['always', [official, made], [official], official, 1],
  ['always', [made], [], made, 0],
  ['never', [made], [official], made, 0],
])('pull %s, on the engine %j, in the registry %j', async (pull, local, remote, ref, pulls) => {
  const it = fake(local, remote);
  expect(await ensureBase(it, request(pull), recorder())).toEqual({
    ref,
    image: { id: `id of ${ref}`, labels: {}, digests: [] },
  });
  expect(it.pulled).toHaveLength(pulls);
});

test('nothing there and pulling off: code 4 with a remedy', async () => {
  const fault = await ensureBase(fake([], [official]), request('never'), recorder()).catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 4, hint: expect.stringContaining('docker load') });
  expect(faultKind(fault)).toBe('no-image');
});

const named = 'team/shop:2';

test.each<[BaseRequest['pull'], readonly string[], readonly string[], number]>([
  ['missing', [named], [named], 0],
  ['missing', [], [named], 1],
  ['always', [named], [named], 1],
  ['never', [named], [named], 0],
])('an image that was named, pull %s, on the engine %j, in the registry %j', async (pull, local, remote, pulls) => {
  const it = fake(local, remote);
  const base = await ensureNamed(it, { ref: named, pull, remedy: '' }, recorder());
  expect(base).toEqual({ ref: named, image: { id: `id of ${named}`, labels: {}, digests: [] } });
  expect(it.pulled).toHaveLength(pulls);
});

test.each<[BaseRequest['pull'], readonly string[], readonly string[], string]>([
  ['missing', [], [], 'registry'],
  // It was asked for anew: what is there may be old.
  ['always', [named], [], 'registry'],
  ['never', [], [named], 'no-image'],
])('an image that can’t be had, pull %s, on the engine %j: code 4', async (pull, local, remote, kind) => {
  const having = ensureNamed(fake(local, remote), { ref: named, pull, remedy: 'Load it.' }, recorder());
  const fault = await having.catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 4, hint: 'Load it.' });
  expect(faultKind(fault)).toBe(kind);
});

test('one process makes it, the other waits and says for whom', async () => {
  const out = recorder();
  const order: string[] = [];
  let begun = (): void => undefined;
  const holding = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const first = lockedBase(cacheDirectory, 'x', out, async () => {
    begun();
    await expect.poll(() => out.lines.length, { timeout: 100_000 }).toBe(1);
    order.push('first');
  });
  await holding;
  const second = lockedBase(cacheDirectory, 'x', out, async () => void order.push('second'));
  await first;
  await second;
  expect(order).toEqual(['first', 'second']);
  expect(out.lines).toEqual([expect.stringContaining(`process ${process.pid} is making`)]);
});

test('a make that fails gives its last lines, and no image', async () => {
  const script = join(import.meta.dirname, '../../images/base/make-base.sh');
  const ref = 'wsgi-dev/base:enginetest';
  const making = makeRootFs({ script, suite: 'no-such-suite', architecture: 'amd64' }, recorder(), (tar) =>
    engine.importImage(tar, ref),
  );
  const fault = await making.catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 4, message: expect.stringContaining('no suite no-such-suite at') });
  expect(await engine.image(ref)).toBeUndefined();
});

test('a script that dies after half of its tar gives no image', async () => {
  const ref = 'wsgi-dev/base:enginetest';
  const script = join(import.meta.dirname, 'half-tar.sh');
  const making = makeRootFs({ script, suite: 'x', architecture: 'amd64' }, recorder(), (tar) =>
    engine.importImage(tar, ref),
  );
  const fault = await making.catch((error: unknown) => error);
  expect(fault).toMatchObject({ code: 4, message: expect.stringContaining('the disk burnt') });
  expect(await engine.image(ref)).toBeUndefined();
});
