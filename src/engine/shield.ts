const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Lets `act` come to its end, a second or so, before a signal ends this process: it leaves nothing on the engine. A
 * second signal ends the process at once.
 */
export async function shielded<T>(act: () => Promise<T>): Promise<T> {
  let caught: NodeJS.Signals | undefined;
  const release = (): void => SIGNALS.forEach((signal) => void process.off(signal, hold));
  const hold = (signal: NodeJS.Signals): void => {
    caught = signal;
    release();
  };
  for (const signal of SIGNALS) process.on(signal, hold);
  try {
    return await act();
  } finally {
    release();
    if (caught !== undefined) process.kill(process.pid, caught);
  }
}
