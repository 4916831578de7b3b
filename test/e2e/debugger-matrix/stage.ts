import { expect } from 'vitest';
import { key, type Terminal } from '../../helpers/pty.ts';
import type { Python } from '../../helpers/pythons.ts';
import type { SessionProject } from '../../helpers/session-project.ts';
import { type Answer, ask } from './ask.ts';
import type { Framework } from './frameworks.ts';
import { kinds } from './kinds.ts';
import { lineOf } from './places.ts';

/** A framework's application that runs under the debugger. */
export interface Stage {
  readonly project: SessionProject;
  readonly python: Python;
  readonly framework: Framework;
  readonly terminal: Terminal;
}

/** What a request brings without the debugger. */
export interface Plain {
  readonly answer: Answer;
  /** How many tracebacks it puts into the log. */
  readonly tracebacks: number;
}

export const FINE: Answer = { status: 200, body: 'fine', whole: true };

/** What each path that raises an exception brings when none is stopped at. */
export async function plainAnswers(
  project: SessionProject,
  python: Python,
  framework: Framework,
): Promise<ReadonlyMap<string, Plain>> {
  const terminal = await project.up(['--app', framework.app, '--no-post-mortem']);
  const stage = { project, python, framework, terminal };
  const found = new Map<string, Plain>();
  for (const { id, headline, absent } of kinds) {
    if (headline === undefined || absent?.includes(framework.name)) continue;
    const answer = await request(stage, id);
    found.set(id, { answer, tracebacks: tracebacks(await logged(stage)) });
  }
  terminal.type(key.detach);
  await terminal.ended;
  return found;
}

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
