import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { findEvidence } from '../../src/handover/evidence.ts';
import { failed, passed } from '../report/samples.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-evidence-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const trace = { schema: 1, project: '..', source: '0'.repeat(64), variables: {} };
  for (const [name, result] of Object.entries({ one: passed, two: passed, three: failed, four: failed })) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'result.json'), JSON.stringify(result));
    writeFileSync(join(directory, name, 'run.json'), JSON.stringify(trace));
  }
});

test.each<[string, unknown, string | RegExp]>([
  ['the only one', ['one'], 'one'],
  ['the one that failed', ['one', 'two', 'three'], 'three'],
  ['none that was skipped', ['one', 'skipped'], 'one'],
  ['one of several', ['one', 'two'], /holds several scenarios$/],
  ['one of several that failed', ['one', 'three', 'four'], /holds several scenarios that failed$/],
  ['what an earlier run left', [], /holds no evidence/],
  ['a run that did not come to its end', undefined, /holds no evidence/],
  ['another directory', ['../one'], /not of this version/],
])('of the last run: %s', (_, run, expected) => {
  if (run !== undefined) writeFileSync(join(directory, 'scenarios.json'), JSON.stringify(run));
  if (typeof expected === 'string') expect(findEvidence(directory).directory).toBe(join(directory, expected));
  else expect(() => findEvidence(directory)).toThrow(expected);
});
