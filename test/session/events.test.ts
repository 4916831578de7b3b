import { expect, test } from 'vitest';
import { eventFilter, type RunnerEvent } from '../../src/session/events.ts';

const NONCE = '0123456789abcdef01234567';
const encode = (value: unknown, nonce = NONCE): string =>
  `\x1b]7117;${nonce};${Buffer.from(JSON.stringify(value)).toString('base64url')}\x07`;
const ready = { event: 'ready', src: 'server', seq: 1, t: 1.5, url: 'http://ä/' };

/** The filter's output in order: text joined between events. */
function filtered(chunks: readonly Buffer[]): readonly (string | RunnerEvent)[] {
  const out: (Buffer | RunnerEvent)[] = [];
  const filter = eventFilter(NONCE, { data: (chunk) => out.push(chunk), event: (event) => out.push(event) });
  for (const chunk of chunks) filter.push(chunk);
  filter.end();
  const joined: (Buffer | RunnerEvent)[] = [];
  for (const item of out) {
    const last = joined.at(-1);
    if (Buffer.isBuffer(item) && Buffer.isBuffer(last)) joined[joined.length - 1] = Buffer.concat([last, item]);
    else joined.push(item);
  }
  return joined.map((item) => (Buffer.isBuffer(item) ? item.toString('latin1') : item));
}

test('events are taken out in their order, at every split in two', () => {
  const text = `a\x1b[1m${encode(ready)}b\x1b${encode({ ...ready, seq: 2 })}${encode({ ...ready, seq: 3 })}\x1b]`;
  const bytes = Buffer.from(text, 'latin1');
  const whole = ['a\x1b[1m', ready, 'b\x1b', { ...ready, seq: 2 }, { ...ready, seq: 3 }, '\x1b]'];
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(filtered([bytes.subarray(0, at), bytes.subarray(at)]), `split at ${at}`).toEqual(whole);
  }
  expect(filtered([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
});

test.each([
  ['another nonce', encode(ready, 'x'.repeat(24))],
  ['no nonce', '\x1b]7117;\x07'],
  ['no base64', `\x1b]7117;${NONCE};{}\x07`],
  ['no JSON', `\x1b]7117;${NONCE};${Buffer.from('{').toString('base64url')}\x07`],
  ['no object', encode(7)],
  ['null', encode(null)],
  ['no event in it', encode({ seq: 1 })],
  ['an event that is no text', encode({ event: 1 })],
  ['empty', `\x1b]7117;${NONCE};\x07`],
  ['never ended', `\x1b]7117;${NONCE};abc`],
  ['too long', encode({ event: 'x', text: 'y'.repeat(600) })],
  ['never ended and too long', `\x1b]7117;${NONCE};${'a'.repeat(2000)}`],
  ['cut short by the end', `\x1b]7117;${NONCE.slice(0, 9)}`],
  ['another sequence', '\x1b]0;title\x07\x1b[31m'],
])('%s passes unchanged, and what follows is still seen', (_title, forged) => {
  const bytes = Buffer.from(`before${forged}`, 'latin1');
  for (let at = 0; at <= bytes.length; at += 1) {
    expect(filtered([bytes.subarray(0, at), bytes.subarray(at)]).join(''), `split at ${at}`).toBe(`before${forged}`);
  }
  if (!forged.includes('\x07')) return;
  expect(filtered([bytes, Buffer.from(encode(ready), 'latin1')])).toEqual([`before${forged}`, ready]);
});

test('an event inside what looked like one is found', () => {
  expect(filtered([Buffer.from(`\x1b]7117;${NONCE};${encode(ready)}`, 'latin1')])).toEqual([
    `\x1b]7117;${NONCE};`,
    ready,
  ]);
});

test('a byte that can’t begin an event is not held back', () => {
  const shown: string[] = [];
  const filter = eventFilter(NONCE, { data: (chunk) => shown.push(chunk.toString()), event: () => undefined });
  filter.push(Buffer.from('(Pdb) '));
  filter.push(Buffer.from('\x1b[A'));
  expect(shown).toEqual(['(Pdb) ', '\x1b[A']);
});
