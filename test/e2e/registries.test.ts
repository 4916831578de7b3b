import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildTestImage, testImage } from '../helpers/images.ts';
import { hello, makeProject } from '../helpers/project.ts';
import { type Registry, startRegistry } from '../helpers/registry.ts';

const login = { username: 'ada', password: 's3:cret' };
const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-login-'));
let registry: Registry;
let ref: string;

beforeAll(async () => {
  await buildTestImage('debian', 'bookworm');
  registry = await startRegistry(login);
  ref = await registry.push(testImage('debian'), 'private/shop:1');
  const answer = JSON.stringify({ ServerURL: registry.address, Username: login.username, Secret: login.password });
  const helper = join(directory, 'docker-credential-test');
  writeFileSync(helper, `#!/bin/sh\n[ "$1 $(cat)" = "get ${registry.address}" ] && echo '${answer}'\n`);
  chmodSync(helper, 0o755);
}, 300_000);

afterAll(async () => {
  await registry?.stop();
  rmSync(directory, { recursive: true });
});

/** Plans the image of a project on the private one: the base is pulled for that, and nothing is built. */
async function plan(config: unknown) {
  await registry.forget(ref);
  writeFileSync(join(directory, 'config.json'), JSON.stringify(config));
  const project = makeProject({ 'wsgi.py': hello() });
  const env = { DOCKER_CONFIG: directory, PATH: `${directory}:${process.env.PATH}` };
  return await project.run(['up', '--dry-run', '--image', ref], { env });
}

const auth = ({ username, password }: typeof login) => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});

test.each<[string, () => unknown]>([
  ['auths', () => ({ auths: { [registry.address]: auth(login) } })],
  ['credsStore', () => ({ credsStore: 'test' })],
  ['credHelpers', () => ({ credsStore: 'none', credHelpers: { [registry.address]: 'test' } })],
])('an image of a private registry, by %s', async (_what, config) => {
  const { code, stdout, stderr } = await plan(config());
  expect(stderr).toContain(`Pulling ${ref}`);
  expect(code).toBe(0);
  expect(stdout).toContain(`BASE: ${ref}`);
  expect(stdout + stderr).not.toContain(login.password);
});

test('with BuildKit, too, the image is built on it: who asked for the base is known before', async () => {
  await registry.forget(ref);
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [registry.address]: auth(login) } }));
  const project = makeProject({ 'wsgi.py': hello() });
  const env = { DOCKER_CONFIG: directory, DOCKER_BUILDKIT: '1' };
  const { code, stdout, stderr } = await project.run(['build', '--image', ref], { env });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await project.images()).toEqual([stdout.trim()]);
  expect(stderr).not.toContain(login.password);
});

test.each<[string, () => unknown]>([
  ['nobody', () => ({})],
  ['somebody else', () => ({ auths: { [registry.address]: auth({ ...login, password: 'no' }) } })],
])('asked by %s it gives nothing: 4, and how to log in', async (_what, config) => {
  const { code, stderr } = await plan(config());
  expect(code).toBe(4);
  expect(stderr).toContain(`docker login ${registry.address}`);
});

test('a helper that is not there is named', async () => {
  const { code, stderr } = await plan({ credsStore: 'nosuch' });
  expect(code).toBe(4);
  expect(stderr).toMatch(/docker-credential-nosuch .* there is no such program/);
});
