import type { EventSink, RunnerEvent } from './events.ts';

/** How long a terminal that was attached waits for the runner's answer, in milliseconds. */
const ANSWER_MS = 2000;

export interface Redraw extends EventSink {
  /** Shows what was held back; the session ends. */
  close(): void;
}

/**
 * Stands between the event filter and a driver, so that a terminal that comes back shows a stop once: what the runner
 * prints again for it is shown, what it had printed meanwhile is not, and what it prints again for others never is.
 *
 * `asked`: this session asked for a redraw. Until the answer comes, all is held back.
 */
export function redraw(asked: boolean, sink: EventSink): Redraw {
  let held: (Buffer | RunnerEvent)[] | undefined = asked ? [] : undefined;
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
    const answers = held !== undefined;
    if (event.part === 'begin') {
      // A stop that this session saw from its beginning needs no second showing.
      const sawIt =
        held?.some((item) => !Buffer.isBuffer(item) && item.event === 'stop' && item.stop === event.stop) ?? true;
      const atPrompt = typeof event.stop === 'number';
      if (answers && atPrompt && !sawIt) held = [];
      flush();
      skipping = sawIt || !answers;
      return;
    }
    if (answers) flush();
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
      if (event.event === 'redraw') onRedraw(event);
      else if (held !== undefined) held.push(event);
      else sink.event(event);
    },
    close: flush,
  };
}
