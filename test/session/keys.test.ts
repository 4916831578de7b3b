import { expect, test } from 'vitest';
import { Fault } from '../../src/errors.ts';
import { detachKeys, parseDetachKeys, shownKeys } from '../../src/session/keys.ts';

test.each([
  ['ctrl-p,ctrl-q', [0x10, 0x11]],
  ['ctrl-a,d', [0x01, 0x64]],
  ['CTRL-P', [0x10]],
  ['ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_', [0, 27, 28, 29, 30, 31]],
  ['a', [0x61]],
  ['', []],
])('%j is %j', (text, bytes) => expect([...parseDetachKeys(text)]).toEqual(bytes));

test.each([
  ['ctrl-p,ctrl-q', 'Ctrl-P Ctrl-Q'],
  ['ctrl-a,d', 'Ctrl-A d'],
  ['ctrl-\\', 'Ctrl-\\'],
  ['', ''],
])('%j is shown as %j', (text, shown) => expect(shownKeys(parseDetachKeys(text))).toBe(shown));

test.each(['ctrl-', 'ctrl-1', 'ab', 'a,', 'é', 'ctrl-p ctrl-q'])('%j is no sequence of keys', (text) => {
  expect(() => parseDetachKeys(text)).toThrow(Fault);
});

const SEQUENCE = Buffer.from('pq');

/** Feeds each piece; what passed is upper case where it was held back until the end. */
function typed(
  pieces: readonly string[],
  sequence = SEQUENCE,
): { readonly passed: string; readonly detached: boolean } {
  const keys = detachKeys(sequence);
  let passed = '';
  for (const piece of pieces) {
    const { pass, detached } = keys.feed(Buffer.from(piece));
    passed += pass.toString();
    if (detached) return { passed, detached };
  }
  return { passed: passed + (keys.holding ? keys.release().toString().toUpperCase() : ''), detached: false };
}

test.each([
  [['abc'], 'abc', false],
  [['pq'], '', true],
  [['p', 'q'], '', true],
  [['abpq', 'cd'], 'ab', true],
  [['p'], 'P', false],
  [['p', 'x'], 'px', false],
  [['ppq'], 'p', true],
  [['p', 'p', 'p'], 'ppP', false],
  [['qp'], 'qP', false],
  [['px', 'q'], 'pxq', false],
])('typed %j', (pieces, passed, detached) => expect(typed(pieces)).toEqual({ passed, detached }));

test('no sequence: everything passes', () => {
  expect(typed(['p', 'q', '\x10\x11'], Buffer.alloc(0))).toEqual({ passed: 'pq\x10\x11', detached: false });
});

test('one key alone detaches', () => {
  expect(typed(['ab', 'p'], Buffer.from('p'))).toEqual({ passed: 'ab', detached: true });
});

test('a sequence that begins like itself is found after a false start', () => {
  expect(typed(['aab'], Buffer.from('ab'))).toEqual({ passed: 'a', detached: true });
  expect(typed(['aaab'], Buffer.from('aab'))).toEqual({ passed: 'a', detached: true });
});
