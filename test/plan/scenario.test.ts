import { expect, test } from 'vitest';
import { lanePlan, scenarioContainerPlan } from '../../src/plan/scenario.ts';
import { configOf } from './config.ts';

const inputs = {
  image: 'wsgi-dev/shop-source:1',
  user: '1000:1000',
  nonce: 'n0nce',
  stateDirectory: '/home/ada/shop/.wsgi-dev/ci/shop-ci-1',
  version: '0.1.0',
  term: 'dumb',
};

test("a scenario's container has the source in its image, a port of the engine's choice, and what would differ is fixed", () => {
  const plan = scenarioContainerPlan(configOf({ env: { TZ: 'Asia/Tokyo' } }), { ...inputs, ofLane: false });
  expect(plan).toMatchObject({
    hostname: 'wsgi-dev',
    user: '1000:1000',
    binds: [{ target: '/run/wsgi-dev' }],
    publish: [{ hostIp: '127.0.0.1', hostPort: 0, containerPort: 8000 }],
  });
  // What the scenario says stands.
  expect(plan.env).toEqual(expect.arrayContaining(['PYTHONHASHSEED=0', 'TZ=Asia/Tokyo']));
});

test('on a lane it has the name and the port of the one that holds the network: an engine refuses its own', () => {
  const config = configOf({ network: 'container:abc' });
  const plan = scenarioContainerPlan(config, { ...inputs, ofLane: true });
  expect(plan).toMatchObject({ network: 'container:abc', publish: [] });
  expect(plan).not.toHaveProperty('hostname');
  const lane = lanePlan(config, { name: 'lane', image: inputs.image, network: 'apart', version: '0.1.0' });
  expect(lane).toMatchObject({ hostname: 'wsgi-dev', network: 'apart', binds: [], env: [] });
  expect(lane.publish).toEqual([{ hostIp: '127.0.0.1', hostPort: 0, containerPort: 8000 }]);
});
