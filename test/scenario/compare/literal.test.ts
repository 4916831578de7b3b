import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { parseLiteral } from '../../../src/scenario/compare/literal.ts';

it.each([
  ['None', null],
  [' True\n', true],
  ['-1.5e+10', -1.5e10],
  ['[]', []],
  ['()', []],
  ['(1,)', [1]],
  ['(1)', 1],
  ['[1, 2, ]', [1, 2]],
  ['{}', {}],
  ["{'a': {'b': [1, ('x', None)]}}", { a: { b: [1, ['x', null]] } }],
  ['{1: 2, None: 3, True: 4, 1.5: 5}', { '1': 2, null: 3, true: 4, '1.5': 5 }],
  [`'it\\'s "so"\\n\\t\\\\\\x41\\u00e9\\U0001F600'`, 'it\'s "so"\n\t\\Aé😀'],
  ["('long '\n 'text')", 'long text'],
  ["{'__proto__': 1}", JSON.parse('{"__proto__": 1}')],
])('%s', (text, value) => {
  expect(parseLiteral(text)).toEqual({ value });
});

it.each([
  '',
  '{',
  '[1',
  '[1 2]',
  "{'a'}",
  '{1, 2}',
  "b'x'",
  '1j',
  '1_000',
  'nan',
  'Truely',
  'datetime.date(2024, 1, 1)',
  '<object>',
  "'a",
  "'a\nb'",
  "'\\q'",
  "'\\U00110000'",
  '{[1]: 2}',
  '1 2',
  'x',
  '[1]]',
  ',',
  '(,)',
  '[,]',
  'None()',
  '-',
  '0x10',
  '['.repeat(1000),
])('does not read %.40j', (text) => {
  expect(parseLiteral(text)).toEqual({
    fault: expect.stringMatching(/^(neither JSON nor a literal|nested too deeply)/),
  });
});

it('reads what Python itself prints', () => {
  const script = `
import json, pprint
values = [{'a': [1, 2.5, -3, None, True, 'é\\u2028\\x00"\\''], 'b': ('x' * 200 + ' ') * 3, 'c': {'d': ()}}, [list(range(60))], 1e100, 'a\\nb']
print(json.dumps([[value, repr(value), pprint.pformat(value)] for value in values]))
`;
  const { stdout } = spawnSync('python3', ['-c', script], { encoding: 'utf8' });
  const cases: readonly [unknown, string, string][] = JSON.parse(stdout);
  expect(cases).toHaveLength(4);
  for (const [value, repr, pretty] of cases) {
    expect(parseLiteral(repr)).toEqual({ value });
    expect(parseLiteral(pretty)).toEqual({ value });
  }
});
