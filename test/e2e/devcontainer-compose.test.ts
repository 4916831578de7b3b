import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { prepareCompose } from '../helpers/compose-project.ts';
import { docker } from '../helpers/docker.ts';
import { developer, get, makeProject, type TestProject } from '../helpers/project.ts';
import { PROMPT } from '../helpers/prompt.ts';
import { key, openTerminal, type Terminal } from '../helpers/pty.ts';

const APP = resolve(import.meta.dirname, 'redis-app');
const BIN = join(import.meta.dirname, '../../node_modules/.bin');
const COMPOSE = `\
services:
  app:
    build: {context: .}
    user: root
    command: sleep infinity
    volumes: ["..:/workspace:cached"]
    environment: {REDIS_URL: "redis://cache:6379/0", COLOUR: green}
  cache:
    image: wsgi-dev/test-base:redis
    healthcheck: {test: [CMD, redis-cli, ping], interval: 1s, retries: 30}
  side:
    image: wsgi-dev/test-base:redis
`;
const KEYS = {
  dockerComposeFile: 'docker-compose.yml',
  service: 'app',
  runServices: ['cache'],
  workspaceFolder: '/workspace',
  remoteUser: 'dev',
  containerEnv: { COLOUR: 'blue' },
  postCreateCommand: 'id -un >/tmp/who',
  features: { './tool': { word: 'hammer' } },
};
/** A Feature of the project's own. */
const FEATURE = {
  ...{ id: 'tool', version: '1.0.0', name: 'tool', containerEnv: { TOOLS: '/opt/tools' } },
  options: { word: { type: 'string', default: 'none' } },
  postCreateCommand: 'echo feature >/tmp/created',
};
const SCENARIO = `\
break: ["app:count"]
steps:
  - request: GET /count
  - stop: {commands: [{run: "p os.environ['TOOLS'], open('/opt/tools').read()", expect: "('/opt/tools', 'hammer\\\\n')"}]}
  - stop: {reason: breakpoint}
  - response: {status: 200}
`;

let project: TestProject;
let terminal: Terminal | undefined;
beforeAll(async () => {
  await prepareCompose(['redis']);
  process.env.PATH = `${BIN}:${process.env.PATH}`;
  // With buildx its CLI gets a syntax of Dockerfiles from a registry, for the Features.
  Object.assign(process.env, { DOCKER_BUILDKIT: '0', DOCKER_CONFIG: withoutBuildx() });
  project = makeProject(
    {
      'app.py': readFileSync(join(APP, 'app.py'), 'utf8'),
      'requirements.txt': readFileSync(join(APP, 'requirements.txt'), 'utf8'),
      '.devcontainer/devcontainer.json': JSON.stringify(KEYS),
      '.devcontainer/docker-compose.yml': COMPOSE,
      '.devcontainer/tool/devcontainer-feature.json': JSON.stringify(FEATURE),
      '.devcontainer/tool/install.sh': '#!/bin/sh\necho "$WORD" >/opt/tools\n',
      'count.scenario.yaml': SCENARIO,
      '.devcontainer/Dockerfile': `FROM wsgi-dev/base:bookworm\nRUN useradd -m -u ${developer} dev && echo installed >/tool\n`,
    },
    { shared: true },
  );
  const built = await project.run(['build']);
  if (built.code !== 0) throw new Error(built.stderr);
});
afterEach(() => terminal?.close());
afterAll(async () => {
  const images = await docker.listImages({ filters: { reference: [`wsgi-dev/${project.name}-devcontainer`] } });
  await promisify(execFile)('docker', ['compose', '-p', `${project.name}_devcontainer`, 'down', '--timeout', '0']);
  await project.remove();
  rmSync(process.env.DOCKER_CONFIG ?? '', { recursive: true });
  const tags = [...images.flatMap(({ RepoTags }) => RepoTags ?? []), `${project.name}_devcontainer-app`];
  await Promise.allSettled(tags.map((tag) => docker.getImage(tag).remove({ force: true, noprune: true })));
});

/** The configuration of a docker that has compose and no buildx. */
function withoutBuildx(): string {
  const own = mkdtempSync(join(tmpdir(), 'wsgi-dev-plugins-'));
  mkdirSync(join(own, 'cli-plugins'));
  const compose = join(process.env.DOCKER_CONFIG ?? '', 'cli-plugins/docker-compose');
  symlinkSync(realpathSync(compose), join(own, 'cli-plugins/docker-compose'));
  return own;
}

/** As compose knows them: service, state and name. */
async function services(): Promise<readonly string[]> {
  const label = [`com.docker.compose.project=${project.name}_devcontainer`];
  const all = await docker.listContainers({ all: true, filters: { label } });
  return all.map(({ Labels, State }) => `${Labels['com.docker.compose.service']} ${State}`).toSorted();
}

test('up --debug in the place of its service, with the services that it runs', async () => {
  terminal = await openTerminal([process.execPath, cliPath, 'up', '--debug', '--port', '0'], {
    cwd: project.directory,
    columns: 160,
  });
  const [, url = ''] = await terminal.until(/Ready: (http:\/\/127\.0\.0\.1:\d+\/)/, 60_000);
  expect(await services()).toEqual(['app running', 'cache running']);
  const response = get(url, 'count');
  await terminal.until(PROMPT);
  terminal.type("p os.environ['COLOUR'], open('/tool').read(), open('/tmp/who').read(), os.listdir('/workspace')\r");
  await terminal.until(/\('blue', 'installed\\n', 'dev\\n', \[[^\n]*'app\.py'/);
  // What the Feature has installed, set and run.
  terminal.type("p open('/opt/tools').read(), os.environ['TOOLS'], open('/tmp/created').read()\r");
  await terminal.until(/\('hammer\\n', '\/opt\/tools', 'feature\\n'\)/);
  terminal.type('c\r');
  expect(JSON.parse((await response).body)).toEqual({ visits: 1, all: 1 });
  await terminal.until(/200/);
  terminal.type(key.ctrlC);
  await terminal.until(/again/);
  terminal.type(key.ctrlC);
  expect((await terminal.ended).code).toBe(0);
  expect(await services()).toEqual([]);
});

test('a command has the services too', async () => {
  const script = 'import os, redis; print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping())';
  const { code, stdout, stderr } = await project.run(['run', 'python3', '-c', script]);
  expect([code, stdout], stderr).toEqual([0, 'True\n']);
  expect(await services()).toEqual(['cache running']);
});

test('a scenario runs among them, and takes away what was started for it', async () => {
  await promisify(execFile)('docker', ['compose', '-p', `${project.name}_devcontainer`, 'down', '--timeout', '0']);
  const { code, stdout, stderr } = await project.run(['ci', 'count.scenario.yaml']);
  expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^1 passed/m)]);
  expect(stderr).toMatch(/Among the services of [\w-]+_devcontainer, with what app has/);
  expect(await services()).toEqual([]);
});

test('a service that isn’t there is told, with those that are', async () => {
  project.write({ '.devcontainer/devcontainer.json': JSON.stringify({ ...KEYS, service: 'apq' }) });
  const { code, stderr } = await project.run(['up', '-d']);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(
      /devcontainer\.json: there is no service apq in [^\n]*docker-compose\.yml[^\n]*\n *It has app, cache and side\./,
    ),
  ]);
});
