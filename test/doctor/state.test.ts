import { expect, test } from 'vitest';
import { type Entry, leftBehind, others } from '../../src/doctor/state.ts';

const HOUR = 3_600_000;
const entry = (path: string, age = HOUR, uid = 1000): Entry => ({ path, uid, age });

test.each([
  'run/lock.lock',
  'run/lock.holder',
  'run/paused.json',
  'run/waiting.json',
  'run/settings.json.4711',
  'check/0a1b2c3d',
  'ci/shop-ci-1a2b3c-1',
  'adopt-0a1b2c3d',
  'seen-Ab12Cd',
])('%s is left behind where nothing runs, an hour later', (path) => {
  expect(leftBehind([entry(path)], false)).toEqual([path]);
  expect(leftBehind([entry(path, 1000)], false)).toEqual([]);
});

test.each([
  '',
  'run',
  'run/state.json',
  'run/settings.json',
  'run/history',
  'run/breaks.json',
  'run/recorded/1.json',
  'report/cart/result.json',
  'ci',
  'check',
  'wsgi-dev.schema.json',
  '.gitignore',
])('%j stays', (path) => {
  expect(leftBehind([entry(path)], false)).toEqual([]);
});

test('while something runs only a lock that nobody holds is', () => {
  const entries = ['run/lock.lock', 'run/lock.holder', 'run/paused.json', 'ci/one', 'check/two'].map((one) =>
    entry(one),
  );
  expect(leftBehind(entries, true)).toEqual(['run/lock.lock', 'run/lock.holder']);
  expect(leftBehind([entry('run/lock.lock', 1000)], true)).toEqual([]);
});

test("files of neither the project's owner nor who runs there", () => {
  const entries = [entry('', 0), entry('run', 0, 33), entry('run/history', 0, 1234), entry('ci/one', 0, 1234)];
  expect(others(entries, { owner: '1000:1000', runs: '33:33' }).map(({ path }) => path)).toEqual(['run/history']);
});
