import type { Terminal } from '../../helpers/pty.ts';
import type { Python } from '../../helpers/pythons.ts';
import type { SessionProject } from '../../helpers/session-project.ts';
import type { Answer } from './ask.ts';
import type { Framework } from './frameworks.ts';

/** A way to come to a prompt: how it is provoked, and what is expected there. */
export interface Kind {
  /** The path that is requested, and the mark (`# here ID`) of the line that it stops at. */
  readonly id: string;
  /** For docs/debugger.md. */
  readonly title: string;
  readonly drive: Drive;
  /** What the variable `local` is there. */
  readonly local?: string;
  /** How an exception of a request is told. */
  readonly headline?: string;
  /** The file with the mark, if not the one with the views; `app` is the one that is loaded. */
  readonly file?: 'app' | 'broken.py';
  /** The frameworks that have no such thing. */
  readonly absent?: readonly string[];
}

/** Provokes a stop, checks where it is, and goes on to the response; `plain` is what comes without the debugger. */
export type Drive = (stage: Stage, kind: Kind, plain: Plain | undefined) => Promise<void>;

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
