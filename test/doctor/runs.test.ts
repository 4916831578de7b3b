import { expect, test } from 'vitest';
import { judgeRuns, type RunLeft } from '../../src/doctor/runs.ts';

const run = (name: string, presence: RunLeft['presence'], state = 'running'): RunLeft => ({
  presence,
  containers: [{ id: `id of ${name}`, name, state }],
  networks: [{ id: `id of ${name}-net`, name: `${name}-net` }],
});

async function judged(...runs: readonly RunLeft[]) {
  const removed: string[] = [];
  const take = async (id: string): Promise<void> => void removed.push(id);
  const check = judgeRuns(runs, { remove: take, removeNetwork: take });
  await check.fix?.run();
  return { ...check, fix: check.fix?.what, removed };
}

test('what a process that is gone had is named and removed, the containers first; nothing else is', async () => {
  expect(await judged(run('mine', 'runs'), run('b', 'gone'), run('far', 'elsewhere'), run('a', 'gone'))).toEqual({
    name: 'scenarios',
    level: 'note',
    found: 'a run that was killed has left the containers a, b and the networks a-net, b-net',
    fix: 'remove the containers a, b and the networks a-net, b-net',
    removed: ['id of b', 'id of a', 'id of b-net', 'id of a-net'],
  });
});

test('what stands still and is of a process that cannot be looked at is named, and left to the person', async () => {
  expect(await judged(run('mine', 'runs'), run('far', 'elsewhere', 'exited'))).toEqual({
    name: 'scenarios',
    level: 'note',
    found: 'the container far and the network far-net: of a run on another machine, or before this one was started',
    remedy: 'If no such run is going on: docker rm -fv far && docker network rm far-net',
    fix: undefined,
    removed: [],
  });
});

test('nothing is left by those that go on, here or elsewhere', async () => {
  expect(await judged()).toMatchObject({ level: 'ok', removed: [] });
  expect(await judged(run('mine', 'runs', 'created'), run('far', 'elsewhere'))).toMatchObject({
    level: 'ok',
    removed: [],
  });
});
