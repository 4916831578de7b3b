import { createChecks } from '../compare/checks.ts';
import { disappointed } from '../compare/difference.ts';
import type { Check, Failure, StepResult, StopResult } from '../result/result.ts';
import type { Step } from '../scenario.ts';
import type { Flight } from './flight.ts';
import { createPlay, type Scene } from './play.ts';
import { type Stage, StepFailure, sourceOf } from './stage.ts';
import { createActor } from './steps.ts';
import { titleOf } from './titles.ts';

/** What became of a scenario's steps. */
export interface Performance {
  readonly steps: readonly StepResult[];
  readonly stepsMs: readonly number[];
  readonly stops: readonly StopResult[];
  readonly flight: Flight;
  readonly failure: Failure | undefined;
}

/** So many lines of the terminal are shown with a failure. */
const LAST_LINES = 15;

/** Takes the steps one after the other, to the first that fails; the rest is skipped. Never rejects but for defects. */
export async function perform(scene: Scene): Promise<Performance> {
  const { run, stage } = scene;
  const play = createPlay(scene);
  const actor = createActor(play);
  const steps: StepResult[] = [];
  const stepsMs: number[] = [];
  const all: readonly Step[] = [...run.before, ...run.steps, ...run.after];
  let failure: Failure | undefined;

  async function take(step: Step, number: number): Promise<readonly Check[]> {
    const checks = createChecks();
    try {
      await actor.act(step, number, checks);
      const broken = checks.made.find(({ passed }) => !passed);
      if (broken !== undefined) throw new StepFailure('expectation', disappointed(broken), stage.standing);
      if (number === run.before.length + run.steps.length && !run.stays) await actor.finish();
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      failure = failureOf(error, stage, number, step.line);
    }
    return checks.made;
  }

  for (const [index, step] of all.entries()) {
    const begun = performance.now();
    const number = index + 1;
    const reached = failure === undefined;
    const checks = reached ? await take(step, number) : [];
    const outcome = !reached ? 'skipped' : failure === undefined ? 'passed' : 'failed';
    steps.push({ number, kind: step.kind, title: titleOf(step), line: step.line, outcome, checks });
    stepsMs.push(Math.round(performance.now() - begun));
  }
  return { steps, stepsMs, stops: play.stops, flight: play.flight, failure };
}

/** A failure as the result has it. */
function failureOf({ kind, message, stop }: StepFailure, stage: Stage, step: number, line: number): Failure {
  const stands = stop ?? stage.standing;
  return {
    kind,
    message,
    step,
    line,
    at: stands && { file: stands.file, line: stands.line },
    source: stands === undefined ? [] : sourceOf(stands),
    lastSeen: stage.text.trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
  };
}
