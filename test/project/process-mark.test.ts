import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ownMark, presenceOf } from '../../src/project/process-mark.ts';

test('this process runs', async () => {
  const mark = await ownMark();
  expect(mark).toContain(` ${process.pid} `);
  expect(await ownMark()).toBe(mark);
  expect(await presenceOf(mark)).toBe('runs');
});

test('one that has ended is gone, and so is one whose id another process has', async () => {
  const [where, pid, began] = (await ownMark()).split(' ');
  const { pid: ended } = spawnSync('true');
  expect(await presenceOf([where, ended, began].join(' '))).toBe('gone');
  expect(await presenceOf([where, pid, Number(began) - 1].join(' '))).toBe('gone');
});

test("of another machine's nothing is known", async () => {
  const [, pid, began] = (await ownMark()).split(' ');
  expect(await presenceOf(['elsewhere', pid, began].join(' '))).toBe('elsewhere');
  expect(await presenceOf('')).toBe('elsewhere');
});
