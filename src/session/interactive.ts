import type { ReadStream, WriteStream } from 'node:tty';
import { leaving } from './drivers.ts';
import { detachKeys, HOLD_MS } from './keys.ts';
import { terminalModes } from './modes.ts';
import type { Notice } from './notice.ts';
import type { Driver, Link } from './session.ts';
import { onSignals } from './signals.ts';
import type { Terminal } from './terminal.ts';

export interface InteractiveOptions {
  readonly terminal: Terminal;
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly detach: Buffer;
  /** Tells of stops; undefined: nothing does. */
  readonly notice: Notice | undefined;
  /** Called once the server answers. */
  onReady(): void;
}

/** A person at a terminal: every key goes to the program, every byte comes back, the size follows. */
export function interactive({ terminal, stdin, stdout, detach, notice, onReady }: InteractiveOptions): Driver {
  const { left, leave } = leaving();
  const keys = detachKeys(detach);
  const modes = terminalModes();
  let link: Link | undefined;
  let holdTimer: NodeJS.Timeout | undefined;
  const ignoreSignals = onSignals(leave);

  const typed = (chunk: Buffer): void => {
    clearTimeout(holdTimer);
    const { pass, detached } = keys.feed(chunk);
    if (pass.length > 0) link?.send(pass);
    if (detached) leave('detached');
    // A Ctrl-P that no Ctrl-Q follows was readline's.
    else if (keys.holding) holdTimer = setTimeout(() => link?.send(keys.release()), HOLD_MS);
  };
  const gone = (): void => leave('detached');
  const tell = (text: string | undefined): void => {
    if (text) stdout.write(text);
  };

  return {
    left,
    open(opened) {
      link = opened;
      terminal.raw();
      stdin.on('data', typed);
      // The window was closed: the server stays.
      stdin.on('end', gone).on('error', gone);
      stdout.on('error', gone);
      stdin.resume();
      terminal.onResize((size) => opened.resize(size));
    },
    data(chunk) {
      modes.see(chunk);
      if (!stdout.write(chunk) && link !== undefined) stdout.once('drain', link.hold());
    },
    started: () => link?.resize(terminal.size),
    ready: onReady,
    event: (event) => tell(notice?.event(event)),
    close() {
      clearTimeout(holdTimer);
      ignoreSignals();
      stdin.off('data', typed).off('end', gone).off('error', gone);
      stdout.write(modes.undo());
      tell(notice?.end());
      terminal.restore();
    },
  };
}
