import type { Ending } from './session.ts';

/** How each signal ends a session. A closed window leaves the server running; SIGTERM takes it down with `up`. */
const ENDINGS: Readonly<Record<string, Ending>> = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'detached' };

/** Routes this process's signals to `leave` until the returned function is called. */
export function onSignals(leave: (ending: Ending) => void): () => void {
  const handlers = Object.entries(ENDINGS).map(([signal, ending]) => [signal, () => leave(ending)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}
