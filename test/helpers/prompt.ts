import type { Terminal } from './pty.ts';
import type { Response, SessionProject } from './session-project.ts';

export const PROMPT = /\(Pdb\) $/;

/**
 * What a stop that is no step shows of its place: `> FILE(LINE)FUNCTION()`, and that line marked among those around it.
 * Both parts are patterns; `place` without its FILE's directory, /app.
 */
export function sourceAt(place: string, line: string): string {
  const others = ' *\\d+ [^\\n]*\\n';
  return `> /app/${place}\\(\\)\\n(?:${others})*? *\\d+ +B?->\\s+${line}\\n(?:${others})*`;
}

/** A request that waits at a prompt; in an object, as a promise that a promise resolves to is awaited too. */
export interface Stopped {
  readonly response: Promise<Response>;
}

/** Requests `path` and waits until `terminal` shows the prompt. */
export async function stoppedAt(project: SessionProject, terminal: Terminal, path: string): Promise<Stopped> {
  const response = requested(project, path);
  await terminal.until(PROMPT);
  return response;
}

/** Requests `path`; that it fails is no fault of its own. */
export function requested(project: SessionProject, path: string): Stopped {
  const response = project.get(path);
  response.catch(() => undefined);
  return { response };
}

/** Types `line` and waits for what it brings. */
export async function command(terminal: Terminal, line: string, shown: RegExp = PROMPT): Promise<void> {
  terminal.type(`${line}\r`);
  await terminal.until(shown);
}

/** Types `c` and waits for the response and its line in the log. */
export async function goOn(terminal: Terminal, { response }: Stopped): Promise<Response> {
  terminal.type('c\r');
  const answer = await response;
  await terminal.until(/"GET [^\n]*ms\n/);
  return answer;
}
