const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `act` with a signal that Ctrl-C and the like abort, instead of ending this process; a second one ends it. */
export async function interruptible<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const release = (): void => SIGNALS.forEach((name) => void process.off(name, abort));
  const abort = (): void => {
    release();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, abort);
  try {
    return await act(controller.signal);
  } finally {
    release();
  }
}
