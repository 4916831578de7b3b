import { distance } from 'fastest-levenshtein';
import { ExitCode, Fault } from '../errors.ts';

/** One fault of the configuration: where it was said ("wsgi-dev.yaml:3:5", "--port 99999") and what is wrong. */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

const shownAtMost = 50;

/** All faults as one error: a count, then one line for each. */
export function configFault(problems: readonly Problem[]): Fault {
  const count =
    problems.length === 1 ? '1 fault in the configuration:' : `${problems.length} faults in the configuration:`;
  const lines = problems.slice(0, shownAtMost).map(({ where, message }) => `${where}: ${message}`);
  const more = problems.length > shownAtMost ? [`... and ${problems.length - shownAtMost} more`] : [];
  return new Fault([count, ...lines, ...more].join('\n'), {
    code: ExitCode.usage,
    hint: 'docs/configuration.md describes every key, flag and variable, with an example of each.',
  });
}

/** The known word nearest to a mistyped one, or undefined when none is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, steps }) => steps <= tolerance(Math.max(word.length, candidate.length)))
    .sort((a, b) => a.steps - b.steps);
  return near[0]?.candidate;
}

/** Two swapped letters are two steps, and the shortest keys have four letters. */
function tolerance(length: number): number {
  return length < 4 ? 1 : Math.max(2, Math.floor(length / 3));
}

/** "; did you mean `server`?", or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}
