import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { docker, inContainer } from '../helpers/docker.ts';
import { buildTestImage, testImage } from '../helpers/images.ts';
import { get, makeProject, type TestProject } from '../helpers/project.ts';
import { type Registry, startRegistry } from '../helpers/registry.ts';

// Images of other makers as the base, from a real registry on this machine. The official Python is compiled for it, which
// takes minutes: that, and whatever else is compiled, runs with WSGI_DEV_MATRIX=1 only.
const matrix = process.env.WSGI_DEV_MATRIX === '1';
const COLD_MS = 900_000;

const application = `
import os
import sys

import mod_wsgi


def application(environ, start_response):
    name = environ["QUERY_STRING"]
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Hello, {name}!".encode()]
`;

let registry: Registry;
let plain: string;

beforeAll(async () => {
  registry = await startRegistry();
  await buildTestImage('plain', 'bookworm');
  plain = await registry.push(testImage('plain'), 'team/plain:1');
}, COLD_MS);
afterAll(() => registry.stop());

const projectOn = (image: string, more = '', files = {}): TestProject =>
  makeProject({ 'wsgi.py': application, 'wsgi-dev.yaml': `image: ${image}\n${more}`, ...files });

/** Runs it, stops at its breakpoint(), says the commands through a pipe, and reads the response and what is shown. */
async function debugs(project: TestProject, commands: readonly string[]): Promise<string> {
  const { url, container } = await project.up('--debug');
  const response = get(url, '?Ada');
  response.catch(() => undefined);
  const attached = project.start(['attach']);
  expect(await attached.stdoutSays(/\(Pdb\) $/)).toMatch(/^> \/app\/wsgi\.py\(\d+\)application\(\)$/m);
  attached.child.stdin?.end(`${commands.join('\n')}\nc\n`);
  expect(await response).toEqual({ status: 200, body: 'Hello, Ada!' });
  const { code, stdout } = await attached.result;
  expect(code).toBe(0);
  const compilers =
    'command -v gcc cc make ld as apxs; dpkg-query -W apache2-dev gcc "libpython3*-dev" 2>/dev/null; true';
  expect(await inContainer(container, ['sh', '-c', compilers], '0')).toBe('');
  return stdout;
}

/** `build`, which fails before any step. */
async function refused(project: TestProject, ...args: readonly string[]) {
  const { code, stderr } = await project.run(['build', ...args]);
  expect(stderr).not.toMatch(/Step|Building/);
  expect(await project.images()).toEqual([]);
  return { code, stderr };
}

/** Containers of an image, running or not. */
async function containersFrom(image: string): Promise<number> {
  const { Id } = await docker.getImage(image).inspect();
  return (await docker.listContainers({ all: true })).filter(({ ImageID }) => ImageID === Id).length;
}

describe('an image of Debian without Python', () => {
  test('is pulled and debugged with the Python of its release; then nothing is done again', {
    timeout: COLD_MS,
  }, async () => {
    const project = projectOn(plain, 'packages: {apt: [hostname]}\n', { 'requirements.txt': 'itsdangerous==2.2.0\n' });
    const values = ['sys.version_info[:2]', 'mod_wsgi.version', 'os.environ["GREETING"]', 'os.getcwd()'];
    const shown = await debugs(project, [
      'import itsdangerous, shutil',
      `p (${values}, itsdangerous.__file__, shutil.which("hostname"))`,
    ]);
    const file = '/opt/venv/lib/python3.11/site-packages/itsdangerous/__init__.py';
    expect(shown).toContain(`((3, 11), (4, 9, 4), 'from the image', '/app', '${file}', '/usr/bin/hostname')`);
    expect(await containersFrom(testImage('plain'))).toBe(0);
    const again = await project.run(['up', '-d', '--debug', '--port', '0', '--pull', 'never']);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/^Running in the background/m);
    expect(again.stderr).not.toMatch(/Pulling|Looking|Building/);
  });

  test('that changed under its tag: what it is now, once it is pulled', async () => {
    const ref = await registry.push(testImage('plain'), 'team/moving:1');
    const project = projectOn(ref);
    const tagWith = async (pull: string): Promise<string | undefined> => {
      const { code, stderr } = await project.run(['up', '-d', '--no-build', '--pull', pull]);
      expect(code).toBe(4);
      return /The image (\S+) is not built/.exec(stderr)?.[1];
    };
    const first = await tagWith('missing');
    expect(first).toMatch(/^wsgi-dev\//);
    await buildTestImage('other', 'bookworm');
    await registry.push(testImage('other'), 'team/moving:1');
    // What the engine has is still the old one.
    await docker.getImage(testImage('plain')).tag({ repo: ref.replace(/:1$/, ''), tag: '1' });
    expect(await tagWith('missing')).toBe(first);
    const second = await tagWith('always');
    expect(second).toMatch(/^wsgi-dev\//);
    expect(second).not.toBe(first);
    expect(await tagWith('never')).toBe(second);
  });

  test('build --pull, as docker compose has it, asks the registry for what the engine has', async () => {
    const ref = '127.0.0.1:1/team/here:1';
    await docker.getImage(testImage('plain')).tag({ repo: ref.replace(/:1$/, ''), tag: '1' });
    try {
      const { code, stderr } = await projectOn(ref).run(['build', '--pull']);
      expect({ code, stderr }).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(`Cannot pull the image ${ref}`),
      });
    } finally {
      await docker.getImage(ref).remove();
    }
  });

  test('its volumes go with the container, a new one’s and a session’s', { timeout: COLD_MS }, async () => {
    const project = projectOn(plain);
    const volume = async (): Promise<string | undefined> => {
      const [container] = await project.containers();
      return container?.Mounts.find(({ Destination }) => Destination === '/data')?.Name;
    };
    await project.up();
    const first = await volume();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    const session = project.start(['up', '--port', '0', '--force-recreate']);
    await session.stderrSays(/^Ready: /m);
    const second = await volume();
    expect(second).not.toBe(first);
    session.child.kill('SIGTERM');
    await session.result;
    const { Volumes } = await docker.listVolumes();
    expect(Volumes.filter(({ Name }) => Name === first || Name === second)).toEqual([]);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s while an image is looked into: its container is gone', async (signal) => {
  const cache = mkdtempSync(join(tmpdir(), 'wsgi-dev-cache-'));
  onTestFinished(() => rmSync(cache, { recursive: true }));
  const looking = projectOn(plain).start(['build'], { env: { XDG_CACHE_HOME: cache } });
  await looking.stderrSays(/^Looking into /m);
  looking.child.kill(signal);
  const { stderr, ...ended } = await looking.result;
  expect(ended).toMatchObject({ code: null, signal });
  expect(stderr).not.toMatch(/Step|Building/);
  expect(await containersFrom(testImage('plain'))).toBe(0);
});

describe('told before anything is built', () => {
  test('another Python than python: says', async () => {
    const { code, stderr } = await refused(projectOn(plain, 'python: 3.13\n'));
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /wsgi-dev\.yaml:2:9: Python 3\.13 is not in \S+ \(wsgi-dev\.yaml:1:8\), which has Python 3\.11/,
    );
  });

  test('a system of another kind, and its container is gone', async () => {
    await buildTestImage('alien', 'bookworm');
    const ref = await registry.push(testImage('alien'), 'team/alien:1');
    const { code, stderr } = await refused(projectOn(ref));
    expect(code).toBe(2);
    expect(stderr).toMatch(/wsgi-dev\.yaml:1:8: \S+ \(Alien Linux 3\) has no apt-get and dpkg; choose an image/);
    expect(await containersFrom(testImage('alien'))).toBe(0);
  });

  test('nothing that could run', async () => {
    await buildTestImage('empty', 'bookworm');
    const ref = await registry.push(testImage('empty'), 'team/empty:1');
    const { code, stderr } = await refused(makeProject({ 'wsgi.py': application }), '--image', ref);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--image \S+: \S+ \(an unknown system\) has no apt-get and dpkg/);
    expect(await containersFrom(testImage('empty'))).toBe(0);
  });

  test.each([
    ['that the registry has not', () => plain.replace('plain', 'none'), /Cannot pull the image \S+team\/none:1/],
    [
      'of a registry that is none',
      () => '127.0.0.1:1/team/plain:1',
      /Cannot pull the image 127\.0\.0\.1:1\/team\/plain:1/,
    ],
  ])('an image %s: 4', async (_name, ref, message) => {
    const { code, stderr } = await refused(projectOn(ref()));
    expect(code).toBe(4);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/wsgi-dev\.yaml:1:8 names it; load it onto the engine: docker pull/);
  });

  test('a Python of no suite: the official image, or what there is', async () => {
    const project = makeProject({ 'wsgi.py': application, 'wsgi-dev.yaml': 'python: 3.98\n' });
    const missing = await refused(project, '--pull', 'never');
    expect(missing.code).toBe(4);
    expect(missing.stderr).toMatch(/no image python:3\.98-slim, and pulling is off/);
    expect(missing.stderr).toMatch(
      /Python 3\.98 \(wsgi-dev\.yaml:1:9\) is in no Debian release and comes with this image/,
    );
    await docker.getImage(testImage('plain')).tag({ repo: 'python', tag: '3.98-slim' });
    try {
      const wrong = await refused(project, '--pull', 'never');
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toMatch(
        /1:9: Python 3\.98 is not in python:3\.98-slim \(wsgi-dev\.yaml:1:9\), which has Python 3\.11/,
      );
    } finally {
      await docker.getImage('python:3.98-slim').remove({ noprune: true });
    }
  });
});

describe.runIf(matrix)('an image with a Python and packages of its own', () => {
  test.each([
    ['', '(5, 0, 2)'],
    ['server: {mod_wsgi: pypi}\n', '(6, 1, 1)'],
  ])('Debian’s, made for something else, with %j', { timeout: COLD_MS }, async (more, version) => {
    await buildTestImage('debian', 'trixie');
    const ref = await registry.push(testImage('debian'), 'team/debian:1');
    const values = ['brought.NAME', 'os.environ["GREETING"]', 'sys.version_info[:2]', 'mod_wsgi.version'];
    const shown = await debugs(projectOn(ref, more), ['import brought', `p (${values})`]);
    expect(shown).toContain(`('brought', 'from the image', (3, 13), ${version})`);
  });

  test('the official kind: mod_wsgi compiled for it, requirements beside what it brings', {
    timeout: COLD_MS,
  }, async () => {
    await buildTestImage('official', 'bookworm');
    const ref = await registry.push(testImage('official'), 'python:3.13-slim');
    const project = projectOn(ref, 'python: 3.13\npackages: {apt: [hostname]}\n', {
      'requirements.txt': 'itsdangerous==2.2.0\n',
    });
    const values = ['brought.NAME', 'os.environ["GREETING"]', 'sys.version_info[:2]', 'mod_wsgi.version'];
    const shown = await debugs(project, [
      'import brought, itsdangerous, sqlite3',
      `p (${values}, sys.base_prefix, itsdangerous.__version__)`,
    ]);
    expect(shown).toContain("('brought', 'from the image', (3, 13), (6, 1, 1), '/usr/local', '2.2.0')");
    const distro = await refused(projectOn(ref, 'server:\n  mod_wsgi: distro\n'));
    expect(distro.code).toBe(2);
    expect(distro.stderr).toMatch(
      /wsgi-dev\.yaml:3:13: the mod_wsgi of Debian GNU\/Linux 12 \(bookworm\) can't serve Python 3\.13/,
    );
  });
});
