import { describe, expect, it } from 'vitest';
import { compare, pick } from '../../../src/scenario/compare/expect.ts';
import type { Condition, Save } from '../../../src/scenario/scenario.ts';

const text = (value: string): Condition => ({ kind: 'text', text: value });
const exact = (value: string): Condition => ({ kind: 'exact', text: value });
const contains = (value: string): Condition => ({ kind: 'contains', text: value });
const match = (pattern: string): Condition => ({ kind: 'match', pattern });
const json = (value: unknown, python = true): Condition => ({ kind: 'json', value, python });
const not = (...expectation: readonly Condition[]): Condition => ({ kind: 'not', expectation });

const holding: readonly (readonly [readonly Condition[], string])[] = [
  [[text('a')], ' \na\r\n\n'],
  [[text('a\n  b\n')], 'a\r\n  b'],
  [[text('')], '\r\n'],
  [[exact(' a')], ' a\r\n'],
  [[exact('a\n')], 'a'],
  [[exact('')], ''],
  [[contains('b\nc')], 'ab\r\ncd'],
  [[contains('b\n')], 'ab'],
  [[contains('a'), contains('c')], 'abc'],
  [[match('^b$')], 'a\r\nb\r\nc'],
  [[match('a.c')], 'abc'],
  [[match('\\p{L}')], 'é'],
  [[json({ a: 1, b: [true, null] })], '{"b": [true, null], "a": 1.0}'],
  [[json({ a: 1, b: [true, null] })], "{'a': 1, 'b': (True, None)}\r\n"],
  [[json(0)], '-0'],
  [[json('x')], "'x'"],
  [[json('x')], '"x"'],
  [[not(text('a'))], 'b'],
  [[not(not(text('a')))], 'a'],
  [[not(contains('a'), contains('b'))], 'a'],
  [[not(json(1))], 'no JSON at all'],
];

const failing: readonly (readonly [readonly Condition[], string])[] = [
  [[text('a')], 'a b'],
  [[text('a\nb')], 'a\n b'],
  [[exact('a')], ' a'],
  [[exact('a')], 'a\n\n'],
  [[contains('a'), contains('d')], 'abc'],
  [[contains('A')], 'a'],
  [[match('a.c')], 'a\nc'],
  [[match('(')], '('],
  [[not(match('('))], 'x'],
  [[not(not(match('(')))], 'x'],
  [[json([1, 2])], '[2, 1]'],
  [[json({ a: 1 })], '{"a": 1, "b": 2}'],
  [[json('1')], '1'],
  [[json(null)], ''],
  [[json({ a: 1 }, false)], "{'a': 1}"],
  [[json([])], '['.repeat(100_000) + ']'.repeat(100_000)],
  [[not(contains('a'))], 'a'],
];

it.each(holding)('%j holds of %j', (expectation, actual) => {
  expect(compare(expectation, actual).passed).toBe(true);
});

it.each(failing)('%j fails of %.60j', (expectation, actual) => {
  expect(compare(expectation, actual).passed).toBe(false);
});

it.each([
  [[text('a\r\nb')], 'a\nb'],
  [[exact(' a\n')], 'exactly " a"'],
  [[contains('a'), match('b+')], 'contains "a"\nand matches /b+/'],
  [[match('(')], 'matches /(/ (not a regular expression: unterminated group)'],
  [[json({ a: 1 })], '{"a":1} as JSON (what came is neither JSON nor a literal of Python: at "<object>")'],
  [[json({ a: 1 }, false)], expect.stringMatching(/^\{"a":1\} as JSON \(what came is not JSON: /)],
  [[not(contains('object'))], 'not: contains "object"'],
])('says what was expected: %j', (expectation, expected) => {
  expect(compare(expectation, '<object>\r\n')).toEqual({ passed: false, expected, actual: '<object>\n' });
});

describe('save', () => {
  const save = (from: Save['from']): Save => ({ name: 'id', from });
  const at = (path: string, python = true) => save({ kind: 'json', path, python });
  const headers = { 'x-id': 'h' };

  it.each([
    ['the whole', save({ kind: 'whole' }), ' 5\r\n', '5'],
    ['a part', at('a.1.b'), '{"a": [0, {"b": 7}]}', 7],
    ['a part of what Python prints', at('a.1'), "{'a': (0, None)}", null],
    ['all of the JSON', at(''), '[1]', [1]],
    ['a group', save({ kind: 'match', pattern: 'id=(\\d+)' }), 'x id=42', '42'],
    ['a match without a group', save({ kind: 'match', pattern: '\\d+' }), 'x id=42', '42'],
    ['a header', save({ kind: 'header', header: 'X-ID' }), '', 'h'],
  ])('%s', (_, one, from, value) => {
    expect(pick(one, { text: from, headers })).toEqual({ value });
  });

  it.each([
    [at('a.2'), '{"a": [0]}', 'there is no 2 in a, which is "[0]"'],
    [at('a.b'), '[1]', 'there is no a in "[1]"'],
    [at('length'), '"text"', 'there is no length in "\\"text\\""'],
    [at('toString'), '{}', 'there is no toString in "{}"'],
    [at('a', false), "{'a': 1}", expect.stringMatching(/^id can't be saved: "\{'a': 1\}" is not JSON: /)],
    [save({ kind: 'match', pattern: 'z' }), 'x', 'nothing matches /z/ in "x"'],
    [save({ kind: 'header', header: 'X-No' }), '', 'there is no header X-No'],
  ])('%j', (one, from, fault) => {
    const expected = typeof fault === 'string' ? `id can't be saved: ${fault}` : fault;
    expect(pick(one, { text: from, headers })).toEqual({ fault: expected });
  });
});
