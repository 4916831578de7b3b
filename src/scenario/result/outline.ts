import type { ScenarioResult, StepResult, Timings } from './result.ts';

/** What the files of a whole run tell of one scenario: its evidence has the rest. */
export interface Outline
  extends Pick<ScenarioResult, 'name' | 'file' | 'tags' | 'python' | 'outcome' | 'skipped' | 'failure'> {
  readonly timings: Pick<Timings, 'started' | 'totalMs'>;
  /** The one that failed among them, where one did. */
  readonly steps: readonly Pick<StepResult, 'number' | 'title' | 'line'>[];
}

/** All that is kept of a result once that is written down: of many scenarios little stays in memory. */
export function outlineOf(result: ScenarioResult): Outline {
  const { name, file, tags, python, outcome, skipped, failure, timings, steps } = result;
  const { started, totalMs } = timings;
  return {
    ...{ name, file, tags, python, outcome, skipped, failure },
    timings: { started, totalMs },
    steps: steps
      .filter(({ number }) => number === failure?.step)
      .map(({ number, title, line }) => ({ number, title, line })),
  };
}
