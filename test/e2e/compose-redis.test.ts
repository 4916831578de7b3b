import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { type ComposeProject, makeComposeProject, prepareCompose } from '../helpers/compose-project.ts';
import { PROMPT } from '../helpers/prompt.ts';
import { key, openTerminal, type Terminal } from '../helpers/pty.ts';

let project: ComposeProject;
let terminal: Terminal | undefined;

beforeAll(async () => {
  await prepareCompose(['redis']);
  project = await makeComposeProject({}, 'redis-app');
  const { code, stderr } = await project.run(['build', '--service', 'web']);
  if (code !== 0) throw new Error(stderr);
});
afterEach(() => terminal?.close());
afterAll(() => project?.remove());

/** What the view answers, and the cookie that it sets. */
async function count(cookie = ''): Promise<{ readonly body: unknown; readonly cookie: string }> {
  const asked = request(`http://127.0.0.1:${project.port}/count`, { headers: { cookie } }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const [set = ''] = response.headers['set-cookie'] ?? [];
  return { body: JSON.parse(await text(response)), cookie: set.split(';')[0] ?? '' };
}

test('sessions and cache are in Redis, which is healthy first and goes with the end', async () => {
  terminal = await openTerminal([process.execPath, cliPath, 'up', '--debug', '--service', 'web'], {
    cwd: project.directory,
    columns: 160,
  });
  await terminal.until(/Starting cache \(docker compose up\)/, 30_000);
  await terminal.until(/Ready: /, 60_000);
  expect(await project.services()).toEqual(['cache running cache-1', 'web running wsgi']);

  const first = count();
  await terminal.until(PROMPT);
  terminal.type('p dict($session), total\r');
  await terminal.until(/\(\{'visits': 1\}, 1\)/);
  // The prompt sees Redis as the application does.
  terminal.type('p cache.incr("all", 10)\r');
  await terminal.until(/\n11\n/);
  terminal.type('c\r');
  const { body, cookie } = await first;
  expect(body).toEqual({ visits: 1, all: 1 });

  const second = count(cookie);
  await terminal.until(/\[2\] GET \/count/);
  await terminal.until(PROMPT);
  expect(await project.compose('exec', '-T', 'cache', 'redis-cli', '--raw', 'keys', '*')).toMatch(
    /django\.contrib\.sessions\.cache/,
  );
  terminal.type('c\r');
  expect((await second).body).toEqual({ visits: 2, all: 12 });

  await terminal.until(/200/);
  terminal.type(key.ctrlC);
  await terminal.until(/again/);
  terminal.type(key.ctrlC);
  expect((await terminal.ended).code).toBe(0);
  expect(await project.services()).toEqual([]);
});

test('a command has it too', async () => {
  const script = 'import os, redis; print(redis.Redis.from_url(os.environ["REDIS_URL"]).ping())';
  const { code, stdout, stderr } = await project.run(['run', '--service', 'web', 'python3', '-c', script]);
  expect([code, stdout], stderr).toEqual([0, 'True\n']);
});
