import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RunnerEvent } from '../../src/session/events.ts';
import { type Redraw, redraw } from '../../src/session/redraw.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function pair(asked: boolean): { readonly filter: Redraw; shown(): string } {
  const out: string[] = [];
  const filter = redraw(asked, {
    data: (chunk) => out.push(chunk.toString()),
    event: (event) => out.push(`<${event.event}>`),
  });
  return { filter, shown: () => out.join('') };
}

const event = (name: string, fields: Record<string, unknown> = {}): RunnerEvent => ({
  event: name,
  src: 'app',
  seq: 1,
  t: 1,
  ...fields,
});
const begin = (stop: number | null): RunnerEvent => event('redraw', { part: 'begin', stop });
const end = (stop: number | null): RunnerEvent => event('redraw', { part: 'end', stop });

test('a session that didn’t ask passes all, but what is printed again for another', () => {
  const { filter, shown } = pair(false);
  filter.data(Buffer.from('a'));
  filter.event(event('stop', { stop: 1 }));
  filter.event(begin(1));
  filter.data(Buffer.from('again'));
  filter.event(end(1));
  filter.data(Buffer.from('b'));
  expect(shown()).toBe('a<stop>b');
});

test('one that asked shows the stop once: what came before the answer is in the answer', () => {
  const { filter, shown } = pair(true);
  filter.data(Buffer.from('half'));
  expect(shown()).toBe('');
  filter.event(begin(3));
  filter.data(Buffer.from('all of it'));
  filter.event(end(3));
  filter.data(Buffer.from(' more'));
  expect(shown()).toBe('all of it<redraw> more');
});

test('a stop that was seen from its beginning is not shown a second time', () => {
  const { filter, shown } = pair(true);
  filter.event(event('stop', { stop: 4 }));
  filter.data(Buffer.from('> here'));
  filter.event(begin(4));
  filter.data(Buffer.from('> here'));
  filter.event(end(4));
  filter.data(Buffer.from('!'));
  expect(shown()).toBe('<stop>> here!');
});

test('no prompt: what was printed meanwhile is shown', () => {
  const { filter, shown } = pair(true);
  filter.data(Buffer.from('log line'));
  filter.event(event('redraw', { part: 'end' }));
  filter.data(Buffer.from(' next'));
  expect(shown()).toBe('log line<redraw> next');
});

test('no answer: everything is shown after a while, or at the end', () => {
  const late = pair(true);
  late.filter.data(Buffer.from('x'));
  vi.advanceTimersByTime(2_000);
  expect(late.shown()).toBe('x');
  const over = pair(true);
  over.filter.data(Buffer.from('y'));
  over.filter.close();
  expect(over.shown()).toBe('y');
});

test('an answer that comes late is shown, and the next one is another session’s', () => {
  const { filter, shown } = pair(true);
  vi.advanceTimersByTime(2_000);
  filter.event(begin(3));
  filter.data(Buffer.from('all of it'));
  filter.event(end(3));
  filter.event(begin(3));
  filter.data(Buffer.from('all of it'));
  filter.event(end(3));
  expect(shown()).toBe('all of it<redraw>');
});

test('nor is a stop shown twice for a late answer', () => {
  const { filter, shown } = pair(true);
  vi.advanceTimersByTime(2_000);
  filter.event(event('stop', { stop: 4 }));
  filter.data(Buffer.from('> here'));
  filter.event(begin(4));
  filter.data(Buffer.from('> here'));
  filter.event(end(4));
  expect(shown()).toBe('<stop>> here');
});
