import type { z } from 'zod';
import type { environmentReport, scenarioResult } from './result-schema.ts';

/** What became of one scenario: result.json, and what every report is drawn from. */
export type ScenarioResult = z.infer<typeof scenarioResult>;
export type Outcome = ScenarioResult['outcome'];
export type Failure = NonNullable<ScenarioResult['failure']>;
export type StepResult = ScenarioResult['steps'][number];
/** One comparison: of a stop's place, a command's output, a status… */
export type Check = StepResult['checks'][number];
export type StopResult = ScenarioResult['stops'][number];
export type SourceLine = StopResult['source'][number];
export type RequestResult = ScenarioResult['requests'][number];
export type NormalizeRule = ScenarioResult['normalized'][number];
export type Timings = ScenarioResult['timings'];

/** What a run leaves besides its result. */
export interface Recording {
  readonly columns: number;
  readonly rows: number;
  /** What the terminal showed: seconds since the start, and the text with its escape sequences. */
  readonly output: readonly { readonly at: number; readonly text: string }[];
  /** When each stop's first prompt came: the report plays from there. */
  readonly stops?: readonly { readonly at: number; readonly number: number }[] | undefined;
}

/** environment.json: what the run ran on. */
export type EnvironmentReport = z.infer<typeof environmentReport>;
