import { describe, expect, it } from 'vitest';
import type { Run } from '../../../src/scenario/scenario.ts';
import { expand, parseFilter, select } from '../../../src/scenario/suite/expand.ts';
import { scenarioOf } from '../file/parsed.ts';

const least = 'steps: [{request: GET /}]';
const expanded = (text: string) => expand(scenarioOf(`${text}\n${least}`));

it('is one run without rows', () => {
  expect(expanded('name: a\nvars: {x: 1}')).toMatchObject([{ name: 'a', each: undefined, vars: { x: 1 } }]);
});

it('is a run for each row, its values over vars', () => {
  expect(expanded('name: a\nvars: {x: 1, y: 2}\neach: [{x: 3}, {x: [4]}]')).toMatchObject([
    { name: 'a [x=3]', each: { x: 3 }, vars: { x: 3, y: 2 } },
    { name: 'a [x=[4]]', each: { x: [4] }, vars: { x: [4], y: 2 } },
  ]);
});

it.each([
  ['the row behind it', 'a', '[{x: 1, y: b c}]', ['a [x=1, y=b c]']],
  ['the row in it', 'a of §{x}', '[{x: 1}, {x: 2}]', ['a of 1', 'a of 2']],
  ['variables in it, and the row behind', '§{v}', '[{x: 1}, {x: 2}]', ['V [x=1]', 'V [x=2]']],
  ['rows that look alike', 'a', '[{x: 1}, {x: "1"}, {x: 1}]', ['a [x=1]', 'a [x=1] #2', 'a [x=1] #3']],
  ['long and broken values', 'a', `[{x: "${'long '.repeat(20)}\\n"}]`, [`a [x=${'long '.repeat(8)}…]`]],
])('a name has %s', (_, name, rows, names) => {
  const text = `name: "${name.replace('§', '$')}"\nvars: {v: V}\neach: ${rows}`;
  expect(expanded(text).map((run) => run.name)).toEqual(names);
});

const run = (name: string, rest: Partial<Run> = {}): Run => ({ ...expanded('name: x')[0], name, ...rest }) as Run;
const runs = [run('cart adds up', { tags: ['slow'] }), run('Cart is empty'), run('tag:slow is a name')];

describe('--filter', () => {
  it.each([
    ['cart', ['cart adds up']],
    ['a', ['cart adds up', 'Cart is empty', 'tag:slow is a name']],
    ['tag:slow', ['cart adds up']],
    ['tag:sl', []],
    ['/^cart/', ['cart adds up']],
    ['/^cart/i', ['cart adds up', 'Cart is empty']],
    ['/up', []],
    ['/p$|y$/', ['cart adds up', 'Cart is empty']],
  ])('%s', (text, names) => {
    const filter = parseFilter(text);
    expect('value' in filter && runs.filter(filter.value).map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ['', 'expected a part of a name, /REGEX/ or tag:WORD'],
    ['tag:', 'expected a tag behind tag:'],
    ['/(/', 'not a regular expression: unterminated group'],
  ])('refuses %j', (text, fault) => {
    expect(parseFilter(text)).toEqual({ fault });
  });
});

describe('what is chosen', () => {
  const only = run('only', { only: true });
  const names = (all: readonly Run[], filter?: (one: Run) => boolean) => {
    const { runs: chosen, ...left } = select(all, filter);
    return { names: chosen.map(({ name }) => name), ...left };
  };

  it('is everything, skipped ones too', () => {
    const skipped = run('skipped', { skip: 'why' });
    expect(names([...runs.slice(0, 1), skipped])).toEqual({
      names: ['cart adds up', 'skipped'],
      filtered: 0,
      besidesOnly: 0,
    });
  });

  it('is what has only', () => {
    expect(names([...runs, only])).toEqual({ names: ['only'], filtered: 0, besidesOnly: 3 });
  });

  it('is what the filter wants, though another has only', () => {
    const filter = ({ name }: Run) => name.includes('cart');
    expect(names([...runs, only], filter)).toEqual({ names: ['cart adds up'], filtered: 3, besidesOnly: 0 });
  });
});
