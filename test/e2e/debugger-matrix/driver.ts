import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { command, PROMPT } from '../../helpers/prompt.ts';
import { key, type Terminal } from '../../helpers/pty.ts';
import type { Answer } from './ask.ts';
import type { Drive, Kind, Stage } from './kind.ts';
import { placeOf } from './places.ts';
import { FINE, logged, request, tracebacks } from './stage.ts';

const START_MS = 60_000;

/** A breakpoint: the request is answered after `c`. */
export const stops: Drive = async (stage, kind) => {
  const answer = request(stage, kind.id);
  await stoppedIn(stage, kind);
  stage.terminal.type('c\r');
  expect(await answer).toEqual(FINE);
  await logged(stage);
};

/** From a breakpoint of the path `from`, `typed` leads to the next stop. */
export function steps(from: string, typed: string): Drive {
  return async (stage, kind) => {
    const answer = request(stage, from);
    await stage.terminal.until(PROMPT);
    stage.terminal.type(`${typed}\r`);
    await stopped(stage, kind);
    stage.terminal.type('c\r');
    expect(await answer).toEqual(FINE);
    await logged(stage);
  };
}

/** An exception, stopped at once; then the client and the log get what they get without the debugger. */
export const raises: Drive = async (stage, kind, plain) => {
  const { terminal } = stage;
  const answer = request(stage, kind.id);
  const shown = await stoppedIn(stage, kind);
  expect(shown).toContain(`\n${kind.headline}`);
  terminal.type('w\r');
  expect(await toPrompt(terminal)).not.toContain('wsgi_dev_runner');
  terminal.type('c\r');
  expect(await answer).toEqual(plain?.answer);
  expect(tracebacks(shown + (await logged(stage)))).toBe(plain?.tracebacks);
};

/** Ctrl-C once the request has said `word`; `leave` ends the stop and checks the answer. */
export function interrupts(word: string, leave: (terminal: Terminal, answer: Promise<Answer>) => Promise<void>): Drive {
  return async (stage, kind) => {
    const answer = request(stage, kind.id);
    await stage.terminal.until(new RegExp(`^${word}\\n`, 'm'));
    stage.terminal.type(key.ctrlC);
    await stoppedIn(stage, kind);
    await leave(stage.terminal, answer);
    await logged(stage);
  };
}

/** Ends the loop, and lets the request go on. */
export async function goesOn(terminal: Terminal, answer: Promise<Answer>): Promise<void> {
  await command(terminal, 'going = False');
  terminal.type('c\r');
  expect(await answer).toEqual(FINE);
}

/** Ends the request. */
export async function quits(terminal: Terminal, answer: Promise<Answer>): Promise<void> {
  terminal.type('q\r');
  expect(await answer).toMatchObject({ status: 500, whole: true });
}

/** What is raised to be a response, and what the application has a handler for, is no stop. */
export const passes: Drive = async (stage) => {
  const found: Record<string, number> = {};
  for (const path of Object.keys(stage.framework.passes)) found[path] = (await request(stage, path)).status;
  expect(found).toEqual(stage.framework.passes);
  await logged(stage);
};

/** The application fails while it is loaded: a stop, and after it the end of `up`. */
export const starts: Drive = async ({ project, python, framework }, kind) => {
  // An application that runs as it is wanted isn't loaded again.
  project.clear();
  project.write('broken-start', '');
  try {
    const terminal = await project.terminal(['up', '--debug', '--port', '0', '--app', framework.app]);
    const shown = await stopped({ project, python, framework, terminal }, kind, START_MS);
    expect(shown).toMatch(/^ValueError: start$/m);
    terminal.type('c\r');
    expect(await terminal.ended).toMatchObject({ code: 1 });
    expect(project.container()).toBeUndefined();
  } finally {
    rmSync(join(project.directory, 'broken-start'));
  }
};

/** The kind's own request stops at its place, and is named; returns what was shown. */
async function stoppedIn(stage: Stage, kind: Kind): Promise<string> {
  const shown = await stopped(stage, kind);
  expect(shown).toContain(`] GET /${kind.id}`);
  return shown;
}

/** The next prompt is at the kind's place, with its local; returns what was shown. */
async function stopped({ terminal, framework, python }: Stage, kind: Kind, limit?: number): Promise<string> {
  const shown = await toPrompt(terminal, limit);
  expect(shown).toContain(placeOf(framework, kind, python));
  terminal.type('p local\r');
  expect(await toPrompt(terminal)).toContain(`\n'${kind.local}'\n`);
  return shown;
}

/** All that the terminal shows up to its prompt. */
async function toPrompt(terminal: Terminal, limit?: number): Promise<string> {
  const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/, limit);
  return shown;
}
