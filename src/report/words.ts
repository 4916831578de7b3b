import { posix } from 'node:path';
import type { Outline } from '../scenario/result/outline.ts';
import type { Failure, Outcome, RequestResult, SourceLine } from '../scenario/result/result.ts';
import { oneLine } from './text.ts';

/** What went wrong, as a heading. */
export const failureWords: Readonly<Record<Failure['kind'], string>> = {
  expectation: 'An expectation was not met',
  stop: 'It stopped where no step expects a stop',
  absent: 'A stop did not come',
  crash: 'The server crashed',
  exit: 'The application ended',
  time: 'A time limit passed',
  request: 'A request failed',
  command: 'A command failed',
  start: 'The application did not start',
  hook: 'A hook failed',
};

/** The scenario's name, which tells the rows of `each` apart, and the Python that was asked for. */
export function title({ name, python }: Pick<Outline, 'name' | 'python'>): string {
  return python === undefined ? oneLine(name) : `${oneLine(name)} (Python ${python})`;
}

/** A scenario that is over, and where its project lies in the repository: POSIX, "" for its root. */
export interface Located {
  readonly result: Outline;
  readonly base: string;
}

/** Where a failure is to be mended: where the project's code stood, else the step in the scenario file. */
export function place({ file, failure }: Outline): { readonly file: string; readonly line: number | undefined } {
  return failure?.at !== undefined && isInProject(failure.at.file) ? failure.at : { file, line: failure?.line };
}

/** Not a library's, nor a text that was run: `<string>`. */
function isInProject(file: string): boolean {
  return !posix.isAbsolute(file) && !/^[<…]/.test(file);
}

export const at = (file: string, line: number | undefined): string => (line === undefined ? file : `${file}:${line}`);

/** "1 failed, 2 passed, 1 skipped": what there is none of is left out, but for what passed. */
export function tally(results: readonly { readonly outcome: Outcome }[]): string {
  const of = (outcome: Outcome): number => results.filter((result) => result.outcome === outcome).length;
  return (['failed', 'passed', 'skipped'] as const)
    .filter((outcome) => outcome === 'passed' || of(outcome) > 0)
    .map((outcome) => `${of(outcome)} ${outcome}`)
    .join(', ');
}

/** Failures first; otherwise in their order. */
export function failuresFirst<T extends { readonly outcome: Outcome }>(results: readonly T[]): readonly T[] {
  const rank = { failed: 0, passed: 1, skipped: 2 };
  return results.toSorted((a, b) => rank[a.outcome] - rank[b.outcome]);
}

export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

export function bytes(count: number): string {
  return count < 1000
    ? `${count} B`
    : count < 1e6
      ? `${(count / 1e3).toFixed(1)} kB`
      : `${(count / 1e6).toFixed(1)} MB`;
}

export const requestLine = ({ method, path }: RequestResult): string => `${method} ${path}`;

/** Source lines with their numbers, the current one marked. */
export function sourceText(source: readonly SourceLine[]): string {
  const width = Math.max(0, ...source.map(({ line }) => String(line).length));
  return source
    .map(({ line, text, current }) => `${current ? '->' : '  '} ${String(line).padStart(width)}  ${text}`.trimEnd())
    .join('\n');
}
