import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ComposeProject, makeComposeProject, prepareCompose } from '../helpers/compose-project.ts';
import { buildTestImage } from '../helpers/images.ts';
import { get, hello } from '../helpers/project.ts';

let project: ComposeProject;

const image = 'wsgi-dev/test-base:postgres';
/** A database that never gets healthy, one whose work fails, and one that is fine. */
const compose = `
name: \${PROJECT}
services:
  fine: {image: ${image}}
  sick:
    image: ${image}
    command: [bash, -c, 'echo no disk left for the tables; exec sleep 1000']
    init: true
    healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 2}
    depends_on: [fine]
  broken: {image: ${image}, command: [bash, -c, 'echo the schema is of another age; exit 3']}
  slow:
    image: ${image}
    command: [sleep, '1000']
    init: true
    healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 1000}
  on-sick: {image: ${image}, depends_on: {sick: {condition: service_healthy}, fine: {condition: service_started}}}
  on-broken: {image: ${image}, depends_on: {broken: {condition: service_completed_successfully}, fine: {condition: service_started}}}
  on-slow: {image: ${image}, depends_on: {slow: {condition: service_healthy}}}
  without: {image: ${image}, depends_on: {broken: {condition: service_completed_successfully, required: false}}}
  alien: {image: 'wsgi-dev/test-base:alien'}
`;

beforeAll(async () => {
  await prepareCompose();
  await buildTestImage('alien', 'bookworm');
  project = await makeComposeProject({
    'compose.yaml': compose,
    'plain.py': hello(),
    'wsgi-dev.yaml': 'app: plain.py\n',
  });
  const { code, stderr } = await project.run(['build', '--service', 'fine']);
  if (code !== 0) throw new Error(stderr);
});
afterEach(() => project.compose('--profile', '*', 'down', '--timeout', '0', '--volumes'));
afterAll(() => project?.remove());

const up = (service: string, ...args: readonly string[]) =>
  project.run(['up', '-d', '--port', '0', '--service', service, ...args]);

describe('a dependency that fails', () => {
  test('never healthy: its last lines, and what was started is gone', async () => {
    const { code, stderr } = await up('on-sick');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /sick did not come up: .*unhealthy\nThe last lines of sick:\n {2}no disk left for the tables\n/,
    );
    expect(await project.services()).toEqual([]);
  });

  test('what ran before runs on', async () => {
    await project.compose('up', '-d', 'fine');
    expect((await up('on-sick')).code).toBe(1);
    expect(await project.services()).toEqual(['fine running fine-1']);
  });

  test('its work fails: the same', async () => {
    const { code, stderr } = await up('on-broken');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /broken ended with exit code 3\nThe last lines of broken:\n {2}the schema is of another age\n/,
    );
    expect(await project.services()).toEqual([]);
  });

  test('one that is not required is told of, and left', async () => {
    const { code, stderr } = await up('without');
    expect(stderr).toMatch(/exit code 3[\s\S]*broken is not required: going on without it/);
    expect(code).toBe(0);
    expect((await project.run(['down'])).code).toBe(0);
  });

  test('it takes too long: --wait-timeout', async () => {
    const { code, stderr } = await up('on-slow', '--wait-timeout', '3');
    expect(code).toBe(1);
    expect(stderr).toMatch(/slow did not come up: /);
    expect(await project.services()).toEqual([]);
  });

  test('Ctrl-C meanwhile: 130, and what was started is gone', async () => {
    const running = project.start(['up', '-d', '--port', '0', '--service', 'on-slow', '-v']);
    await running.stderrSays(/slow-1 +Waiting/);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.result;
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/Interrupted while slow started/) });
    expect(await project.services()).toEqual([]);
  });
});

describe("what can't be", () => {
  test('an unknown service: those there are', async () => {
    const { code, stderr } = await up('alein');
    expect(code).toBe(2);
    expect(stderr).toContain('--service alein: there is no service alein in the compose file; did you mean `alien`?');
    expect(stderr).toContain('It has alien, broken, fine, on-broken, on-sick, on-slow, sick, slow and without.');
  });

  test("a faulty file: compose's own message", async () => {
    project.write({ 'bad.yaml': 'services:\n  web: {image: 3}\n' });
    project.write({ 'wsgi-dev.override.yaml': 'compose: {file: bad.yaml, service: web}\n' });
    const { code, stderr } = await project.run(['up', '-d']);
    rmSync(join(project.directory, 'wsgi-dev.override.yaml'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/docker compose refuses .*bad\.yaml:\n.*services\.web\.image must be a string/);
  });

  test('no docker at all: which feature needs it, and how to get it', async () => {
    const { code, stderr } = await project.run(['up', '-d', '--service', 'fine'], { env: { PATH: '/nonexistent' } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/A compose service needs docker compose, and the command `docker` is missing/);
    expect(stderr).toMatch(/Install docker compose 2\.20 or later/);
  });

  test('a docker without compose', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'wsgi-dev-no-compose-'));
    // A plugin that is none hides the one that may be installed for everybody: the user's own directory goes first.
    mkdirSync(join(empty, 'cli-plugins'));
    writeFileSync(join(empty, 'cli-plugins/docker-compose'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const { code, stderr } = await project.run(['up', '-d', '--service', 'fine'], {
      env: { DOCKER_CONFIG: empty, HOME: empty },
    });
    rmSync(empty, { recursive: true });
    expect(code).toBe(3);
    expect(stderr).toMatch(/docker has no `compose`/);
  });

  test('--dry-run builds no image of a service, and says so', async () => {
    project.write({ 'unbuilt.yaml': `name: ${project.name}\nservices: {web: {build: .}}\n` });
    project.write({ 'wsgi-dev.override.yaml': 'compose: {file: unbuilt.yaml, service: web}\n' });
    const { code, stderr } = await project.run(['up', '--dry-run']);
    rmSync(join(project.directory, 'wsgi-dev.override.yaml'));
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /-web of web is not built, and neither --no-build nor --dry-run builds it\n {2}Build it with/,
    );
  });

  test('compose init: what docker compose alone could not run', async () => {
    const service = `{image: ${image}, network_mode: none, volumes: ['venv:/opt/venv']}`;
    project.write({ 'unfit.yaml': `name: ${project.name}\nservices: {web: ${service}}\nvolumes: {venv: {}}\n` });
    project.write({ 'wsgi-dev.override.yaml': 'compose: {file: unfit.yaml, service: web}\n' });
    const { code, stderr } = await project.run(['compose', 'init']);
    rmSync(join(project.directory, 'wsgi-dev.override.yaml'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/can't run web under Apache: it has the volume at \/opt\/venv .* and `network_mode: none`/);
    expect(existsSync(join(project.directory, 'compose.wsgi-dev.yaml'))).toBe(false);
  });

  test('an image that is not like Debian: it is said, and a base of our own serves', async () => {
    const { code, stderr, stdout } = await up('alien');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/the service alien: wsgi-dev\/test-base:alien .* has no apt-get and dpkg/);
    expect(stderr).toMatch(/Going on with a base of wsgi-dev's own/);
    expect((await get(stdout.trim())).body).toBe('hello');
    await project.run(['down']);
  });
});
