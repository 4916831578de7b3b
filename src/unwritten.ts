import { ExitCode, Fault } from './errors.ts';

/** The Fault (code 2) of a file of the project that can't be written. */
export function unwritten(path: string, cause: unknown): Fault {
  return new Fault(`${path} can't be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
    code: ExitCode.usage,
    hint: 'Give yourself write access to the project directory.',
    cause,
  });
}
