import type { TerminalSize } from '../engine/engine.ts';

/** The person's terminal while a session holds it: its one owner. */
export interface Terminal {
  readonly size: TerminalSize;
  /** Keys go through unread and bytes come out unchanged. */
  raw(): void;
  /** As it was; may be called any number of times, on every way out. */
  restore(): void;
  /** A message of wsgi-dev's own on a line of its own, also in raw mode. */
  say(line: string): void;
  onResize(listener: (size: TerminalSize) => void): void;
}

/** The terminal of this process. */
export function processTerminal(
  stdin: NodeJS.ReadStream,
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
): Terminal {
  let isRaw = false;
  const resized: (() => void)[] = [];
  const size = (): TerminalSize => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  return {
    get size() {
      return size();
    },
    raw() {
      if (isRaw) return;
      isRaw = true;
      stdin.setRawMode(true);
      // Node leaves ONLCR on: a lone line feed of a full-screen program would move the cursor to column one.
      // libuv remembers the modes of before setRawMode, and restores these too.
      void switchOffOutputProcessing();
    },
    restore() {
      for (const listener of resized.splice(0)) stdout.off('resize', listener);
      if (!isRaw) return;
      isRaw = false;
      stdin.setRawMode(false);
      stdin.pause();
    },
    say(line) {
      stderr.write(isRaw ? `\r${line}\r\n` : `${line}\n`);
    },
    onResize(listener) {
      const notify = (): void => listener(size());
      resized.push(notify);
      stdout.on('resize', notify);
    },
  };
}

/** Loaded when it is needed: most commands never hold a terminal. */
async function switchOffOutputProcessing(): Promise<void> {
  const { spawn } = await import('node:child_process');
  // Where there is no stty, all but full-screen programs look right without it.
  spawn('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] }).on('error', () => undefined);
}
