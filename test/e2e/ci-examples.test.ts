import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { removeImagesOf } from '../helpers/docker.ts';

const BUGS = resolve(import.meta.dirname, '../../examples/bugs');
const NAMES = readdirSync(BUGS);
/** So often the same scenario leaves the same. */
const RUNS = 10;
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

/** What one scenario of a run has left, less its timings. */
function left(output: string, slug: string) {
  const read = (file: string): string => readFileSync(join(directory, output, slug, file), 'utf8');
  const { timings: _timings, ...result } = JSON.parse(read('result.json'));
  return { transcript: read('transcript.txt'), result: JSON.stringify(result) };
}

test('each example reproduces its bug', { timeout: RUN_MS }, async () => {
  const { code, stdout } = await runCli(['ci', '.', '--jobs', '2', '--output', 'report'], { cwd: directory });
  expect(stdout).toContain('3 passed');
  expect(code).toBe(0);
});

test(`${RUNS} runs leave the same, byte for byte, but for the timings`, { timeout: RUN_MS }, async () => {
  const slug = 'the-report-breaks-after-its-first-lines';
  const all: ReturnType<typeof left>[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const { code } = await runCli(['ci', 'generator', '--output', `report-${run}`], { cwd: directory });
    expect(code).toBe(0);
    all.push(left(`report-${run}`, slug));
  }
  const [first] = all;
  for (const one of all) expect(one).toEqual(first);
  expect(JSON.stringify(first)).not.toMatch(/0x[0-9a-f]{6}|\b20\d\d-\d\d-\d\d[ T]/);
});
