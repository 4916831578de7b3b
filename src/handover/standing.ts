import type { ScenarioResult } from '../scenario/result/result.ts';
import type { Run, Step } from '../scenario/scenario.ts';

/**
 * The run that ends standing at a prompt: one that failed at a stop as it is; else it is cut off at its last stop, before
 * that stop's commands. undefined: it never stopped.
 */
export function standingRun(run: Run, { failure, stops }: ScenarioResult): Run | undefined {
  if (failure?.at !== undefined) return run;
  const last = stops.at(-1);
  if (last?.step === undefined) return undefined;
  const at = last.step - run.before.length;
  const typed = stops.filter((stop) => stop.step === last.step).slice(0, -1);
  const keep = typed.reduce((sum, { commands }) => sum + commands.length, 0);
  const steps = run.steps.slice(0, at).map((step, index) => (index === at - 1 ? cut(step, keep) : step));
  return { ...run, steps, after: [], stays: true };
}

function cut(step: Step, keep: number): Step {
  if (step.kind === 'stop') return { ...step, commands: step.commands.slice(0, keep), stay: true };
  return step.kind === 'commands' ? { ...step, commands: step.commands.slice(0, keep) } : step;
}
