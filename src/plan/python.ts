import type { Config } from '../config/config.ts';
import { ExitCode, Fault } from '../errors.ts';

/** The Debian suite whose own Python and mod_wsgi an image is made of. */
export interface Suite {
  readonly name: string;
  /** Options for apt-get: an archive that is no longer, or not yet, signed anew each week needs some. */
  readonly aptOptions: string;
}

const UNDATED = '-o Acquire::Check-Valid-Until=false';

/** What each suite carries: bullseye mod_wsgi 4.7.1, bookworm 4.9.4, trixie and forky 5.0.2. */
const SUITES: Readonly<Record<string, Suite>> = {
  '3.9': { name: 'bullseye', aptOptions: UNDATED },
  '3.11': { name: 'bookworm', aptOptions: '' },
  '3.13': { name: 'trixie', aptOptions: '' },
  '3.14': { name: 'forky', aptOptions: UNDATED },
};

/** The suite with Python `config.python`; a Fault (code 2) where none has it. */
export function suiteFor({ python }: Pick<Config, 'python'>): Suite {
  const suite = SUITES[python];
  if (suite !== undefined) return suite;
  throw new Fault(`python: ${python} is in no supported Debian suite`, {
    code: ExitCode.usage,
    hint: `Choose one of ${Object.keys(SUITES).join(', ')}.`,
  });
}
