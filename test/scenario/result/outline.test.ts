import { expect, test } from 'vitest';
import { summaryMarkdown } from '../../../src/report/github.ts';
import { indexHtml } from '../../../src/report/index-html.ts';
import { junit } from '../../../src/report/junit.ts';
import { readPageAssets } from '../../../src/report/write.ts';
import { outlineOf } from '../../../src/scenario/result/outline.ts';
import type { ScenarioResult } from '../../../src/scenario/result/result.ts';
import { failed, nasty, passed, skipped } from '../../report/samples.ts';

const all = [passed, failed, nasty, skipped];

test('of the steps the one that failed, of the rest what tells runs apart', () => {
  expect(outlineOf(failed)).toEqual({
    name: failed.name,
    file: failed.file,
    tags: failed.tags,
    python: undefined,
    outcome: 'failed',
    skipped: undefined,
    failure: failed.failure,
    timings: { started: failed.timings.started, totalMs: failed.timings.totalMs },
    steps: [{ number: 4, title: 'response 200', line: 11 }],
  });
  expect(outlineOf(passed).steps).toEqual([]);
});

test('the files of a whole run are the same as of whole results', async () => {
  const assets = await readPageAssets('dist/report');
  const files = (results: readonly (ScenarioResult | ReturnType<typeof outlineOf>)[]) => {
    const entries = results.map((result, at) => ({ slug: `s${at}`, result, base: 'shop', transcript: 'x' }));
    return [[...junit(entries)].join(''), summaryMarkdown(results), indexHtml(entries, assets)];
  };
  expect(files(all.map(outlineOf))).toEqual(files(all));
});
