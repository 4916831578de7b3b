import { lineFault } from '../texts.ts';
import { loosen } from './loosen.ts';
import type { Mask } from './mask.ts';
import type { Noted } from './request.ts';
import type { StopStep } from './script.ts';
import { maskedAssignments } from './secrets.ts';

/** A stop before anything was typed there. */
export interface Stop {
  readonly head: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
  /** Outputs are compared: not where Ctrl-C came, which is another place each time. */
  readonly compares: boolean;
}

/** A line whose outcome is awaited. */
interface Pending {
  readonly line: string;
  output: string;
  /** It let the program go on. */
  resumed: boolean;
}

/** What is said at the debugger's prompts, of one stop after the other. */
export interface Talk {
  /** What follows is said at this stop. */
  begin(stop: Stop): void;
  prompted(text: string): void;
  typed(line: string): void;
  printed(text: string): void;
  resumed(): void;
  /** The line that was typed last has let the program go on, from a stop that is known: another step of it is no stop. */
  steps(): boolean;
  /** The stop with its commands; undefined where none has begun. `leaves`: the session ended at its prompt. */
  end(leaves?: boolean): StopStep | undefined;
}

/** Nothing has been said; `now`: the session's time in milliseconds. */
export function createTalk(mask: Mask, now: number): Talk {
  let stop: Stop | undefined;
  let commands: Noted[] = [];
  let pending: Pending | undefined;
  let prompt = '';
  /** `interact` has a prompt of its own, which only Ctrl-D leaves. */
  let interacting = false;
  /** What is to be said above the next command. */
  let notes: string[] = [];

  function takeNotes(): readonly string[] {
    const taken = notes;
    notes = [];
    return taken;
  }

  /** Takes the pending line into its stop; `output` undefined: there is nothing to compare. */
  function settle(output?: string): void {
    const taken = pending;
    pending = undefined;
    if (taken === undefined || stop === undefined) return;
    const left = leftOut(taken, mask);
    if (left !== undefined) notes.push(left);
    else commands.push(commandOf(taken, stop.compares ? output : undefined));
  }

  function commandOf({ line }: Pending, output: string | undefined): Noted {
    const run = maskedLine(line, mask);
    const said = run === line ? [] : ['Masked: a part of the line.'];
    if (output === undefined || output.trim() === '') return { value: run, notes: [...takeNotes(), ...said] };
    const { expect, why } = loosen(output, mask, now, line);
    const loosened = why.length === 0 ? [] : [`Loosened: ${why.join(', ')}.`];
    return { value: { run, expect }, notes: [...takeNotes(), ...said, ...loosened] };
  }

  return {
    begin(begun) {
      stop = begun;
      commands = [];
    },
    prompted(text) {
      prompt = text;
      if (pending === undefined) return;
      const { output } = pending;
      settle(text !== '' && output.endsWith(text) ? output.slice(0, -text.length) : output);
    },
    typed(line) {
      settle();
      if (interacting && prompt.startsWith('(')) interacting = false;
      if (!interacting && line.trim() === 'interact') {
        interacting = true;
        notes.push("`interact` and what was typed there is left out: a scenario types at the debugger's prompt.");
      }
      if (!interacting) pending = { line: line === 'EOF' ? 'q' : line, output: '', resumed: false };
    },
    printed(text) {
      if (pending !== undefined) pending.output += text;
    },
    resumed() {
      if (pending !== undefined) pending.resumed = true;
    },
    steps: () => stop !== undefined && pending?.resumed === true,
    end(leaves = false) {
      settle();
      if (stop === undefined) return undefined;
      if (leaves) commands.push({ value: 'q', notes: [...takeNotes(), 'The session ended here.'] });
      const ended = { value: stop.head, notes: [...stop.notes, ...takeNotes()], commands };
      stop = undefined;
      return ended;
    },
  };
}

/** Why a scenario can't type a line; undefined: it can. */
function leftOut({ line, output }: Pending, mask: Mask): string | undefined {
  if (/^\S*KeyboardInterrupt/m.test(output)) return `\`${mask.text(line)}\` is left out: Ctrl-C ended it.`;
  if (lineFault(line) === undefined) return undefined;
  return "A line is left out: it holds characters that a scenario can't type.";
}

/** A line may assign to what is named like a secret. */
function maskedLine(line: string, mask: Mask): string {
  return mask.text(maskedAssignments(line));
}
