/** Follows what a program switches on in the terminal that shows it, so that a session may leave in the midst of it. */
export interface Modes {
  see(chunk: Buffer): void;
  /** What brings the terminal back to how a shell has it; empty where nothing is to be done. */
  undo(): string;
}

const ESC = 0x1b;
/** DEC private modes, set or reset: `ESC [ ? 1049 ; … h` or `… l`. */
const SEQUENCE = /\u001b\[\?([\d;]{1,40})([hl])/g;
/** What may be the beginning of one at the end of a chunk. */
const UNFINISHED = /\u001b(?:\[(?:\?[\d;]{0,40})?)?$/;
/** Modes that are on in a shell: the lines wrap, the cursor is seen. */
const USUALLY_ON: ReadonlySet<string> = new Set(['7', '25']);
/** The alternate screen, left last: what else was switched belongs to it. */
const SCREENS: ReadonlySet<string> = new Set(['47', '1047', '1049']);
/** A cursor that blinks or not, and a frame shown at once: no state that a shell would mind. */
const HARMLESS: ReadonlySet<string> = new Set(['12', '2026']);

/** None has been switched yet. */
export function terminalModes(): Modes {
  /** Modes that differ from a shell's. */
  const changed = new Set<string>();
  let held = '';

  function take(modes: string, on: boolean): void {
    for (const mode of modes.split(';')) {
      if (mode === '' || HARMLESS.has(mode)) continue;
      if (on === USUALLY_ON.has(mode)) changed.delete(mode);
      else changed.add(mode);
    }
  }

  return {
    see(chunk) {
      // Most output has no escape sequence at all, and under a flood there is no time to look closer.
      if (held === '' && !chunk.includes(ESC)) return;
      const text = held + chunk.toString('latin1');
      for (const [, modes = '', end] of text.matchAll(SEQUENCE)) take(modes, end === 'h');
      held = UNFINISHED.exec(text)?.[0] ?? '';
    },
    undo() {
      const order = [...changed].sort((a, b) => Number(SCREENS.has(a)) - Number(SCREENS.has(b)));
      const sequences = order.map((mode) => `\u001b[?${mode}${USUALLY_ON.has(mode) ? 'h' : 'l'}`);
      changed.clear();
      return sequences.length === 0 ? '' : `\u001b[0m${sequences.join('')}`;
    },
  };
}
