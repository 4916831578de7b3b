import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withProjectLock } from '../../src/project/mutex.ts';
import { directoryOf } from './files.ts';

const quiet = (): void => undefined;

test('one after the other; the second is told who works', async () => {
  const directory = directoryOf();
  const order: string[] = [];
  const said: string[] = [];
  let finish: () => void = quiet;
  let begin: () => void = quiet;
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const first = withProjectLock(directory, 'up debug', quiet, async () => {
    order.push('first begins');
    begin();
    await held;
    order.push('first ends');
  });
  await begun;
  const second = withProjectLock(
    directory,
    'restart',
    (line) => {
      said.push(line);
      finish();
    },
    async () => void order.push('second'),
  );
  await Promise.all([first, second]);
  expect(order).toEqual(['first begins', 'first ends', 'second']);
  expect(said).toEqual([
    expect.stringMatching(
      new RegExp(`^Another wsgi-dev \\(process ${process.pid}, up debug, since [\\d:]{8}Z\\) works`),
    ),
  ]);
  expect(existsSync(join(directory, 'lock.lock'))).toBe(false);
  expect(existsSync(join(directory, 'lock.holder'))).toBe(false);
});

test('it is released when the work fails, and the failure is what is thrown', async () => {
  const directory = directoryOf();
  const failing = withProjectLock(directory, 'up', quiet, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await withProjectLock(directory, 'up', quiet, async () => 'again')).toBe('again');
});

test('a lock that is taken away while the work goes on is no matter', async () => {
  const directory = directoryOf();
  const work = async (): Promise<string> => {
    rmSync(join(directory, 'lock.lock'), { recursive: true });
    return 'done';
  };
  expect(await withProjectLock(directory, 'up', quiet, work)).toBe('done');
});

test('a holder’s file that makes no sense', async () => {
  const directory = directoryOf();
  mkdirSync(join(directory, 'lock.lock'));
  writeFileSync(join(directory, 'lock.holder'), '{');
  const said: string[] = [];
  const say = (line: string): void => {
    said.push(line);
    rmSync(join(directory, 'lock.lock'), { recursive: true });
  };
  expect(await withProjectLock(directory, 'up', say, async () => 'done')).toBe('done');
  expect(said[0]).toContain('just started');
});

test('a directory where no lock can be made', async () => {
  const directory = join(directoryOf(), 'none');
  await expect(withProjectLock(directory, 'up', quiet, async () => undefined)).rejects.toThrow(
    expect.objectContaining({ code: 2, message: expect.stringContaining("lock.lock can't be made") }),
  );
});
