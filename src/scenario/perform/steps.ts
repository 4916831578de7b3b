import type { Checks } from '../compare/checks.ts';
import { disappointed, lastLines } from '../compare/difference.ts';
import type { RunStep, Step } from '../scenario.ts';
import type { Play } from './play.ts';
import { createPrompts } from './prompts.ts';
import { StepFailure } from './stage.ts';
import { awaitAnswer, interrupt, sendRequest, takeResponse } from './visits.ts';

/** Takes steps, one at a time. */
export interface Actor {
  /** Takes one step and compares; rejects with a StepFailure where that can't be done. `number` counts from 1. */
  act(step: Step, number: number, checks: Checks): Promise<void>;
  /** Behind the last step: what is in flight comes to its end. */
  finish(): Promise<void>;
}

/** An actor for one run of a scenario. */
export function createActor(play: Play): Actor {
  const { run, stage, flight } = play;
  const prompts = createPrompts(play);
  return {
    async act(step, number, checks) {
      play.stopsFollow = run.steps.slice(Math.max(0, number - run.before.length)).some(({ kind }) => kind === 'stop');
      switch (step.kind) {
        case 'request':
          return await sendRequest(play, play.completed(step));
        case 'stop':
          return await prompts.stop(step, number, checks);
        case 'commands':
          return await prompts.commands(step, number, checks);
        case 'resume':
          return await prompts.goOn(step.how);
        case 'interrupt':
          return await interrupt(play);
        case 'response':
          return await takeResponse(play, play.completed(step), checks);
        case 'run':
          return await runCommand(play, play.completed(step), checks);
      }
    },
    async finish() {
      if (stage.standing !== undefined && stage.waiting.length === 0) await prompts.goOn('continue');
      for (const sent of flight.sent) if (!sent.awaited) await awaitAnswer(play, sent);
      play.refuseStops();
    },
  };
}

/** Runs a command in the container and compares what it printed. */
async function runCommand(play: Play, { command, expect, code, save }: RunStep, checks: Checks): Promise<void> {
  await play.untilReady();
  let done: Awaited<ReturnType<typeof play.application.run>> | { readonly error: unknown } | undefined;
  void play.application
    .run(command)
    .catch((error: unknown) => ({ error }))
    .then((result) => {
      done = result;
      play.stage.changed();
    });
  const look = (): typeof done => {
    if (!play.stopsFollow) play.refuseStops();
    return done;
  };
  const ran = await play.stage.until(look, play.limit(), `\`${command}\``);
  if ('error' in ran) throw ran.error;
  checks.expect(command, expect, ran.output);
  checks.equal(`the exit code of ${command}`, String(code), String(ran.code));
  if (checks.passed) return play.keep(save, { text: ran.output });
  // Where the output is what was wrong, the difference shows it.
  const [broken, ...others] = checks.made.filter(({ passed }) => !passed);
  const said = lastLines(ran.output);
  if (broken === undefined || others.length > 0 || ran.code === code || said === '') return;
  throw new StepFailure('expectation', `${disappointed(broken)}\n${said}`, play.stage.standing);
}
