import { createServer, request as http } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import type { BuildRequest } from '../../src/engine/engine.ts';
import { EngineFault } from '../../src/engine/fault.ts';
import { image, engine as plain } from './real.ts';

const request = (dockerfile: string, rest: Partial<BuildRequest> = {}): BuildRequest => ({
  tag: 'wsgi-dev/enginetest:1',
  context: () => [
    { path: 'Dockerfile', content: `FROM ${image}\n${dockerfile}` },
    { path: 'dir/run.sh', content: '#!/bin/sh\necho from the context\n' },
  ],
  buildArgs: {},
  labels: {},
  noCache: false,
  ...rest,
});

// The engine's interface removes no images, as nothing in the product does.
afterAll(async () => {
  const path = '/images/wsgi-dev/enginetest:1?force=1';
  await new Promise((resolve) =>
    http({ socketPath: '/var/run/docker.sock', method: 'DELETE', path }, resolve).on('error', resolve).end(),
  );
});

async function failure(built: Promise<void>): Promise<EngineFault> {
  const error = await built.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof EngineFault)) throw error ?? new Error('the build went well');
  return error;
}

describe.each([
  ['BuildKit', '1', { step: /at \[2\/2\] RUN for/, cached: 'CACHED [' }],
  ['the classic builder', '0', { step: /at Step 2\/2 : RUN for/, cached: 'Using cache' }],
])('%s', (_name, DOCKER_BUILDKIT, said) => {
  const engine = connect(resolveEndpoint({}, process.env), undefined, { DOCKER_BUILDKIT });

  test('builds, tags, labels, hands out lines, and finds its cache again', async () => {
    const dockerfile = 'ARG WORD\nCOPY dir/ /x/\nRUN /x/run.sh && printf "%s\\n" "$WORD"\n';
    const lines: string[] = [];
    const asked = request(dockerfile, { buildArgs: { WORD: 'wörd' }, labels: { 'dev.wsgi-dev.enginetest': 'yes' } });
    await engine.build({ ...asked, noCache: true }, (line) => lines.push(line));
    expect(lines).toContain('from the context');
    expect(lines).toContain('wörd');
    expect((await engine.image(asked.tag))?.labels).toMatchObject({ 'dev.wsgi-dev.enginetest': 'yes' });
    const again: string[] = [];
    await engine.build(asked, (line) => again.push(line));
    expect(again.filter((line) => line.includes(said.cached)).length).toBeGreaterThanOrEqual(2);
  });

  test('a failing command: its step and its last 20 lines, code 4', async () => {
    const fault = await failure(
      engine.build(request('RUN for i in $(seq 30); do echo "line $i: port registry"; done; exit 9\n'), () => {}),
    );
    expect(fault).toMatchObject({ code: 4, kind: 'build' });
    expect(fault.message).toMatch(said.step);
    expect(fault.message).toContain('line 30:');
    expect(fault.message).not.toContain('line 10:');
    expect(fault.message).toContain('code 9');
  });

  test('a Dockerfile that is none', async () => {
    expect(await failure(engine.build(request('NONSENSE\n'), () => {}))).toMatchObject({ code: 4 });
  });

  test('a full disk has its own remedy', async () => {
    const dockerfile = 'RUN echo "write: No space left on device" && exit 1\n';
    const fault = await failure(engine.build(request(dockerfile), () => {}));
    expect(fault).toMatchObject({ code: 4, kind: 'disk-full', hint: expect.stringContaining('prune') });
  });
});

describe('the classic builder, when another client removes an image that it looks at', () => {
  const lost = `unable to find image "sha256:${'0'.repeat(64)}"`;

  test.each([
    ['once', 1, undefined, 2],
    ['again and again', 9, lost, 5],
  ])('%s', async (_times, failures, error, asked) => {
    let builds = 0;
    const server = createServer((asking, answer) => {
      builds += 1;
      asking.resume().on('end', () => {
        answer.end(JSON.stringify(builds > failures ? { stream: 'Successfully built' } : { error: lost }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const engine = connect(resolveEndpoint({ host: `tcp://127.0.0.1:${port}` }, {}), undefined, {
      DOCKER_BUILDKIT: '0',
    });
    const built = engine.build(request(''), () => {});
    if (error === undefined) await built;
    else expect((await failure(built)).message).toContain(error);
    expect(builds).toBe(asked);
  });
});

test('no such image', async () => {
  expect(await plain.image('wsgi-dev/none:1')).toBeUndefined();
});
