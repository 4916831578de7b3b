import { expect, it } from 'vitest';
import { difference, disappointed, lastLines } from '../../../src/scenario/compare/difference.ts';

const lines = (...all: readonly unknown[]) => all.join('\n');
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

it.each([
  ['one line says it all', 'a', lines(1, 2), undefined],
  ['a changed line', lines(1, 2, 3), lines(1, 'x', 3), lines('  1', '- 2', '+ x', '  3')],
  ['a missing line', lines(1, 2, 3), lines(1, 3), lines('  1', '- 2', '  3')],
  ['a line too many', lines(1, 3), lines(1, 2, 3), lines('  1', '+ 2', '  3')],
  ['a line moved', lines('a', 'b', 'c'), lines('b', 'c', 'a'), lines('- a', '  b', '  c', '+ a')],
  [
    'far apart',
    lines(...numbers(1, 20)),
    lines('x', ...numbers(2, 19), 'y'),
    lines('- 1', '+ x', '  2', '  3', '  …', '  18', '  19', '- 20', '+ y'),
  ],
])('%s', (_, expected, actual, shown) => {
  expect(difference(expected, actual)).toBe(shown);
});

it('is cut where everything differs, and never takes long', () => {
  const [one, other] = [lines(...numbers(1, 50_000)), lines(...numbers(60_000, 110_000))];
  const shown = difference(one, other)?.split('\n') ?? [];
  expect(shown).toHaveLength(41);
  expect(shown.at(-1)).toBe('  … and 99961 more lines');
});

it('a failed comparison says what was expected, what came, and where those differ', () => {
  const check = { what: 'pp items', passed: false, expected: '[1,\n 2,\n 3]\n', actual: '[1,\n 3]\n\n' };
  expect(disappointed(check).split('\n')).toEqual([
    'pp items',
    '  expected: [1,',
    '             2,',
    '             3]',
    '  actual:   [1,',
    '             3]',
    '  difference: (- expected, + actual)',
    '      [1,',
    '    -  2,',
    '       3]',
  ]);
});

it('one line needs no more, and many are cut', () => {
  expect(disappointed({ what: 'p x', passed: false, expected: '1', actual: '2\n' })).toBe(
    'p x\n  expected: 1\n  actual:   2',
  );
  const actual = lines(...numbers(1, 1000));
  expect(disappointed({ what: 'the body', passed: false, expected: 'x', actual })).toContain('… and 960 more lines');
});

it.each([
  ['', ''],
  ['\n\n', ''],
  ['one\ntwo\n', '  printed:\n    one\n    two'],
  ['\x1b[31mred\x1b[0m\r\nplain', '  printed:\n    red\n    plain'],
  [
    Array.from({ length: 20 }, (_, at) => at + 1).join('\n'),
    `  printed:\n    … 5 lines before\n${Array.from({ length: 15 }, (_, at) => `    ${at + 6}`).join('\n')}`,
  ],
])('%j as the last lines of a command', (output, expected) => expect(lastLines(output)).toBe(expected));
