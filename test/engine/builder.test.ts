import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import { unmounted } from '../../src/engine/unmounted.ts';

/** Which builder an engine that answers a ping with these headers is asked for: BuildKit's is version 2. */
async function askedOf(
  ping: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  buildArgs: Readonly<Record<string, string>> = {},
) {
  const asked: string[] = [];
  const engine = createServer((request, answer) => {
    if (request.url?.includes('/_ping')) answer.writeHead(200, ping).end('OK');
    else {
      asked.push(new URL(request.url ?? '', 'http://engine').searchParams.get('version') ?? '1');
      request.resume().on('end', () => answer.end('{"stream":"done"}\n'));
    }
  });
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void engine.close());
  const host = `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  const context = () => [{ path: 'Dockerfile', content: 'FROM x\n' }];
  const request = { tag: 'x:1', context, buildArgs, labels: {}, noCache: false };
  await connect(resolveEndpoint({ host }, {}), undefined, env).build(request, () => {});
  return asked.map((version) => (version === '2' ? 'buildkit' : 'classic')).join();
}

const docker28 = { 'Api-Version': '1.51', 'Builder-Version': '2', Ostype: 'linux' };
const docker20 = { 'Api-Version': '1.41', Server: 'Docker/20.10.24 (linux)', Ostype: 'linux' };
const docker18 = { 'Api-Version': '1.38', Server: 'Docker/18.06.3-ce (linux)', Ostype: 'linux' };
const windows = { 'Api-Version': '1.51', 'Builder-Version': '1', Server: 'Docker/28.5.2 (windows)', Ostype: 'windows' };
const podman = {
  'Api-Version': '1.41',
  'Builder-Version': '',
  'Libpod-Api-Version': '4.3.1',
  Ostype: 'linux',
  Server: 'Libpod/4.3.1 (linux)',
};

test.each([
  ['Docker 28', docker28, {}, 'buildkit'],
  ['Docker 20.10, which says nothing of builders', docker20, {}, 'buildkit'],
  ['Docker 18.06', docker18, {}, 'classic'],
  ['Docker for Windows containers', windows, {}, 'classic'],
  ['Podman', podman, {}, 'classic'],
  ['an engine that says nothing', {}, {}, 'classic'],
  ['DOCKER_BUILDKIT=0', docker28, { DOCKER_BUILDKIT: '0' }, 'classic'],
  ['DOCKER_BUILDKIT=false', docker28, { DOCKER_BUILDKIT: 'false' }, 'classic'],
  ['DOCKER_BUILDKIT=1', docker18, { DOCKER_BUILDKIT: '1' }, 'buildkit'],
])('%s', async (_name, ping, env, expected) => {
  expect(await askedOf(ping, env)).toBe(expected);
});

test('a base that is named by its id, which BuildKit knows none by', async () => {
  const BASE = `sha256:${'8ba05367'.repeat(8)}`;
  expect(await askedOf(docker28, {}, { BASE })).toBe('classic');
  expect(await askedOf(docker28, {}, { BASE: `shop@BASE` })).toBe('buildkit');
});

test('for the classic builder a Dockerfile has no mounts, nor a stage that only they were taken from', () => {
  const mounts = '--mount=type=cache,id=a,target=/var/a,sharing=locked --mount=type=bind,from=apt,source=/x,target=/y';
  const dockerfile = [
    'ARG BASE\n\nFROM BASE AS apt\nRUN mkdir /x\n',
    `FROM BASE AS server\nRUN ${mounts} \\\n    export A=1 \\\n    && true --mount=kept\n`,
    'FROM server AS tools\nRUN --mount=type=cache,target=/b  make\n',
    'FROM server\nCOPY --from=tools /b /b\nRUN plain\n',
  ];
  expect(unmounted(dockerfile.join('')).replaceAll(/ +/g, ' ')).toBe(
    [
      'ARG BASE\n\n',
      'FROM BASE AS server\nRUN export A=1 \\\n && true --mount=kept\n',
      'FROM server AS tools\nRUN make\n',
      'FROM server\nCOPY --from=tools /b /b\nRUN plain\n',
    ].join(''),
  );
});
