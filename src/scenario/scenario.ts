import type { Layer } from '../config/layer.ts';
import type { NormalizeRule } from './result/result.ts';

/** Names and values for `${name}`. */
export type Variables = Readonly<Record<string, unknown>>;

/** A scenario file, checked and with all defaults in place. Texts of steps still hold their `${name}`: fill.ts. */
export interface Scenario {
  readonly name: string;
  /** POSIX path relative to the project's directory. */
  readonly file: string;
  /** As a person at the working directory would type it, for messages. */
  readonly shown: string;
  /** Absolute path of the directory of the file; paths of `files` begin there. */
  readonly directory: string;
  readonly description: string | undefined;
  readonly tags: readonly string[];
  /** Why it doesn't run; undefined: it runs. */
  readonly skip: string | undefined;
  readonly only: boolean;
  readonly timeoutMs: number;
  readonly stepTimeoutMs: number;
  /** `config`, with `break` and `post_mortem`: goes over the project's own files. */
  readonly layer: Layer;
  readonly vars: Variables;
  /** Rows of `each`; undefined: it runs once, with `vars` alone. */
  readonly each: readonly Variables[] | undefined;
  readonly before: readonly RunStep[];
  readonly after: readonly RunStep[];
  /** The scenario's own rules only. */
  readonly normalize: readonly NormalizeRule[];
  /** At least one. */
  readonly steps: readonly Step[];
}

/** One run of a scenario: a row of `each`, or the whole where it has none. */
export interface Run extends Omit<Scenario, 'each'> {
  /** The row, as written; its values are in `vars` too. */
  readonly each: Variables | undefined;
  /** How the files that it sends are read; undefined: from this machine. */
  readonly readUpload?: ReadUpload;
  /** It ends at the prompt where it stands then: nothing goes on, and what is in flight isn't awaited. */
  readonly stays?: boolean;
}

export type Step = RequestStep | StopStep | CommandsStep | ResumeStep | InterruptStep | ResponseStep | RunStep;

/** Where it stands in the scenario file, from 1. */
export interface Placed {
  readonly line: number;
  readonly column: number;
}

export interface RequestStep extends Placed {
  readonly kind: 'request';
  readonly name: string | undefined;
  readonly method: string;
  /** As written: `requestTarget` makes it fit for the wire once it is filled in. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody | undefined;
  /** Sent with this request, over those that are kept. */
  readonly cookies: Readonly<Record<string, string>>;
  /** false: sends none of the cookies that responses have set. */
  readonly keepCookies: boolean;
}

/** Reads a file that is sent, by its absolute path. */
export type ReadUpload = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

export type RequestBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'form'; readonly fields: readonly FormField[] }
  | { readonly kind: 'multipart'; readonly fields: readonly FormField[]; readonly files: readonly FormFile[] };

export interface FormField {
  readonly name: string;
  readonly value: string;
}

export interface FormFile {
  readonly field: string;
  /** A path begins at the scenario's directory. */
  readonly content: { readonly kind: 'path'; readonly path: string } | { readonly kind: 'text'; readonly text: string };
  readonly filename: string;
  /** The part's Content-Type. */
  readonly type: string;
}

export type StopReason = 'breakpoint' | 'exception' | 'interrupt' | 'step';

/** What is undefined may be anything. */
export interface StopStep extends Placed {
  readonly kind: 'stop';
  /** FILE:LINE or FILE: `parsePlace` reads it. */
  readonly at: string | undefined;
  readonly function: string | undefined;
  readonly reason: StopReason | undefined;
  readonly exception: Expectation | undefined;
  /** The name of a request. */
  readonly of: string | undefined;
  readonly commands: readonly PromptCommand[];
  /** Stays at the prompt behind the last command. */
  readonly stay: boolean;
}

export interface CommandsStep extends Placed {
  readonly kind: 'commands';
  readonly commands: readonly PromptCommand[];
}

/** A line for the prompt. */
export interface PromptCommand extends Placed {
  readonly run: string;
  readonly expect: Expectation | undefined;
  readonly save: readonly Save[];
}

export interface ResumeStep extends Placed {
  readonly kind: 'resume';
  readonly how: 'continue' | 'quit';
}

export interface InterruptStep extends Placed {
  readonly kind: 'interrupt';
}

export interface ResponseStep extends Placed {
  readonly kind: 'response';
  /** The name of a request; undefined: the last that was sent. */
  readonly of: string | undefined;
  /** Three digits once it is filled in. */
  readonly status: string | undefined;
  /** Whether the whole body must come; false: it must break off. */
  readonly complete: boolean;
  /** By the names as written; a header's name has no case. */
  readonly headers: Readonly<Record<string, Expectation>>;
  readonly body: Expectation | undefined;
  readonly json: Expectation | undefined;
  readonly save: readonly Save[];
}

/** A command in the container; `before` and `after` hold them too. */
export interface RunStep extends Placed {
  readonly kind: 'run';
  readonly command: string;
  readonly expect: Expectation | undefined;
  /** The exit code that is right. */
  readonly code: number;
  readonly save: readonly Save[];
}

/** Conditions that must all hold; at least one. */
export type Expectation = readonly Condition[];

export type Condition =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'match'; readonly pattern: string }
  /** `python`: what Python prints for a value is read too. */
  | { readonly kind: 'json'; readonly value: unknown; readonly python: boolean }
  | { readonly kind: 'not'; readonly expectation: Expectation };

/** A value kept under a name for later steps. */
export interface Save {
  readonly name: string;
  readonly from:
    | { readonly kind: 'whole' }
    /** "a.b.0" */
    | { readonly kind: 'json'; readonly path: string; readonly python: boolean }
    | { readonly kind: 'match'; readonly pattern: string }
    | { readonly kind: 'header'; readonly header: string };
}
