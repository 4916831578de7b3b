import type { Readable, Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { leaving } from './drivers.ts';
import type { Driver, Link } from './session.ts';
import { onSignals } from './signals.ts';

export interface PipedOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Lines go to the debugger's prompt; without, stdin isn't read and only a signal ends the session. */
  readonly lines: boolean;
  onReady(): void;
}

/** Wide enough that readline never wraps a piped line. */
const SIZE = { columns: 500, rows: 50 };

/**
 * No terminal: one line of stdin for each prompt, and plain output. Where the input ends, the stopped request goes on,
 * and the session ends with its response.
 */
export function piped({ stdin, stdout, lines, onReady }: PipedOptions): Driver {
  const { left, leave } = leaving();
  const plain = plainText();
  const queue: string[] = [];
  let link: Link | undefined;
  let partial = '';
  let ended = false;
  let waiting = false;
  let answered = false;
  const ignoreSignals = onSignals(leave);

  const read = (chunk: Buffer | string): void => {
    const parts = (partial + chunk.toString()).split('\n');
    partial = parts.pop() ?? '';
    queue.push(...parts);
    answer();
  };
  const end = (): void => {
    if (partial !== '') queue.push(partial);
    partial = '';
    ended = true;
    answer();
  };

  /** Types the next line, if one is there and wanted. */
  function answer(): void {
    if (!waiting) return;
    const line = queue.shift() ?? (ended ? 'continue' : undefined);
    if (line === undefined) return;
    waiting = false;
    answered = true;
    link?.send(`${line}\n`);
  }

  const gone = (): void => leave('detached');

  return {
    left,
    open(opened) {
      link = opened;
      stdout.on('error', gone);
    },
    data(chunk) {
      const text = plain(chunk);
      if (text !== '' && !stdout.write(text) && link !== undefined) stdout.once('drain', link.hold());
    },
    started() {
      link?.resize(SIZE);
      // Not before: a start that is tried again has another driver.
      if (lines) stdin.on('data', read).on('end', end).on('error', end);
    },
    ready: onReady,
    event(event) {
      if (!lines) return;
      if (event.event === 'prompt' || (event.event === 'redraw' && event.waiting === true)) {
        waiting = true;
        answer();
      }
      const over = event.event === 'response' || (event.event === 'resume' && event.request === null);
      if (over && ended && answered && queue.length === 0) leave('finished');
    },
    close() {
      ignoreSignals();
      stdin.off('data', read).off('end', end).off('error', end);
      stdin.pause?.();
    },
  };
}

/** ESC and what may follow before a sequence's last byte, or a carriage return, at the end. */
const UNFINISHED = /(?:\u001b(?:\][^\u0007\u001b]{0,400}\u001b?|[^a-zA-Z\u0007\]]{0,200})|\r)$/;

/** Turns a terminal's bytes into lines for a file: no escape sequences, no carriage returns, whole characters. */
export function plainText(): (chunk: Buffer) => string {
  const decoder = new TextDecoder();
  let held = '';
  return (chunk) => {
    const text = held + decoder.decode(chunk, { stream: true });
    // A sequence or a line end may be split over two chunks.
    const cut = UNFINISHED.exec(text)?.index ?? text.length;
    held = text.slice(cut);
    return stripVTControlCharacters(text.slice(0, cut))
      .replaceAll('\r\n', '\n')
      .replaceAll('\r', '')
      .replaceAll('\x07', '');
  };
}
