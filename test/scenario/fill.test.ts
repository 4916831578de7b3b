import { describe, expect, it } from 'vitest';
import { fill, usesIn } from '../../src/scenario/fill.ts';
import { unfit } from '../../src/scenario/perform/unfit.ts';
import { scenarioOf } from './file/parsed.ts';

const variables = { n: 3, text: 'a b', list: [1, 'x'], nothing: null, yes: true, cart: { id: 7 }, $: 'never' };
/** Written without the dollar, which would look like a template. */
const dollar = (text: string) => text.replaceAll('§', '$');

it.each([
  ['no variable', 'no variable'],
  ['§{n}', '3'],
  ['/cart/§{n}?q=§{text}', '/cart/3?q=a b'],
  ['§{list} §{nothing} §{yes} §{cart}', '[1,"x"] null true {"id":7}'],
  ['§§ §§{n} §§§{n}', '§ §{n} §3'],
  ['§5, §, §HOME and ^a§', '§5, §, §HOME and ^a§'],
  ['§{n}§{n}', '33'],
])('a text %j', (text, expected) => {
  expect(fill(dollar(text), variables)).toBe(dollar(expected));
});

it('keeps the type of a value in JSON where it stands alone', () => {
  const value = { a: '§{n}', b: ['§{list}', '§{cart}'], c: '§{n}!', d: '§§{n}', e: 5, f: '§{nothing}' };
  const body = { kind: 'json', value: JSON.parse(dollar(JSON.stringify(value))) };
  expect(fill(body, variables)).toEqual({
    kind: 'json',
    value: { a: 3, b: [[1, 'x'], { id: 7 }], c: '3!', d: dollar('§{n}'), e: 5, f: null },
  });
});

it('fills in every text of a step', () => {
  const text = dollar(`
vars: {n: 3, w: word}
steps:
  - request: {path: "/§{n}", headers: {A: "§{w}"}, form: {"§{w}": "§{n}"}}
  - stop: {at: "a.py:§{n}", commands: ["p §{w}", {run: p, expect: {json: {"§{w}": "§{n}"}, not: "§{w}"}}]}
  - response: {status: "§{n}", json: "§{n}"}
`);
  const filled = scenarioOf(text).steps.map((step) => fill(step, { n: 3, w: 'word' }));
  expect(filled).toMatchObject([
    { path: '/3', headers: { A: 'word' }, body: { fields: [{ name: 'word', value: '3' }] } },
    {
      at: 'a.py:3',
      commands: [
        { run: 'p word' },
        {
          expect: [
            { kind: 'json', value: { word: 3 } },
            { kind: 'not', expectation: [{ kind: 'text', text: 'word' }] },
          ],
        },
      ],
    },
    { status: '3', json: [{ kind: 'json', value: 3 }] },
  ]);
});

it('does not fill in what a value holds', () => {
  expect(fill(dollar('§{a}'), { a: dollar('§{b}'), b: 1 })).toBe(dollar('§{b}'));
});

it('takes a variable without a value for a defect: it is a fault of the file', () => {
  expect(() => fill({ a: dollar('§{toString} §{n}') }, variables)).toThrow(
    dollar('nothing to fill in for §{toString}'),
  );
});

describe('what a text uses', () => {
  it.each([
    ['§{a} §§{b} §{c}', ['a', 'c']],
    ['§{été} §{_1}', ['été', '_1']],
    ['§{a-b} §{} §{ a} §{1}', [undefined, undefined, undefined, undefined]],
    ['§{a', [undefined]],
    ['§{a §{b}', [undefined, 'b']],
  ])('%j', (text, expected) => {
    expect(usesIn(dollar(text)).map(({ name }) => name)).toEqual(expected);
  });
});

describe('what is of no use once it is filled in', () => {
  const filledIn = (text: string, x: unknown) => {
    const [step] = scenarioOf(`vars: {x: 1}\nsteps:\n  - request: GET /\n  - ${dollar(text)}`).steps.slice(1);
    if (step === undefined) throw new Error('no step');
    return unfit(fill(step.kind === 'stop' ? (step.commands[0] ?? step) : step, { x }));
  };

  it.each([
    ['request: "§{x} /"', 'get', '"get": methods are in capitals: GET'],
    ['request: "GET §{x}"', 'cart', '"cart": a path starts with "/"'],
    ['request: {path: /, headers: {A: "§{x}"}}', 'a\nb', '"a\\nb": a header is one line'],
    [
      'request: {path: /, cookies: {A: "§{x}"}}',
      'a;b',
      '"a;b": a cookie has no spaces and no ";"; write them %20 and %3B',
    ],
    ['stop: "§{x}"', 7, '"7": expected FILE:LINE or FILE, such as shop/views.py:42'],
    ['stop: {commands: ["p §{x}"]}', '1\nq', '"p 1\\nq": a command is one line; write each as an item of its own'],
    ['response: "§{x}"', 'OK', '"OK": expected a status such as 200, not "OK"'],
    ['run: "§{x}"', ' ', '" ": expected a command'],
  ])('%s', (text, x, fault) => {
    expect(filledIn(text, x)).toBe(fault);
  });

  it.each([
    ['request: "GET §{x}"', '/a b'],
    ['stop: "§{x}"', 'a.py:7'],
    ['stop: {commands: ["p §{x}"]}', 'x'],
    ['stop: {}', 0],
    ['response: "§{x}"', 200],
    ['run: "§{x}"', 'ls'],
    ['interrupt: true', 0],
  ])('%s is of use', (text, x) => {
    expect(filledIn(text, x)).toBeUndefined();
  });
});
