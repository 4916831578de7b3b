import xterm from '@xterm/headless';

/** What a terminal shows: the bytes of a program, interpreted. */
export interface Screen {
  /** Resolves once the bytes have taken effect. */
  write(chunk: string): Promise<void>;
  resize(columns: number, rows: number): void;
  /** All lines, those scrolled away too; a line that wrapped is one line, empty ones at the end are left out. */
  text(): string;
  /** The lines as they stand on the screen, each wrapped part for itself. */
  rows(): readonly string[];
  /** Everything the program printed, unread. */
  raw(): string;
  /** Calls `listener` for each `ESC ] number ; text BEL`. */
  onOsc(number: number, listener: (text: string) => void): void;
}

const SCROLLBACK = 100_000;

export function createScreen(columns: number, rows: number): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  const pieces: string[] = [];

  function lines(): { readonly text: string; readonly wrapped: boolean }[] {
    const { active } = terminal.buffer;
    return Array.from({ length: active.length }, (_, at) => {
      const line = active.getLine(at);
      const continues = active.getLine(at + 1)?.isWrapped ?? false;
      return { text: line?.translateToString(!continues) ?? '', wrapped: line?.isWrapped ?? false };
    });
  }

  return {
    write(chunk) {
      pieces.push(chunk);
      return new Promise((resolve) => terminal.write(chunk, resolve));
    },
    resize: (width, height) => terminal.resize(width, height),
    text() {
      let all = '';
      for (const { text, wrapped } of lines()) all += wrapped || all === '' ? text : `\n${text}`;
      return all.replace(/\n+$/, '');
    },
    rows: () =>
      lines()
        .slice(-terminal.rows)
        .map(({ text }) => text.trimEnd()),
    raw: () => pieces.join(''),
    onOsc(number, listener) {
      terminal.parser.registerOscHandler(number, (text) => {
        listener(text);
        return true;
      });
    },
  };
}
