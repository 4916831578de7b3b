import type { Noted } from './request.ts';

/** The commands of a stop, with what is to be said above each. */
export interface StopStep extends Noted {
  readonly commands: readonly Noted[];
}

export type RecordedStep = Noted | StopStep;

/** The steps of a recording, as they grow. */
export interface Script {
  add(step: RecordedStep): void;
  /** Says something above the next step. */
  note(...texts: readonly string[]): void;
  /** A request is among the steps. */
  sent(): boolean;
  /** All steps; what no step came behind is said above the last. */
  finished(): readonly RecordedStep[];
}

/** An empty one. */
export function createScript(): Script {
  const steps: RecordedStep[] = [];
  let notes: readonly string[] = [];
  return {
    add(step) {
      steps.push({ ...step, notes: [...notes, ...step.notes] });
      notes = [];
    },
    note(...texts) {
      notes = [...notes, ...texts];
    },
    sent: () => steps.some(({ value }) => typeof value === 'object' && value !== null && 'request' in value),
    finished() {
      const last = steps.at(-1);
      if (last === undefined || notes.length === 0) return steps;
      const behind = notes.map((text) => `Behind this: ${text}`);
      return [...steps.slice(0, -1), { ...last, notes: [...last.notes, ...behind] }];
    },
  };
}
