import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askedOnce } from '../../src/integrate/compose/asked.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-asked-'));
  mkdirSync(join(directory, 'bin'));
  mkdirSync(join(directory, 'config/cli-plugins'), { recursive: true });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** The answer to `question`, and whether compose was asked for it. */
async function ask(question: string, answer: string | undefined = question.toUpperCase()) {
  let asked = false;
  const env = { PATH: join(directory, 'bin'), DOCKER_CONFIG: join(directory, 'config') };
  const found = await askedOnce({ env, cacheDirectory: join(directory, 'cache') }, [question], async () => {
    asked = true;
    return answer;
  });
  return { found, asked };
}

test('each question is asked once', async () => {
  expect(await ask('a')).toEqual({ found: 'A', asked: true });
  expect(await ask('a')).toEqual({ found: 'A', asked: false });
  expect(await ask('b')).toEqual({ found: 'B', asked: true });
});

test('another docker, or another compose, is asked anew', async () => {
  const programs = ['bin/docker', 'config/cli-plugins/docker-compose', 'extra/docker-compose'];
  mkdirSync(join(directory, 'extra'));
  writeFileSync(
    join(directory, 'config/config.json'),
    JSON.stringify({ cliPluginsExtraDirs: [join(directory, 'extra')] }),
  );
  await ask('a');
  for (const program of programs) {
    writeFileSync(join(directory, program), program);
    expect(await ask('a')).toEqual({ found: 'A', asked: true });
    expect(await ask('a')).toEqual({ found: 'A', asked: false });
  }
});

test('no answer is not kept', async () => {
  const nothing = () => askedOnce({ env: {}, cacheDirectory: join(directory, 'cache') }, ['c'], async () => undefined);
  expect(await nothing()).toBeUndefined();
  expect(await ask('c')).toEqual({ found: 'C', asked: true });
});
