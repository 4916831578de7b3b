import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
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
};

let project: TestProject;
let terminal: Terminal | undefined;
beforeAll(async () => {
  await prepareCompose(['redis']);
  process.env.PATH = `${BIN}:${process.env.PATH}`;
  project = makeProject(
    {
      'app.py': readFileSync(join(APP, 'app.py'), 'utf8'),
      'requirements.txt': readFileSync(join(APP, 'requirements.txt'), 'utf8'),
      '.devcontainer/devcontainer.json': JSON.stringify(KEYS),
      '.devcontainer/docker-compose.yml': COMPOSE,
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
  const tags = [...images.flatMap(({ RepoTags }) => RepoTags ?? []), `${project.name}_devcontainer-app`];
  await Promise.allSettled(tags.map((tag) => docker.getImage(tag).remove({ force: true, noprune: true })));
});

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
