import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { findScenarios } from '../../../src/scenario/file/find.ts';
import { problemsOf } from './parsed.ts';

const root = resolve(import.meta.dirname, '../../..');
const schema = JSON.parse(readFileSync(join(root, 'schemas/scenario.schema.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

/** The scenarios of docs/scenarios.md. */
function documented(): readonly string[] {
  const text = readFileSync(join(root, 'docs/scenarios.md'), 'utf8');
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** The scenarios of the examples. */
function exemplary(): readonly string[] {
  return findScenarios(['examples'], root).files.map((file) => readFileSync(file, 'utf8'));
}

const step = (text: string) => `steps:\n  - request: GET /\n  - ${text}`;

const good: readonly string[] = [
  ...documented(),
  ...exemplary(),
  'steps: [{request: GET /}]',
  'name: 42\ntags: [1]\nskip: true\nonly: false\ntimeout: 1.5\nsteps: [{run: 5}]',
  'config: {python: 3.13, server: {port: 8000}, env: {A: 1, B: }}\nsteps: [{interrupt: true}]',
  'vars: {a: [1]}\neach: [{b: null}]\nbefore: [x, {command: y, code: 1}]\nsteps: [{stop: {}}]',
  step('response: 200'),
  step(
    'response: {status: 200, headers: {A: 1, B: {not: {contains: [a, 1]}}}, body: "", json: null, save: {a: {header: X}}}',
  ),
  step(
    'stop: {at: a.py, reason: step, commands: [p, {run: p, expect: {json: {a: [1]}}, save: {a: {json: 0}}}], stay: true}',
  ),
  step('request: {path: /, form: {a: [1, b]}, files: {f: {content: x}}}'),
];

it('has scenarios in the documentation and the examples', () => {
  expect([documented().length, exemplary().length]).toEqual([4, 3]);
});

it.each(good)('holds of %j, which is sound', (text) => {
  validate(parse(text));
  expect(validate.errors).toBeNull();
  expect(problemsOf(text)).toEqual([]);
});

const bad: readonly string[] = [
  '{}',
  'steps: []',
  'steps: [{}]',
  'steps: [interrupt]',
  'steps: [{request: GET /, response: 200}]',
  'steps: [{requst: GET /}]',
  'steps: [{interrupt: false}]',
  'sever: 1\nsteps: [{interrupt: true}]',
  'config: {sever: 1}\nsteps: [{interrupt: true}]',
  'timeout: 0\nsteps: [{interrupt: true}]',
  'each: [{}]\nsteps: [{interrupt: true}]',
  step('request: {method: GET}'),
  step('request: {path: /, json: 1, form: {a: 1}}'),
  step('request: {path: /, body: x, files: {a: {content: b}}}'),
  step('request: {path: /, files: {a: {path: x, content: y}}}'),
  step('stop: {reason: because}'),
  step('stop: {stay: 1}'),
  step('resume: c'),
  step('run: {command: x, code: 256}'),
  step('run: {command: x, expect: {}}'),
  step('run: {command: x, expect: {not: {like: y}}}'),
  step('run: {command: x, save: {}}'),
  step('run: {command: x, save: {a: {json: b, match: c}}}'),
  step('run: {command: x, save: {a: {header: b}}}'),
];

it.each(bad)('refuses %j, which is faulty', (text) => {
  expect(validate(parse(text))).toBe(false);
  expect(problemsOf(text)).not.toEqual([]);
});
