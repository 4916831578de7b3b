import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { skipLines, stampedLines, windowFor } from '../../src/commands/log-lines.ts';

const event = `\x1b]7117;n;${Buffer.from('{"event":"x"}').toString('base64url')}\x07`;
const stamp = (second: number) => `2026-01-01T00:00:0${second}.000000000Z `;

/** The last lines of a log, as an engine gives them; what it was asked for is written down. */
const engine = (log: readonly string[], asked: number[] = []) => {
  return async (tail: number) => {
    asked.push(tail);
    return Readable.from([Buffer.from(log.slice(-tail).join(''))]);
  };
};

test.each([
  ['fewer than there are', 1, ['a\r\n', 'b\r\n', event], 1, ['b']],
  ['as many', 2, ['a\r\n', 'b\r\n', event], 0, ['a', 'b']],
  ['more', 9, ['a\r\n', event], 0, ['a']],
  ['an event before text is in a line with it', 1, ['a\r\n', `${event}b\r\n`], 1, ['b']],
  ['text without an end is a line', 1, ['a\r\n', 'b'], 1, ['b']],
  ['many events', 2, ['a\r\n', 'b\r\n', 'c\r\n', ...Array<string>(20).fill(event)], 1, ['b', 'c']],
  ['nothing at all', 3, [], 0, []],
])('the last lines: %s', async (_name, wanted, log, skip, expected) => {
  const found = await windowFor(wanted, 'n', engine(log));
  expect(found.skip).toBe(skip);
  const printed: string[] = [];
  const print = skipLines(found.skip, (text) => printed.push(text));
  for (const line of log.slice(-(found.tail ?? 0))) print(line.replaceAll(event, '').replace('\r', ''));
  expect(printed.join('').split('\n').filter(Boolean)).toEqual(expected);
});

test.each([undefined, 0])('of %s lines none is read beforehand', async (wanted) => {
  const asked: number[] = [];
  expect(await windowFor(wanted, 'n', engine(['a\n'], asked))).toEqual({ tail: wanted, skip: 0 });
  expect(asked).toEqual([]);
});

test('lines are skipped wherever chunks end', () => {
  for (const chunks of [['a\nb\nc\n'], ['a', '\nb\n', 'c\n'], ['a\n', 'b', '\nc', '\n']]) {
    const printed: string[] = [];
    chunks.forEach(skipLines(2, (text) => printed.push(text)));
    expect(printed.join('')).toBe('c\n');
  }
});

test('the time of a line that held nothing but events is left out', () => {
  const printed: string[] = [];
  const lines = stampedLines((text) => printed.push(text));
  for (const text of [stamp(1), 'a\n', stamp(2), `${stamp(3)}2026-01-01T00:00:00Z b\n${stamp(4)}\n`, stamp(5)]) {
    lines.push(text);
  }
  lines.end();
  expect(printed.join('')).toBe(`${stamp(1)}a\n${stamp(3)}2026-01-01T00:00:00Z b\n${stamp(4)}\n`);
});
