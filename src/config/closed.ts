import { accessSync, constants } from 'node:fs';
import { ExitCode, Fault } from '../errors.ts';

/** The Fault (code 2) of a directory whose files this user can't see; undefined: they can. */
export function unreadable(directory: string): Fault | undefined {
  try {
    accessSync(directory, constants.R_OK | constants.X_OK);
    return undefined;
  } catch (cause) {
    return new Fault(`${directory} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: ExitCode.usage,
      hint: 'Give yourself access to the project directory, or run this as its owner.',
      cause,
    });
  }
}
