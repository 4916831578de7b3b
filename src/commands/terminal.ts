import { Option } from 'commander';
import { ExitCode, Fault } from '../errors.ts';
import { interactive } from '../session/interactive.ts';
import { parseDetachKeys, shownKeys } from '../session/keys.ts';
import { stopNotice } from '../session/notice.ts';
import { piped } from '../session/piped.ts';
import type { Driver } from '../session/session.ts';
import { processTerminal } from '../session/terminal.ts';
import type { Context } from './context.ts';

/** The --detach-keys option, parsed. */
export function detachKeysOption(): Option {
  return new Option('--detach-keys <keys>', 'leave the session with these keys')
    .default(parseDetachKeys('ctrl-p,ctrl-q'), 'ctrl-p,ctrl-q')
    .argParser(parseDetachKeys);
}

export interface Attachment {
  readonly project: string;
  readonly detach: Buffer;
  /** A desktop notice when a stop waits. */
  readonly notify: boolean;
  /** stdin feeds the debugger's prompt, where it is no terminal. */
  readonly lines: boolean;
  /** Called with a way to say something in between. */
  onReady(say: (line: string) => void): void;
}

/** The driver for this process's stdin and stdout: a person's when both are a terminal, plain lines otherwise. */
export function attachedDriver(
  { stdin, stdout, stderr, out, env }: Context,
  { project, detach, notify, lines, onReady }: Attachment,
): Driver {
  if (isTerminal({ stdin, stdout })) {
    const terminal = processTerminal(stdin, stdout, stderr);
    const say = out.verbosity === 'quiet' ? () => undefined : terminal.say;
    const notice = stopNotice({ project, desktop: notify, env });
    return interactive({ terminal, stdin, stdout, detach, notice, onReady: () => onReady(say) });
  }
  return piped({ stdin, stdout, lines, onReady: () => onReady(out.info) });
}

/** A Fault (code 2) where the debugger draws on the whole screen, and there is none. */
export function checkTerminal(context: Pick<Context, 'stdin' | 'stdout'>, chosen: string): void {
  if (chosen !== 'pudb' || isTerminal(context)) return;
  throw new Fault('pudb needs a terminal for its screen, and stdin or stdout is none', {
    code: ExitCode.usage,
    hint: 'Pipes work with `--debugger pdb` or ipdb; `up --debug -d` waits for a terminal that attaches.',
  });
}

/** Whether a person is at both ends. */
export function isTerminal({ stdin, stdout }: Pick<Context, 'stdin' | 'stdout'>): boolean {
  return stdin.isTTY === true && stdout.isTTY === true;
}

/** What a person needs to know of a session, in brackets behind its URL: the mode, and which keys end or leave it. */
export function sessionHint(mode: string | undefined, detach: Buffer, stops?: string): string {
  const leaves = detach.length === 0 ? undefined : `${shownKeys(detach)} leaves it running`;
  const keys = [stops, leaves].filter((hint) => hint !== undefined).join(', ');
  return `(${[mode, keys].filter(Boolean).join('; ')})`;
}

/** The kind of terminal a program in a container is told, from the person's own TERM. */
export function personsTerm(term: string | undefined): string {
  return term === undefined || term === '' || term === 'dumb' ? 'xterm' : term;
}
