import { spawn } from '@lydell/node-pty';

/** A program on a pseudo-terminal, its bytes as they come. */
export interface Pty {
  readonly pid: number;
  write(text: string): void;
  /** Resolves with the bytes' count once what came since this call matches; `pattern` is tried on the last 4 KB. */
  until(pattern: RegExp, limitMs?: number): Promise<number>;
  close(): void;
}

const TAIL = 4096;

export function openPty(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Pty {
  const [file = '', ...args] = command;
  const pty = spawn(file, args, {
    cwd,
    env: { ...env, TERM: 'xterm' },
    cols: 120,
    rows: 30,
    // Bytes, not text: decoding would cost as much as the programs that are measured.
    encoding: null,
  });
  let received = (_chunk: Buffer): void => undefined;
  let over = (_why: Error): void => undefined;
  pty.onData((chunk) => received(chunk as unknown as Buffer));
  pty.onExit(({ exitCode }) => over(new Error(`${command.join(' ')} ended with code ${exitCode}`)));
  return {
    pid: pty.pid,
    write: (text) => pty.write(text),
    until(pattern, limitMs = 20_000) {
      return new Promise((resolve, reject) => {
        let count = 0;
        let tail = '';
        const finish = (): void => {
          clearTimeout(timer);
          received = () => undefined;
          over = () => undefined;
        };
        const fail = (why: Error): void => {
          finish();
          reject(why);
        };
        const timer = setTimeout(
          () =>
            fail(new Error(`${command.join(' ')}: no ${pattern} within ${limitMs} ms, but ${JSON.stringify(tail)}`)),
          limitMs,
        );
        received = (chunk) => {
          count += chunk.length;
          tail = (tail + chunk.subarray(-TAIL).toString('latin1')).slice(-TAIL);
          if (!pattern.test(tail)) return;
          finish();
          resolve(count);
        };
        over = fail;
      });
    },
    close: () => pty.kill('SIGKILL'),
  };
}
