import type { Checks } from '../compare/checks.ts';
import type { StopResult } from '../result/result.ts';
import type { CommandsStep, PromptCommand, StopStep } from '../scenario.ts';
import { parsePlace, type SourcePlace } from '../texts.ts';
import { createDialogue } from './dialogue.ts';
import type { Play } from './play.ts';
import { StepFailure, type Stop, sourceOf } from './stage.ts';

/** The steps at the debugger's prompt. `number`: of the step, for the result. */
export interface Prompts {
  /** Waits for the next stop, compares it, types the commands, and lets it go on unless it is to stay. */
  stop(step: StopStep, number: number, checks: Checks): Promise<void>;
  /** Types commands at the prompt that stands. */
  commands(step: CommandsStep, number: number, checks: Checks): Promise<void>;
  /** Lets the request go on: "continue" or "quit". */
  goOn(how: string): Promise<void>;
}

/** The prompts of one run. */
export function createPrompts(play: Play): Prompts {
  const { stage, flight, limit, application } = play;
  const dialogue = createDialogue(application, stage);
  let current: { stop: Stop; result: StopResult & { commands: { line: string; output: string }[] } } | undefined;

  /** Takes the stop into the result: from here on commands are its own. */
  function enter(stop: Stop, step: number): void {
    const { number, reason, file, line, function: name, request, evidence } = stop;
    const result = {
      number,
      step,
      reason,
      file,
      line,
      function: name,
      request: flight.byRunner(request)?.number,
      exception: evidence?.exception ?? undefined,
      source: sourceOf(stop),
      locals: (evidence?.locals ?? []).map(([variable, value]) => ({ name: variable, value })),
      commands: [],
    };
    play.stops.push(result);
    current = { stop, result };
  }

  function nextStop(): Stop | undefined {
    const next = stage.waiting.shift();
    if (next !== undefined) return next;
    flight.refuseFailures();
    if (!stage.ready || !flight.allAnswered()) return undefined;
    throw new StepFailure('absent', 'every request was answered, and nothing has stopped');
  }

  async function say(commands: readonly PromptCommand[], number: number, checks: Checks): Promise<void> {
    for (const [index, command] of commands.entries()) {
      // Filled in one by one: each may save what the next one uses.
      const { run: line, expect, save } = play.completed(command);
      const isLast = index === commands.length - 1;
      const output = await (isLast ? dialogue.say(line, limit()) : dialogue.ask(line, limit()));
      current?.result.commands.push({ line, output });
      checks.expect(line, expect, output);
      if (!checks.passed) return;
      play.keep(save, { text: output });
      // A step led to another stop, where the next command is meant.
      const next = isLast ? undefined : stage.waiting.shift();
      if (next !== undefined) enter(next, number);
    }
  }

  function compare(step: StopStep, found: Stop, checks: Checks): void {
    const place = step.at === undefined ? undefined : parsePlace(step.at);
    if (place !== undefined && 'value' in place) {
      const { file, line } = place.value;
      checks.equal('where it stops', shown(place.value), shown({ file: found.file, line: line && found.line }));
      if (file !== found.file) return;
    }
    checks.equal('the function', step.function, found.function);
    checks.equal('why it stops', step.reason, found.reason);
    checks.equal('the request', step.of, flight.byRunner(found.request)?.name ?? 'another one');
    if (step.exception !== undefined) {
      checks.expect('the exception', step.exception, found.evidence?.exception ?? '');
    }
  }

  return {
    async stop(written, number, checks) {
      const { commands, ...rest } = written;
      const step = { ...play.completed(rest), commands };
      const found = await stage.until(nextStop, limit(), 'waiting for a stop');
      enter(found, number);
      compare(step, found, checks);
      // Commands at another place than expected would say nothing.
      if (!checks.passed) return;
      await say(commands, number, checks);
      // Whoever looks into what failed finds it as it stood.
      if (!checks.passed) return;
      if (!step.stay && stage.standing?.number === current?.stop.number) await dialogue.say('continue', limit());
    },
    async commands(step, number, checks) {
      if (stage.standing === undefined) throw new StepFailure('command', 'no prompt stands: nothing to type at');
      await say(step.commands, number, checks);
    },
    async goOn(how) {
      await dialogue.say(how, limit());
    },
  };
}

function shown({ file, line }: SourcePlace): string {
  return line === undefined ? file : `${file}:${line}`;
}
