/** Exit codes of the contract: each names why the command ended, not where. */
export const ExitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  engine: 3,
  build: 4,
  timeout: 124,
  interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

export interface FaultOptions {
  /** What the person can do about it: one sentence, or several lines. */
  readonly hint?: string;
  readonly code?: ExitCode;
  /** The lower-level error; shown with -v only. */
  readonly cause?: unknown;
}

/**
 * An error that is part of the product: `message` says what failed and on what value, `hint` what to do,
 * `code` is the process's exit code. Anything thrown that is not a Fault is a defect of wsgi-dev itself.
 */
export class Fault extends Error {
  readonly hint: string | undefined;
  readonly code: ExitCode;

  constructor(message: string, { hint, code = ExitCode.failed, cause }: FaultOptions = {}) {
    super(message, { cause });
    this.name = 'Fault';
    this.hint = hint;
    this.code = code;
  }
}
