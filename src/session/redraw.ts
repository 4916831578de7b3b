import type { EventSink, RunnerEvent } from './events.ts';

/** How long a terminal that was attached shows nothing while it waits for the runner's answer, in milliseconds. */
const ANSWER_MS = 2000;

export interface Redraw extends EventSink {
  /** Shows what was held back; the session ends. */
  close(): void;
}

/**
 * Stands between the event filter and a driver, so that a terminal that comes back shows a stop once: what the runner
 * prints again for it is shown, what it had printed meanwhile is not, and what it prints again for others never is.
 *
 * `asked`: this session asked for a redraw. Until the answer comes, all is held back, but not for ever: a busy machine's
 * late answer is shown all the same.
 */
export function redraw(asked: boolean, sink: EventSink): Redraw {
  let held: (Buffer | RunnerEvent)[] | undefined = asked ? [] : undefined;
  let owed = asked;
  let seen: unknown;
  let skipping = false;
  const timer = asked ? setTimeout(flush, ANSWER_MS) : undefined;

  function flush(): void {
    clearTimeout(timer);
    const pending = held ?? [];
    held = undefined;
    for (const item of pending) {
      if (Buffer.isBuffer(item)) sink.data(item);
      else sink.event(item);
    }
  }

  function onRedraw(event: RunnerEvent): void {
    const answers = owed;
    owed = false;
    if (event.part === 'begin') {
      // A stop that this session saw from its beginning needs no second showing.
      const sawIt = !answers || seen === event.stop;
      if (held !== undefined && typeof event.stop === 'number' && !sawIt) held = [];
      flush();
      skipping = sawIt;
      return;
    }
    if (held !== undefined) flush();
    if (!skipping) sink.event(event);
    skipping = false;
  }

  return {
    data(chunk) {
      if (skipping) return;
      if (held !== undefined) held.push(chunk);
      else sink.data(chunk);
    },
    event(event) {
      if (event.event === 'stop') seen = event.stop;
      if (event.event === 'redraw') onRedraw(event);
      else if (held !== undefined) held.push(event);
      else sink.event(event);
    },
    close: flush,
  };
}
