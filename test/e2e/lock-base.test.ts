import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { docker } from '../helpers/docker.ts';
import { buildTestImage, testImage } from '../helpers/images.ts';
import { get, hello, makeProject } from '../helpers/project.ts';
import { type Registry, startRegistry } from '../helpers/registry.ts';

// A base image from a registry, and one that only the engine has; both become others under the same name.
const COLD_MS = 900_000;
const local = 'wsgi-dev/test-base:locked';

let registry: Registry;

beforeAll(async () => {
  registry = await startRegistry();
  await buildTestImage('plain', 'bookworm');
  await buildTestImage('debian', 'bookworm');
}, COLD_MS);
afterAll(async () => {
  await docker.getImage(local).remove({ noprune: true });
  await registry.stop();
});

const read = (directory: string): string => readFileSync(join(directory, 'wsgi-dev.lock'), 'utf8');

test(
  'an image of a registry: its digest, whatever its tag names later',
  async () => {
    const image = await registry.push(testImage('plain'), 'team/locked:1');
    const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': `image: ${image}\n` });
    expect(await project.run(['lock'])).toMatchObject({ code: 0 });
    const lock = read(project.directory);
    const base = new RegExp(`^base:\\n  image: ${image}\\n  digest: (sha256:[0-9a-f]{64})\\n`, 'm').exec(lock);
    expect(base).not.toBeNull();
    expect(lock).toMatch(new RegExp(`^  python: "3\\.11"\\n  mod_wsgi: distro\\n  image: ${image}\\n`, 'm'));
    const { Id } = await docker.getImage(image).inspect();

    await registry.push(testImage('debian'), 'team/locked:1');
    const { url, image: tag } = await project.up('--frozen', '--pull', 'always');
    expect(await get(url)).toMatchObject({ status: 200 });
    expect((await docker.getImage(tag).inspect()).Config.Labels).toMatchObject({ 'dev.wsgi-dev.base': Id });

    const absent = lock.replace(base?.[1] ?? '', `sha256:${'0'.repeat(64)}`);
    project.write({ 'wsgi-dev.lock': absent });
    const refused = await project.run(['build', '--frozen']);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/@sha256:0{64}[\s\S]*wsgi-dev\.lock names it/);
  },
  COLD_MS,
);

test(
  'an image of the engine alone: its id',
  async () => {
    const named = async (name: string) =>
      await docker.getImage(testImage(name)).tag({ repo: 'wsgi-dev/test-base', tag: 'locked' });
    await named('plain');
    const { Id } = await docker.getImage(local).inspect();
    const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': `image: ${local}\n` });
    expect(await project.run(['lock'])).toMatchObject({ code: 0 });
    expect(read(project.directory)).toContain(`\nbase:\n  image: ${local}\n  id: ${Id}\n`);
    await named('debian');
    const { code, stderr } = await project.run(['build', '--frozen']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^ {2}base: sha256:[0-9a-f]{12}… → sha256:[0-9a-f]{12}…$/m);
    expect(stderr).not.toMatch(/Step|Building/);
  },
  COLD_MS,
);
