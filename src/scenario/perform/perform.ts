import { createChecks } from '../compare/checks.ts';
import { disappointed } from '../compare/difference.ts';
import type { Check, Failure, StepResult, StopResult } from '../result/result.ts';
import type { Step } from '../scenario.ts';
import type { Flight } from './flight.ts';
import { createPlay, type Play, type Scene } from './play.ts';
import { sourceAround } from './source.ts';
import { ownPlace, StepFailure, type Stop } from './stage.ts';
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
/** So long may it take to stop a request that hangs. */
const LOOK_SECONDS = 2;

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
      if (error.kind === 'time') await stopWhereItHangs(play);
      failure = failureOf(error, scene, number, step.line);
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

/** Ctrl-C, so that it is known where a request hangs. */
async function stopWhereItHangs({ stage, flight, application }: Play): Promise<void> {
  if (!stage.ready || stage.over || stage.standing !== undefined || flight.allAnswered()) return;
  application.send('\x03');
  // A call into C can't be stopped: then it isn't known.
  await stage.until(() => stage.standing, LOOK_SECONDS, 'a look at where it hangs').catch(() => undefined);
}

/** Where the project's own line is shown in its stead, the message tells where it stood. */
function withPlace(message: string, stop: Stop): string {
  const place = `${stop.file}:${stop.line}`;
  return ownPlace(stop).file === stop.file || message.includes(place) ? message : `${message}\nIt stood at ${place}`;
}

/** A failure as the result has it. */
function failureOf(error: StepFailure, { stage, root }: Scene, step: number, line: number): Failure {
  const { kind, message, stop } = error;
  const stands = stop ?? stage.standing;
  const own = stands && ownPlace(stands);
  return {
    kind,
    message: stands === undefined ? message : withPlace(message, stands),
    step,
    line,
    at: own === undefined ? error.at : { file: own.file, line: own.line },
    source: own?.source ?? sourceAround(root, error.at),
    lastSeen: stage.text.trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
  };
}
