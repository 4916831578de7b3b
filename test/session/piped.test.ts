import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunnerEvent } from '../../src/session/events.ts';
import { piped, plainText } from '../../src/session/piped.ts';
import type { Driver } from '../../src/session/session.ts';

test.each([
  ['a\r\nb\r\n', 'a\nb\n'],
  ['\x1b[?2004h(Pdb) \x1b[1mx\x1b[0m', '(Pdb) x'],
  ['née €\r\n', 'née €\n'],
  ['\x07bell\r', 'bell'],
  ['\x1b]0;title\x07after', 'after'],
])('%j is plainly %j, at every split', (raw, plain) => {
  const bytes = Buffer.from(raw);
  for (let at = 0; at <= bytes.length; at += 1) {
    const convert = plainText();
    expect(convert(bytes.subarray(0, at)) + convert(bytes.subarray(at)), `split at ${at}`).toBe(plain);
  }
});

interface Played {
  readonly driver: Driver;
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  readonly sent: string[];
  event(name: string, fields?: Record<string, unknown>): void;
}

function play(lines = true): Played {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const sent: string[] = [];
  const driver = piped({ stdin, stdout, lines, onReady: () => undefined });
  driver.open({ send: (bytes) => sent.push(bytes.toString()), resize: () => undefined, hold: () => () => undefined });
  driver.started();
  const event = (name: string, fields: Record<string, unknown> = {}): void =>
    driver.event({ event: name, src: 'app', seq: 1, t: 1, ...fields } as RunnerEvent);
  return { driver, stdin, stdout, sent, event };
}

test('one line for each prompt, whichever comes first', async () => {
  const { driver, stdin, sent, event } = play();
  stdin.write('n\np na');
  await turn();
  expect(sent).toEqual([]);
  event('prompt');
  expect(sent).toEqual(['n\n']);
  event('prompt');
  stdin.write('me\n');
  await turn();
  expect(sent).toEqual(['n\n', 'p name\n']);
  driver.close();
});

test('after the input’s end the request goes on, and the response is the end', async () => {
  const { driver, stdin, sent, event } = play();
  stdin.end('p 1');
  await turn();
  event('response');
  event('prompt');
  event('prompt');
  expect(sent).toEqual(['p 1\n', 'continue\n']);
  event('resume', { request: 1 });
  event('response');
  expect(await driver.left).toBe('finished');
  driver.close();
});

test('a prompt that is there already is seen by the redraw', async () => {
  const { driver, stdin, sent, event } = play();
  stdin.end('c\n');
  await turn();
  event('redraw', { part: 'end', waiting: true });
  expect(sent).toEqual(['c\n']);
  driver.close();
});

test('without lines stdin is left alone', async () => {
  const { driver, stdin, stdout, sent, event } = play(false);
  stdin.write('c\n');
  event('prompt');
  driver.data(Buffer.from('log\r\n'));
  expect(sent).toEqual([]);
  expect(stdin.readableLength).toBe(2);
  driver.close();
  stdout.end();
  expect(await text(stdout)).toBe('log\n');
});

test('signals are given back when it closes', () => {
  const before = process.listenerCount('SIGTERM');
  const { driver } = play();
  expect(process.listenerCount('SIGTERM')).toBe(before + 1);
  driver.close();
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
