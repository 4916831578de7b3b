import { expect, test } from 'vitest';
import type { ContainerInfo } from '../../src/engine/engine.ts';
import { shownUrl } from '../../src/project/container.ts';

const url = 'http://127.0.0.1:8000/shop/';
const published = [{ hostIp: '127.0.0.1', hostPort: 49153, containerPort: 8000 }];
const ofScenario = { 'dev.wsgi-dev.run-by': 'here 1 2' };

test.each<[string, Pick<ContainerInfo, 'labels' | 'publish'>, string | undefined]>([
  ['a server', { labels: {}, publish: published }, url],
  ['one on the network of the host', { labels: {}, publish: [] }, url],
  ['a scenario', { labels: ofScenario, publish: published }, 'http://127.0.0.1:49153/shop/'],
  ['a scenario among the services of a compose file', { labels: ofScenario, publish: [] }, undefined],
])('%s is where it is published', (_, info, expected) => {
  expect(shownUrl(info as ContainerInfo, url)).toBe(expected);
});
