import { execFileSync } from 'node:child_process';
import { spawn } from '@lydell/node-pty';
import { createScreen, type Screen } from './screen.ts';

/** How a program on a pseudo-terminal ended, and the terminal's modes (`stty -g`) before and after it. */
export interface Ended {
  /** Above 128: ended by that signal. */
  readonly code: number;
  readonly modesBefore: string;
  readonly modesAfter: string;
}

export interface Terminal {
  readonly screen: Screen;
  /** The program's process, for signals. */
  readonly pid: number;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /**
   * Resolves with the match once the screen shows `pattern` after what the last call has found. Rejects with the screen
   * when the program ends or the limit passes.
   */
  until(pattern: RegExp, limit?: number): Promise<RegExpExecArray>;
  /** Resolves once the screen, as it stands, matches `pattern`: for a full-screen program. */
  shows(pattern: RegExp, limit?: number): Promise<void>;
  /** What the screen shows after what the last `until` has found. */
  unread(): string;
  /** The terminal's modes now, as `stty -a` prints them. */
  modes(): string;
  readonly ended: Promise<Ended>;
  /** Closes the window: the kernel sends SIGHUP. */
  close(): void;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export const key = {
  enter: '\r',
  tab: '\t',
  up: '\x1b[A',
  left: '\x1b[D',
  ctrlC: '\x03',
  ctrlD: '\x04',
  ctrlP: '\x10',
  ctrlQ: '\x11',
  detach: '\x10\x11',
} as const;

/** Characters above which the screen is not searched at every chunk, but as nothing came for so long, or after so long. */
const FLOOD = 200_000;
const FLOOD_MS = 100;
const FLOOD_LONGEST_MS = 2_000;
/** What has not come by then doesn’t come: nothing is said of speed. */
const LIMIT_MS = 30_000;
/** The shell's word to this helper, in the stream itself: so it has one order with the program's output. */
const OSC = 7118;
const SHELL = `
trap : INT
say() { printf '\\033]${OSC};%s\\007' "$1"; }
before=$(stty -g)
sh -c 'printf "\\033]${OSC};pid %s\\007" $$; exec "$@"' sh "$@"
code=$?
say "end $code $before $(stty -g)"`;

/** Starts `command` on a new pseudo-terminal; resolves when it runs. Whoever opened it closes it. */
export async function openTerminal(command: readonly string[], options: TerminalOptions): Promise<Terminal> {
  const { cwd, env = {}, columns = 80, rows = 24 } = options;
  const screen = createScreen(columns, rows);
  const pty = spawn('/bin/sh', ['-c', SHELL, 'sh', ...command], {
    cols: columns,
    rows,
    cwd,
    name: env.TERM ?? 'xterm-256color',
    env: { ...(process.env as Record<string, string>), CI: '', NO_COLOR: '1', ...env },
  });
  // Not in the typings: the path of the program's end.
  const { ptsName } = pty as unknown as { readonly ptsName: string };
  let read = 0;
  let over: Ended | 'closed' | undefined;
  let onEnded: (ended: Ended) => void = () => undefined;
  const ended = new Promise<Ended>((resolve) => {
    onEnded = resolve;
  });
  let unparsed = 0;
  let total = 0;
  let later: NodeJS.Timeout | undefined;
  const watchers = new Set<() => void>();
  let lookedAt = 0;
  const look = (): void => {
    lookedAt = Date.now();
    for (const watcher of [...watchers]) watcher();
  };
  // The whole text is searched each time: under a flood not before it pauses.
  const lookSoon = (): void => {
    clearTimeout(later);
    later = setTimeout(look, Date.now() - lookedAt < FLOOD_LONGEST_MS ? FLOOD_MS : 0);
  };

  let onPid: (pid: number) => void = () => undefined;
  const started = new Promise<number>((resolve) => {
    onPid = resolve;
  });
  screen.onOsc(OSC, (text) => {
    const [word, number, modesBefore = '', modesAfter = ''] = text.split(' ');
    if (word === 'pid') onPid(Number(number));
    else {
      over = { code: Number(number), modesBefore, modesAfter };
      onEnded(over);
    }
  });
  pty.onData((chunk) => {
    unparsed += 1;
    void screen.write(chunk).then(() => {
      unparsed -= 1;
      total += chunk.length;
      if (unparsed > 0) return;
      if (total < FLOOD) look();
      else lookSoon();
    });
  });
  pty.onExit(() => {
    // What it said last may not be parsed yet: how it ended, too.
    void screen.write('').then(() => {
      over ??= 'closed';
      look();
    });
  });

  let open = true;
  function close(): void {
    if (!open) return;
    open = false;
    (pty as unknown as { destroy(): void }).destroy();
  }

  const unread = (): string => screen.text().slice(read);

  /** The first match of `pattern` in what `text` gives, looked at whenever the program has printed. */
  function seen(pattern: RegExp, text: () => string, limit: number): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => stop(`not seen within ${limit} ms`), limit);
      function check(): void {
        const found = pattern.exec(text());
        if (found !== null) {
          finish();
          resolve(found);
        } else if (over !== undefined) stop(`the program ended (${JSON.stringify(over)})`);
      }
      function finish(): void {
        clearTimeout(timer);
        watchers.delete(check);
      }
      function stop(why: string): void {
        finish();
        const full = screen.isFull() ? `\n--- in full:\n${screen.rows().join('\n')}` : '';
        reject(new Error(`${pattern}: ${why}; unread:\n${unread()}\n--- the whole screen:\n${screen.text()}${full}`));
      }
      watchers.add(check);
      check();
    });
  }

  return {
    screen,
    pid: await started,
    type: (keys) => pty.write(keys),
    resize(width, height) {
      screen.resize(width, height);
      pty.resize(width, height);
    },
    unread,
    async until(pattern, limit = LIMIT_MS) {
      const found = await seen(pattern, unread, limit);
      read += found.index + found[0].length;
      return found;
    },
    async shows(pattern, limit = LIMIT_MS) {
      await seen(pattern, () => screen.rows().join('\n'), limit);
    },
    modes: () => execFileSync('stty', ['-a', '-F', ptsName], { encoding: 'utf8' }),
    ended,
    close,
  };
}
