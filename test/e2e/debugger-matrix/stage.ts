import { expect } from 'vitest';
import type { Python } from '../../helpers/pythons.ts';
import type { SessionProject } from '../../helpers/session-project.ts';
import { type Answer, ask } from './ask.ts';
import type { Framework } from './frameworks.ts';
import type { Stage } from './kind.ts';
import { lineOf } from './places.ts';

export const FINE: Answer = { status: 200, body: 'fine', whole: true };

/** The application with all that stops it; in the container of before, where there is one. */
export async function enter(project: SessionProject, python: Python, framework: Framework): Promise<Stage> {
  const line = `${framework.views}:${lineOf(framework.views, 'line')}`;
  // Where nobody says whether exceptions stop, it goes on as it was.
  const breaks = ['--break', line, '--break', framework.function];
  const terminal = await project.up(['--app', framework.app, '--post-mortem', ...breaks]);
  return { project, python, framework, terminal };
}

/** Asks for a path; that nobody awaits the answer of a test that failed is no fault of its own. */
export function request({ project }: Stage, path: string): Promise<Answer> {
  const answer = ask(new URL(`/${path}`, project.url()));
  answer.catch(() => undefined);
  return answer;
}

/** What the terminal shows up to the log line of one more request, which nothing stops. */
export async function logged(stage: Stage): Promise<string> {
  expect(await request(stage, 'fine')).toEqual(FINE);
  const [shown] = await stage.terminal.until(/[\s\S]*"GET \/fine[^\n]*ms\n/);
  expect(shown).not.toContain('(Pdb)');
  return shown;
}

export function tracebacks(log: string): number {
  return log.split('Traceback (most recent call last)').length - 1;
}
