import { leaving } from './drivers.ts';
import type { RunnerEvent } from './events.ts';
import type { Driver, Ending, Link } from './session.ts';

/** Wide enough that readline never wraps a line that is typed. */
export const SCRIPTED_SIZE = { columns: 200, rows: 50 };

/** What a program that drives a session is told, in the order in which it happened. */
export interface Listener {
  /** The terminal's bytes, as they came. */
  output(chunk: Buffer): void;
  event(event: RunnerEvent): void;
}

export interface Scripted {
  readonly driver: Driver;
  /** Types at the terminal. */
  send(text: string): void;
  /** Ends the session. */
  leave(ending: Ending): void;
}

/** A session that a program drives: it hears all, types when it wants to, and leaves when it is done. */
export function scripted(listener: Listener): Scripted {
  const { left, leave } = leaving();
  let link: Link | undefined;
  return {
    send: (text) => link?.send(text),
    leave,
    driver: {
      left,
      open(opened) {
        link = opened;
      },
      data: listener.output,
      started: () => link?.resize(SCRIPTED_SIZE),
      ready: () => undefined,
      event: listener.event,
      close: () => undefined,
    },
  };
}
