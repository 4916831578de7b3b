import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker } from '../helpers/docker.ts';
import { hello, makeProject, type TestProject } from '../helpers/project.ts';
import { type SecondEngine, startSecondEngine } from '../helpers/second-engine.ts';

// The other engine has nothing: a base image is made for it, and all of it downloaded anew. With WSGI_DEV_LOCK_MATRIX=1 only.
const matrix = process.env.WSGI_DEV_LOCK_MATRIX === '1';
const COLD_MS = 1_200_000;

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

describe.runIf(matrix)('one lock on two engines', () => {
  let second: SecondEngine;
  let project: TestProject;

  beforeAll(async () => {
    second = await startSecondEngine();
    project = makeProject(
      {
        'wsgi.py': hello(),
        'requirements.txt': 'Flask\ndocopt\n',
        'wsgi-dev.yaml': 'packages: {apt: [hello]}\n',
      },
      { shared: true },
    );
  }, COLD_MS);
  afterAll(async () => {
    await second?.stop();
    await project?.remove();
  });

  test(
    'the images have the same packages, which are those of the lock',
    async () => {
      const [here, there] = await Promise.all([docker.version(), second.docker.version()]);
      expect(there.Version).not.toBe(here.Version);
      expect(await project.run(['lock'])).toMatchObject({ code: 0 });
      const lock = readFileSync(join(project.directory, 'wsgi-dev.lock'), 'utf8');
      const build = async (env = {}): Promise<string> => {
        const { code, stdout, stderr } = await project.run(['build', '--frozen'], { env });
        expect({ code, stderr }).toMatchObject({ code: 0 });
        return stdout.trim();
      };
      const first = await packagesOf(docker, await build());
      const other = await packagesOf(second.docker, await build({ DOCKER_HOST: second.host }));
      expect(other).toEqual(first);
      expect(first.toSorted()).toEqual(packagesIn(lock).toSorted());
    },
    COLD_MS,
  );
});
