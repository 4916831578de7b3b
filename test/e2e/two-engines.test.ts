import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { docker } from '../helpers/docker.ts';
import { leftIn } from '../helpers/evidence.ts';
import { type FarEngine, farEngine } from '../helpers/far-engine.ts';
import { exampleFiles, makeProject, type TestProject } from '../helpers/project.ts';
import { type SecondEngine, startSecondEngine } from '../helpers/second-engine.ts';

// The other engine has nothing: a base image is made for it, and all of it downloaded anew.
const COLD_MS = 1_200_000;
/** So often on each engine the same scenario leaves the same. */
const RUNS = 5;

/** What an engine's image has, asked without wsgi-dev. */
async function packagesOf(engine: Docker, image: string): Promise<readonly string[]> {
  const script = `dpkg-query -W -f '\${Package}=\${Version}\\n'; pip list --format=freeze --disable-pip-version-check`;
  const container = await engine.createContainer({ Image: image, Cmd: ['sh', '-c', script], Tty: true });
  try {
    const output = await container.attach({ stream: true, stdout: true });
    await container.start();
    return (await text(output as unknown as AsyncIterable<Buffer>)).trim().split(/\r?\n/);
  } finally {
    await container.remove({ force: true });
  }
}

/** The same, as a lock says it. */
function packagesIn(lock: string): readonly string[] {
  return [...lock.matchAll(/^ {2}- ([^=\s]+==?[^=\s]+)/gm)].flatMap(([, one]) => one ?? []);
}

let second: SecondEngine;
let far: FarEngine;
let project: TestProject;

beforeAll(async () => {
  project = makeProject(
    {
      ...exampleFiles('bugs/generator'),
      'requirements.txt': 'Flask\ndocopt\n',
      'wsgi-dev.yaml': 'packages: {apt: [hello]}\n',
    },
    { shared: true },
  );
  second = await startSecondEngine(undefined, [project.directory]);
  far = await farEngine(second.socketPath);
  expect(await project.run(['lock'])).toMatchObject({ code: 0 });
}, COLD_MS);
afterAll(async () => {
  far?.stop();
  await second?.stop();
  await project?.remove();
});

test('two builds from one lock have the same packages, which are those of the lock', { timeout: COLD_MS }, async () => {
  const [here, there] = await Promise.all([docker.version(), second.docker.version()]);
  expect(there.Version).not.toBe(here.Version);
  const lock = readFileSync(join(project.directory, 'wsgi-dev.lock'), 'utf8');
  const build = async (env = {}): Promise<string> => {
    const { code, stdout, stderr } = await project.run(['build', '--frozen'], { env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout.trim();
  };
  const first = await packagesOf(docker, await build());
  const other = await packagesOf(second.docker, await build({ DOCKER_HOST: far.host }));
  expect(other).toEqual(first);
  expect(first.toSorted()).toEqual(packagesIn(lock).toSorted());
});

test('ten runs leave the same, byte for byte, but for the timings', { timeout: COLD_MS }, async () => {
  const left: ReturnType<typeof leftIn>[] = [];
  for (const env of [{}, { DOCKER_HOST: far.host }]) {
    for (let run = 1; run <= RUNS; run += 1) {
      const { code, stdout, stderr } = await project.run(['ci', '--frozen', '.', '--output', 'report'], { env });
      expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
      left.push(leftIn(join(project.directory, 'report/the-report-breaks-after-its-first-lines')));
    }
  }
  const [first] = left;
  for (const one of left) expect(one).toEqual(first);
  expect(JSON.stringify(first)).not.toMatch(/0x[0-9a-f]{6}|\b20\d\d-\d\d-\d\d[ T]/);
});
