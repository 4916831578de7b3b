import { ExitCode, Fault } from '../errors.ts';

/** What is to be done with typed bytes once the detach sequence was looked for in them. */
export interface Typed {
  /** Bytes for the program. */
  readonly pass: Buffer;
  readonly detached: boolean;
}

export interface DetachKeys {
  feed(chunk: Buffer): Typed;
  /** Gives out keys held back as a possible beginning: after HOLD_MS without another key they were meant as they are. */
  release(): Buffer;
  readonly holding: boolean;
}

/** How long a lone first key (Ctrl-P) is held back, in milliseconds: docker's own figure. */
export const HOLD_MS = 400;

/** Parses docker's notation, "ctrl-p,ctrl-q" or single characters by commas; "" switches detaching off. */
export function parseDetachKeys(text: string): Buffer {
  if (text === '') return Buffer.alloc(0);
  return Buffer.from(text.split(',').map(code));
}

function code(key: string): number {
  const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(key)?.[1];
  if (control !== undefined) return control.toUpperCase().charCodeAt(0) & 0x1f;
  if (/^[\x20-\x7e]$/.test(key)) return key.charCodeAt(0);
  throw new Fault(`--detach-keys: \`${key}\` is no key`, {
    code: ExitCode.usage,
    hint: 'Name characters or ctrl-<letter>, separated by commas: ctrl-p,ctrl-q',
  });
}

/** Looks for `sequence` in typed bytes, over any split; whatever turns out not to be it is passed on unchanged. */
export function detachKeys(sequence: Buffer): DetachKeys {
  let held: readonly number[] = [];
  return {
    get holding() {
      return held.length > 0;
    },
    release() {
      const released = Buffer.from(held);
      held = [];
      return released;
    },
    feed(chunk) {
      const pass: number[] = [];
      for (const byte of chunk) {
        held = [...held, byte];
        // What is held is always a beginning of the sequence, the longest there is.
        while (held.some((key, at) => key !== sequence[at])) {
          pass.push(...held.slice(0, 1));
          held = held.slice(1);
        }
        if (held.length > 0 && held.length === sequence.length) {
          held = [];
          return { pass: Buffer.from(pass), detached: true };
        }
      }
      return { pass: Buffer.from(pass), detached: false };
    },
  };
}

/** The keys for a person to read: "Ctrl-P Ctrl-Q"; "" where there are none. */
export function shownKeys(sequence: Buffer): string {
  return [...sequence]
    .map((byte) => (byte < 0x20 ? `Ctrl-${String.fromCharCode(byte | 0x40)}` : String.fromCharCode(byte)))
    .join(' ');
}
