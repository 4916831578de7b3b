import xterm from '@xterm/headless';

/** What a terminal shows: the bytes of a program, interpreted. */
export interface Screen {
  /** Resolves once the bytes have taken effect. */
  write(chunk: string): Promise<void>;
  resize(columns: number, rows: number): void;
  /** All lines down to the cursor's, those scrolled away too; a line that wrapped is one line. No full screen's. */
  text(): string;
  /** The lines as they stand on the screen, each wrapped part for itself. */
  rows(): readonly string[];
  /** A full-screen program shows. */
  isFull(): boolean;
  /** Everything the program printed, unread. */
  raw(): string;
  /** Calls `listener` for each `ESC ] number ; text BEL`. */
  onOsc(number: number, listener: (text: string) => void): void;
}

const SCROLLBACK = 150_000;

export function createScreen(columns: number, rows: number): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  const pieces: string[] = [];
  // What has scrolled away changes only when the terminal is resized: a flood is not read again at every chunk.
  let gone = { rows: 0, text: '' };

  function read(from: number, to: number): string {
    const { normal } = terminal.buffer;
    let text = '';
    for (let at = from; at < to; at += 1) {
      const line = normal.getLine(at);
      const continues = normal.getLine(at + 1)?.isWrapped ?? false;
      if (at > 0 && !line?.isWrapped) text += '\n';
      text += line?.translateToString(!continues) ?? '';
    }
    return text;
  }

  /** The cursor's line without the spaces behind the cursor, which programs may print there to clear it. */
  function current(at: number, cursor: number): string {
    const line = terminal.buffer.normal.getLine(at);
    const begin = at > 0 && !line?.isWrapped ? '\n' : '';
    return `${begin}${line?.translateToString(false, 0, cursor) ?? ''}${line?.translateToString(true, cursor).trimEnd() ?? ''}`;
  }

  return {
    write(chunk) {
      pieces.push(chunk);
      return new Promise((resolve) => terminal.write(chunk, resolve));
    },
    resize(width, height) {
      terminal.resize(width, height);
      gone = { rows: 0, text: '' };
    },
    text() {
      const { baseY, cursorX, cursorY } = terminal.buffer.normal;
      gone = { rows: baseY, text: gone.text + read(gone.rows, baseY) };
      return gone.text + read(baseY, baseY + cursorY) + current(baseY + cursorY, cursorX);
    },
    rows() {
      const { active } = terminal.buffer;
      return Array.from(
        { length: terminal.rows },
        (_, at) => active.getLine(active.baseY + at)?.translateToString(true) ?? '',
      );
    },
    isFull: () => terminal.buffer.active.type === 'alternate',
    raw: () => pieces.join(''),
    onOsc(number, listener) {
      terminal.parser.registerOscHandler(number, (text) => {
        listener(text);
        return true;
      });
    },
  };
}
