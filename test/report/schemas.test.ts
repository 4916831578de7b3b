import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { schemaFiles } from '../../src/report/schemas.ts';
import * as samples from './samples.ts';

const directory = resolve(import.meta.dirname, '../../schemas');
const published = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8'));
const validator = (name: string) => new Ajv2020({ validateFormats: false, strict: true }).compile(published(name));
/** As a reader gets it. */
const written = (value: unknown) => JSON.parse(JSON.stringify(value));

test.each(schemaFiles())('schemas/%s is what the program says of itself', (name, text) => {
  expect(readFileSync(join(directory, name), 'utf8'), 'run `node scripts/schemas.mjs`').toBe(text);
});

test.each([
  ['passed', samples.passed],
  ['failed', samples.failed],
  ['nasty', samples.nasty],
  ['skipped', samples.skipped],
])('result.json of a scenario: %s', (_, result) => {
  const validate = validator('result.schema.json');
  validate(written(result));
  expect(validate.errors).toBeNull();
});

test('environment.json', () => {
  const validate = validator('environment.schema.json');
  validate(written(samples.environment));
  expect(validate.errors).toBeNull();
});

test.each([
  ['an unknown key', { ...samples.passed, colour: 'red' }],
  ['an unknown outcome', { ...samples.passed, outcome: 'fine' }],
  ['a step without a number', { ...samples.passed, steps: [{ ...samples.passed.steps[0], number: undefined }] }],
  ['no timings', { ...samples.passed, timings: undefined }],
])('the schema refuses %s', (_, result) => {
  expect(validator('result.schema.json')(written(result))).toBe(false);
});
