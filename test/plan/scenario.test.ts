import { describe, expect, test } from 'vitest';
import type { JoinedMount, JoinedService } from '../../src/config/joined.ts';
import { lanePlan, scenarioContainerPlan, scenarioPlace } from '../../src/plan/scenario.ts';
import { configOf } from './config.ts';

const inputs = {
  image: 'wsgi-dev/shop-source:1',
  user: '1000:1000',
  nonce: 'n0nce',
  stateDirectory: '/home/ada/shop/.wsgi-dev/ci/shop-ci-1',
  version: '0.1.0',
  term: 'dumb',
  runBy: 'here 4711 12',
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
  const { image, version, runBy } = inputs;
  const lane = lanePlan(config, { name: 'lane', image, network: 'apart', version, runBy });
  // By it `doctor` finds those that a killed process has left.
  for (const { labels } of [plan, lane]) expect(labels).toMatchObject({ 'dev.wsgi-dev.run-by': runBy });
  expect(lane).toMatchObject({ hostname: 'wsgi-dev', network: 'apart', binds: [], env: [] });
  expect(lane.publish).toEqual([{ hostIp: '127.0.0.1', hostPort: 0, containerPort: 8000 }]);
});

describe('in the place of a compose service', () => {
  const bind = (source: string, target: string): JoinedMount => ({
    ...{ kind: 'bind', source, target, readOnly: false, create: true },
  });
  const joined: JoinedService = {
    ...{ project: 'shop', service: 'web', port: 8765, ports: [{ hostPort: 1, containerPort: 1 }] },
    networks: [{ name: 'shop_back', aliases: ['web'], ipv4: '10.0.0.2', ipv6: undefined }],
    ...{ extraHosts: ['a:10.0.0.1'], files: [], labels: { route: 'web' }, dns: [], dnsSearch: [], groups: ['5'] },
    ...{ mounts: [], workingDir: undefined, hostname: 'web', shmSize: undefined },
  };

  test("it is on none of the service's ports, names and routes", () => {
    expect(scenarioPlace(joined, '/home/ada/shop')).toEqual({
      ...joined,
      ...{ port: 8000, ports: [], labels: {}, hostname: undefined },
      networks: [{ name: 'shop_back', aliases: [], ipv4: undefined, ipv6: undefined }],
    });
  });

  test.each([
    ['/home/ada/shop', '/code', '/code', undefined],
    ['/home/ada/shop', '/code', '/code/site', '/app/site'],
    ['/home/ada/shop', '/code', '/srv', '/srv'],
    ['/home/ada', '/work', '/work', undefined],
    ['/home/ada', '/work', '/work/shop/site', '/app/site'],
  ])('%s at %s is in its image: started at %s it is at %s', (source, target, workingDir, there) => {
    const media = bind('/home/ada/shop/media', '/media');
    const place = { ...joined, workingDir, mounts: [bind(source, target), media] };
    const { mounts, ...rest } = scenarioPlace(place, '/home/ada/shop');
    expect([mounts, rest.workingDir]).toEqual([[media], there]);
  });
});
