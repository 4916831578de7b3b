import type { Driver, Ending } from './session.ts';
import { onSignals } from './signals.ts';

/** A promise that a driver resolves when it leaves; the first reason stands. */
export function leaving(): { readonly left: Promise<Ending>; leave(ending: Ending): void } {
  let leave: (ending: Ending) => void = () => undefined;
  const left = new Promise<Ending>((resolve) => {
    leave = resolve;
  });
  return { left, leave };
}

/**
 * Waits for `ready` and leaves; `output` collects what was printed meanwhile, for the case that it fails. `onHook` is called
 * once a hook has ended.
 */
export function untilReady(output: (chunk: Buffer) => void, onHook: () => void = () => undefined): Driver {
  const { left, leave } = leaving();
  const ignoreSignals = onSignals(leave);
  return {
    left,
    open: () => undefined,
    data: output,
    started: () => undefined,
    ready: () => leave('ready'),
    event(event) {
      // A breakpoint while the application loads: nobody is at the prompt, and `attach` goes to it.
      if (event.event === 'stop') leave('detached');
      if (event.event === 'hook' && event.code !== undefined) onHook();
    },
    close: ignoreSignals,
  };
}
