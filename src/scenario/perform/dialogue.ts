import type { Application } from './container.ts';
import { type Stage, StepFailure, type Stop } from './stage.ts';

/** The prompt of the debugger, as a scenario uses it. */
export interface Dialogue {
  /** Types `line` at the prompt; resolves with what came of it: all up to the next prompt, or until the request goes on. */
  say(line: string, seconds: number): Promise<string>;
  /** The same for a line that must lead to another prompt: fails when the request ends instead. */
  ask(line: string, seconds: number): Promise<string>;
}

/** Speaks through the application's terminal, and listens to the stage. */
export function createDialogue(application: Application, stage: Stage): Dialogue {
  async function prompted(seconds: number): Promise<Stop> {
    return await stage.until(() => (stage.atPrompt ? stage.standing : undefined), seconds, 'waiting for the prompt');
  }

  /** `over` is asked at each event: it resolves by returning true, and may throw. */
  async function typed(line: string, seconds: number, over: (from: number) => boolean): Promise<string> {
    await prompted(seconds);
    const [mark, from] = [stage.text.length, stage.events.length];
    stage.answered();
    application.send(`${line}\n`);
    const printed = await stage.until(
      () => (over(from) ? stage.text.slice(Math.max(mark, stage.read)) : undefined),
      seconds,
      `\`${line}\` at the prompt`,
    );
    return withoutPrompt(printed, stage.atPrompt ? stage.promptText : '');
  }

  return {
    say: (line, seconds) => typed(line, seconds, () => stage.atPrompt || stage.standing === undefined),
    ask: (line, seconds) =>
      typed(line, seconds, (from) => {
        if (stage.atPrompt) return true;
        if (stage.events.slice(from).some(({ event }) => event === 'response')) {
          throw new StepFailure(
            'command',
            `\`${line}\` let the request go on to its end: no prompt for the next command`,
          );
        }
        return false;
      }),
  };
}

/** The next prompt stands behind what was printed. */
function withoutPrompt(printed: string, prompt: string): string {
  return prompt !== '' && printed.endsWith(prompt) ? printed.slice(0, -prompt.length) : printed;
}
