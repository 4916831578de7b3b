import { distance } from 'fastest-levenshtein';
import { ExitCode, Fault } from '../errors.ts';

/** One fault of the configuration: where it was said ("wsgi-dev.yaml:3:5", "--port 99999") and what is wrong. */
export interface Problem {
  readonly where: string;
  readonly message: string;
  /** The line of the file and a caret below, for the lines under the message. */
  readonly excerpt?: string | undefined;
}

const shownAtMost = 50;

/** All faults as one error: a count, then each with its line of the file. */
export function configFault(problems: readonly Problem[]): Fault {
  return faultOf(
    problems,
    'the configuration',
    'docs/configuration.md describes every key, flag and variable, with an example of each.',
  );
}

/** The same for faults of something else that a person wrote. */
export function faultOf(problems: readonly Problem[], of: string, hint: string): Fault {
  const count = `${problems.length} ${problems.length === 1 ? 'fault' : 'faults'} in ${of}:`;
  const texts = problems.slice(0, shownAtMost).map(({ where, message, excerpt }) => {
    return excerpt === undefined ? `${where}: ${message}` : `${where}: ${message}\n${excerpt}`;
  });
  const more = problems.length > shownAtMost ? [`... and ${problems.length - shownAtMost} more`] : [];
  return new Fault([count, ...texts, ...more].join('\n'), { code: ExitCode.usage, hint });
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
