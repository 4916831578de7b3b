import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { eventFilter } from '../session/events.ts';

/** Lines of the engine's log to ask for at first, beyond those wanted: of a server that has ended the last is an event. */
const MORE = 4;
/** No log of a container has more: the engine keeps a few megabytes of it. */
const MOST = 2 ** 24;
/** The time that the engine puts before a line. */
const STAMP = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z `;
const STRAY = new RegExp(`^(?:${STAMP})+(?=${STAMP}|$(?![\\s\\S]))`, 'gm');

/** What is to be asked of the engine, and how many of the first lines in its answer are too many. */
export interface Window {
  readonly tail: number | undefined;
  readonly skip: number;
}

/**
 * How to get the last `wanted` lines, of a log in which some hold nothing but events. `read` gives the engine's last
 * lines, as many as it is asked for.
 */
export async function windowFor(
  wanted: number | undefined,
  nonce: string,
  read: (tail: number) => Promise<Readable>,
): Promise<Window> {
  if (wanted === undefined || wanted === 0) return { tail: wanted, skip: 0 };
  for (let tail = wanted + MORE, before = -1; ; tail *= 2) {
    const all = await text((await read(tail)).setEncoding('latin1'));
    const found = countLines(withoutEvents(all, nonce));
    // Twice as many are no more: that is the whole log.
    if (found >= wanted || all.length === before || tail > MOST) return { tail, skip: Math.max(0, found - wanted) };
    before = all.length;
  }
}

/** Passes on what follows the first `count` lines. */
export function skipLines(count: number, write: (text: string) => void): (text: string) => void {
  let left = count;
  return (chunk) => {
    let start = 0;
    for (; left > 0; left -= 1) {
      const end = chunk.indexOf('\n', start);
      if (end < 0) return;
      start = end + 1;
    }
    if (start < chunk.length) write(chunk.slice(start));
  };
}

/** Passes on whole lines, without the times of those that held nothing but events. `end` gives out the last one. */
export function stampedLines(write: (text: string) => void): { push(text: string): void; end(): void } {
  let held = '';
  const give = (text: string): void => {
    const kept = text.replaceAll(STRAY, '');
    if (kept !== '') write(kept);
  };
  return {
    push(text) {
      held += text;
      const end = held.lastIndexOf('\n') + 1;
      const whole = held.slice(0, end);
      held = held.slice(end);
      give(whole);
    },
    end: () => give(held),
  };
}

function countLines(printed: string): number {
  const ends = printed.split('\n').length - 1;
  return printed === '' || printed.endsWith('\n') ? ends : ends + 1;
}

function withoutEvents(all: string, nonce: string): string {
  const parts: string[] = [];
  const filter = eventFilter(nonce, {
    data: (chunk) => void parts.push(chunk.toString('latin1')),
    event: () => undefined,
  });
  filter.push(Buffer.from(all, 'latin1'));
  filter.end();
  return parts.join('');
}
