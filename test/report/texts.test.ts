import { expect, test } from 'vitest';
import { cast } from '../../src/report/cast.ts';
import { fitted, tail } from '../../src/report/played.ts';
import { slugs } from '../../src/report/slugs.ts';
import { transcript } from '../../src/report/transcript.ts';
import { duration, tally, title } from '../../src/report/words.ts';
import { addresses, failed, nastyRecording, passed, recording, skipped } from './samples.ts';

test('transcript.txt: what a person saw, without escape sequences, made equal by the rules', () => {
  expect(transcript(recording, [addresses])).toBe(
    `Apache/2.4.68 with mod_wsgi 4.9.4, Python 3.11
Ready at http://127.0.0.1:8000/
> /app/shop/views.py(42)cart_total()
-> total = sum(item.price for item in items)
(Pdb) p len(items)
2
(Pdb) p items
[<Item at 0x…>, <Item at 0x…>]
(Pdb) continue
> /app/shop/coupons.py(17)discounted()
-> breakpoint()
(Pdb)${' '}
`,
  );
});

test('rules hold one after the other, everywhere, with groups, at the ends of lines', () => {
  const output = [{ at: 0, text: 'id=17 id=18\r\nend 5\r\n' }];
  const rules = [
    { pattern: 'id=(\\d)\\d', with: 'id=$1…', why: '' },
    { pattern: '^end …$|(?<=^end )\\d$', with: 'N', why: '' },
    { pattern: 'end N', with: 'over', why: '' },
  ];
  expect(transcript({ output }, rules)).toBe('id=1… id=1…\nover\n');
});

test('nothing shown, nothing written', () => {
  expect(transcript({ output: [] }, [])).toBe('');
});

test('control characters that no terminal shows are left out', () => {
  expect(transcript(nastyRecording, [])).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
});

test('session.cast is asciicast v2: a header, then events in the order of their times, stops as markers', () => {
  const [header, ...events] = cast(recording, failed)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(header).toEqual({
    version: 2,
    width: 100,
    height: 30,
    timestamp: 1773480413,
    title: 'a coupon is taken off once',
    env: { TERM: 'xterm-256color' },
  });
  for (const event of events)
    expect(event).toEqual([expect.any(Number), expect.stringMatching(/^[om]$/), expect.any(String)]);
  expect(events.map(([at]) => at)).toEqual(events.map(([at]) => at).toSorted((a, b) => a - b));
  expect(events.filter(([, code]) => code === 'm')).toEqual([
    [0.42, 'm', 'Stop 1: shop/views.py:42'],
    [0.9, 'm', 'Stop 2: shop/coupons.py:17'],
  ]);
  expect(events.filter(([, code]) => code === 'o').map(([, , text]) => text)).toEqual(
    recording.output.map(({ text }) => text),
  );
});

test('the end of a long recording begins at its own start', () => {
  const end = tail(recording, 130);
  expect(end.output.map(({ text }) => text)).toEqual(recording.output.slice(-3).map(({ text }) => text));
  expect(end.output[0]?.at).toBe(0);
  expect(end.stops).toEqual([{ at: 0.9 - 0.521, number: 2 }]);
  expect(tail(recording, 100_000)).toBe(recording);
});

test('a screen that is wider than its lines is played on a smaller one, unless a program drew on it', () => {
  const wide = { ...recording, columns: 200, rows: 50 };
  expect(fitted(wide)).toEqual({ ...wide, columns: 80, rows: 16 });
  const long = { at: 1, text: `${'é'.repeat(100)}${'漢'.repeat(10)}\r\n${'x\r\n'.repeat(40)}` };
  expect(fitted({ ...wide, output: [...wide.output, long] })).toMatchObject({ columns: 128, rows: 32 });
  expect(fitted({ ...recording, columns: 60, rows: 10 })).toMatchObject({ columns: 60, rows: 10 });
  const drawn = { ...wide, output: [...wide.output, { at: 1, text: '\x1b[2J\x1b[10;150Hmenu' }] };
  expect(fitted(drawn)).toBe(drawn);
});

test.each([
  [[{ name: 'two items add up' }], ['two-items-add-up']],
  [
    [{ name: 'a' }, { name: 'a-2' }, { name: 'A!' }, { name: 'a' }],
    ['a', 'a-2', 'a-3', 'a-4'],
  ],
  [[{ name: '../../etc/passwd' }], ['etc-passwd']],
  [[{ name: 'Crème brûlée' }], ['creme-brulee']],
  [
    [{ name: '日本語' }, { name: '' }],
    ['scenario', 'scenario-2'],
  ],
  [[{ name: 'x', python: '3.13' }], ['x-py3-13']],
  [[{ name: `${'y'.repeat(79)} z` }], ['y'.repeat(79)]],
])('the directories of %j are %j', (scenarios, directories) => {
  expect(slugs(scenarios)).toEqual(directories);
});

test('words', () => {
  expect(title(passed)).toBe('two items add up [item=3, coupon=SPRING]');
  expect(title({ name: 'a\nb', python: '3.13' })).toBe('a b (Python 3.13)');
  expect(tally([passed, passed, failed, skipped])).toBe('1 failed, 2 passed, 1 skipped');
  expect(tally([])).toBe('0 passed');
  expect([0.4, 999, 1134.5, 61_000, 3_599_999].map(duration)).toEqual([
    '0 ms',
    '999 ms',
    '1.1 s',
    '1 min 1 s',
    '59 min 59 s',
  ]);
});
