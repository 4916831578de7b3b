import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { removeImagesOf } from '../helpers/docker.ts';

const BUGS = resolve(import.meta.dirname, '../../examples/bugs');
const NAMES = readdirSync(BUGS);
const RUN_MS = 600_000;
let directory = '';

beforeAll(async () => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-bugs-')));
  cpSync(BUGS, directory, { recursive: true });
  for (const name of NAMES) {
    const { code, stderr } = await runCli(['build', '-C', name], { cwd: directory });
    expect({ code, stderr }).toMatchObject({ code: 0 });
  }
}, RUN_MS);
afterAll(async () => {
  for (const name of NAMES) await removeImagesOf(`bug-${name}`);
  rmSync(directory, { recursive: true, force: true });
});

test('each example reproduces its bug', { timeout: RUN_MS }, async () => {
  const { code, stdout } = await runCli(['ci', '.', '--jobs', '2', '--output', 'report'], { cwd: directory });
  expect(stdout).toContain('3 passed');
  expect(code).toBe(0);
});
