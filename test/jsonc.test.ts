import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { pushJsonc, readJsonc, setJsonc } from '../src/jsonc.ts';

describe('a value is set', () => {
  test.each<[string, string, readonly (string | number)[], unknown, string]>([
    ['in the place of another', '{"a": 1, /* b */ "b": 2}', ['a'], 'x', '{"a": "x", /* b */ "b": 2}'],
    ['behind the last one', '{\n  "a": 1\n}', ['b'], 2, '{\n  "a": 1,\n  "b": 2\n}'],
    ['behind its comment', '{\n  "a": 1 // one\n}', ['b'], 2, '{\n  "a": 1, // one\n  "b": 2\n}'],
    ['behind its comma', '{\n  "a": 1, // one\n}', ['b'], 2, '{\n  "a": 1, // one\n  "b": 2,\n}'],
    ['on the same line as the others', '{"a": 1}', ['b'], [2], '{"a": 1, "b": [2]}'],
    ['in an empty object', '{}', ['a'], { b: 1 }, '{\n  "a": {\n    "b": 1\n  }\n}'],
    ['behind a comment that stands alone', '{\n\t// none yet\n}', ['a'], 1, '{\n\t// none yet\n  "a": 1\n}'],
    [
      'deeper than anything there',
      '{\n\t"a": {}\n}',
      ['a', 'b', 'c'],
      1,
      '{\n\t"a": {\n\t\t"b": {\n\t\t\t"c": 1\n\t\t}\n\t}\n}',
    ],
    ['where a word stands for an object', '{"a": "word"}', ['a', 'b'], 1, '{"a": {\n  "b": 1\n}}'],
    ['in a list', '{"a": [{"b": 1}, {}]}', ['a', 0, 'b'], 2, '{"a": [{"b": 2}, {}]}'],
  ])('%s', (_name, before, path, value, after) => {
    expect(setJsonc(before, [...path], value)).toBe(after);
    expect(parse(after, [], { allowTrailingComma: true })).toBeDefined();
    expect(setJsonc(after, [...path], value)).toBe(after);
  });
});

describe('an entry is added to a list', () => {
  test.each<[string, string, unknown, string]>([
    ['that is empty', '{"a": []}', 1, '{"a": [\n  1\n]}'],
    ['with others on its line', '{"a": [1, 2]}', 3, '{"a": [1, 2, 3]}'],
    [
      'with others below each other',
      '{\n  "a": [\n    1, // one\n  ]\n}',
      2,
      '{\n  "a": [\n    1, // one\n    2,\n  ]\n}',
    ],
    ['that is none', '{"a": 1}', 2, '{"a": [\n  2\n]}'],
    ['that is not there', '{"b": 1}', 2, '{"b": 1, "a": [2]}'],
    ['with Windows line ends', '{\r\n\t"a": [\r\n\t]\r\n}', {}, '{\r\n\t"a": [\r\n\t\t{}\r\n\t]\r\n}'],
  ])('%s', (_name, before, value, after) => {
    expect(pushJsonc(before, ['a'], value)).toBe(after);
  });
});

test.each([
  ['{"a": 1 "b": 2}', 'x.json:1:9: this is no JSON with comments'],
  ['[]', 'x.json: expected an object'],
  ['', 'x.json:1:1: '],
])('%j is refused', (text, said) => {
  expect(() => readJsonc(text, 'x.json')).toThrow(said);
});
