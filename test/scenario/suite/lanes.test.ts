import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createLanes } from '../../../src/scenario/suite/lanes.ts';
import { engine, image } from '../../engine/real.ts';
import { docker, networksOf } from '../../helpers/docker.ts';
import { configOf } from '../../plan/config.ts';

const config = configOf({ name: `lanes-${process.pid}` });
const suite = 'ci-test';
const lanes = createLanes({ engine, suite, apart: true, kept: false, version: '0', runBy: 'here 1 2' });
const network = (number: number): string => `${config.name}-${suite}-lane-${number}`;

afterEach(() => lanes.remove());

test('a lane that nobody needs any more goes at once, others in the end', async () => {
  const first = await lanes.take(config, image);
  const second = await lanes.take(config, image);
  expect([first.network, second.network]).toEqual([network(1), network(2)]);
  lanes.giveBack(first);
  expect(await lanes.take(config, image)).toBe(first);
  lanes.giveBack(first);
  const events = (await docker.getEvents({ filters: { event: ['destroy'], network: [network(1)] } })) as Readable;
  lanes.retire();
  await once(events, 'data');
  events.destroy();
  expect(await networksOf(config.name)).toEqual([network(2)]);
  lanes.giveBack(second);
  await lanes.remove();
  expect(await networksOf(config.name)).toEqual([]);
});
