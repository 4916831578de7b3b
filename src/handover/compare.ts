import type { ScenarioResult, StopResult } from '../scenario/result/result.ts';

/** What of two runs is looked at. */
export interface Comparable {
  readonly result: ScenarioResult;
  readonly transcript: string;
}

/** The first difference between two runs. */
export interface Difference {
  readonly what: string;
  readonly packed: string;
  readonly here: string;
}

/** Whether the outcome came again: how it ended, what ended it, and where it stopped. */
export function outcomeDifference(packed: ScenarioResult, here: ScenarioResult): Difference | undefined {
  const differ = (what: string, a: string, b: string): Difference | undefined =>
    a === b ? undefined : { what, packed: a, here: b };
  return (
    differ('the outcome', ending(packed), ending(here)) ??
    first(packed.stops.map(stopLine), here.stops.map(stopLine), (index) => `stop ${index + 1}`)
  );
}

/** The first line in which the transcripts differ. */
export function transcriptDifference(packed: string, here: string): Difference | undefined {
  return first(packed.split('\n'), here.split('\n'), (index) => `line ${index + 1} of the transcript`);
}

function ending({ outcome, failure }: ScenarioResult): string {
  if (failure === undefined) return outcome;
  const step = failure.step === undefined ? '' : ` at step ${failure.step}`;
  return `${outcome}${step}: ${failure.message}`;
}

function stopLine({ file, line, function: name, reason, exception }: StopResult): string {
  return `${file}:${line} in ${name} (${reason}${exception === undefined ? '' : `: ${exception}`})`;
}

function first(a: readonly string[], b: readonly string[], what: (index: number) => string): Difference | undefined {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [packed, here] = [a[index], b[index]];
    if (packed !== here) return { what: what(index), packed: packed ?? 'nothing', here: here ?? 'nothing' };
  }
  return undefined;
}

/** What the run is on here and was on there, where that differs: "python 3.11.2, here 3.13.5". */
export function versionDifferences(
  packed: Readonly<Record<string, string>>,
  here: Readonly<Record<string, string>>,
): readonly string[] {
  const names = Object.keys(packed).filter((name) => packed[name] !== here[name] && here[name] !== undefined);
  return names.map((name) => `${name} ${packed[name]}, here ${here[name]}`);
}
