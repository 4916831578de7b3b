import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { PageAssets } from '../../src/report/page.ts';
import { readPageAssets, tellGithub, writeEvidence, writeRun } from '../../src/report/write.ts';
import { environment, failed, passed, recording, skipped } from './samples.ts';

let directory: string;
let assets: PageAssets;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'wsgi-dev-evidence-'));
  assets = await readPageAssets(resolve('dist/report'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

const read = (...path: string[]) => readFile(join(directory, ...path), 'utf8');
const files = async (...path: string[]) => (await readdir(join(directory, ...path))).toSorted();

test('of a scenario that ran, five files', async () => {
  await writeEvidence(join(directory, 'cart'), { result: passed, recording, environment }, assets);
  expect(await files('cart')).toEqual([
    'environment.json',
    'report.html',
    'result.json',
    'session.cast',
    'transcript.txt',
  ]);
  expect(JSON.parse(await read('cart', 'result.json'))).toEqual(JSON.parse(JSON.stringify(passed)));
  expect(JSON.parse(await read('cart', 'environment.json'))).toEqual(environment);
  expect(await read('cart', 'transcript.txt')).toContain('[<Item at 0x…>, <Item at 0x…>]');
  expect(await read('cart', 'session.cast')).toMatch(/^\{"version":2,/);
});

test('of one that did not run, no other run’s remains', async () => {
  await writeEvidence(join(directory, 'cart'), { result: passed, recording, environment }, assets);
  await writeFile(join(directory, 'cart', 'notes.txt'), 'a person’s own');
  const nothing = { columns: 0, rows: 0, output: [] };
  await writeEvidence(join(directory, 'cart'), { result: skipped, recording: nothing, environment: undefined }, assets);
  expect(await files('cart')).toEqual(['notes.txt', 'report.html', 'result.json']);
});

test('the same again is the same, byte for byte', async () => {
  for (const name of ['one', 'two'])
    await writeEvidence(join(directory, name), { result: failed, recording, environment }, assets);
  for (const name of await files('one')) expect(await read('two', name), name).toBe(await read('one', name));
});

test('of the whole run, its JUnit with the transcripts, the list, the summary', async () => {
  const entries = [
    { slug: 'cart', result: passed, base: '' },
    { slug: 'import', result: skipped, base: '' },
  ];
  await writeEvidence(join(directory, 'cart'), { result: passed, recording, environment }, assets);
  await writeRun(directory, entries, assets);
  expect(await files()).toEqual(['cart', 'index.html', 'junit.xml', 'scenarios.json', 'summary.md']);
  expect(JSON.parse(await read('scenarios.json'))).toEqual(['cart', 'import']);
  expect(await read('junit.xml')).toContain('(Pdb) p len(items)');
  expect(await read('index.html')).toContain('href="cart/report.html"');
  expect(await read('summary.md')).toMatch(/^## wsgi-dev ci: 1 passed, 1 skipped\n/);
});

test('GitHub Actions is told of failures and gets a summary; nobody else is', async () => {
  const summary = join(directory, 'summary');
  await writeFile(summary, 'of another step\n');
  const entries = [{ slug: 'coupon', result: failed, base: 'app' }];
  const lines: string[] = [];
  await tellGithub({ GITHUB_STEP_SUMMARY: summary }, entries, (line) => lines.push(line));
  expect(lines).toEqual([]);
  await tellGithub({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }, entries, (line) => lines.push(line));
  expect(lines).toEqual([expect.stringMatching(/^::error file=app\/shop\/coupons\.py,line=17,/)]);
  expect(await readFile(summary, 'utf8')).toMatch(/^of another step\n## wsgi-dev ci: 1 failed/);
});
