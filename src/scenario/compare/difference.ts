import { stripVTControlCharacters } from 'node:util';
import type { Check } from '../result/result.ts';

/** More lines than that are compared one by one only where they are equal at both ends. */
const mostCells = 1_000_000;
/** Equal lines that are shown around a difference. */
const around = 2;
const mostShown = 40;
/** Of what a command printed that failed: lines, and characters of each. */
const mostPrinted = 15;
const longestPrinted = 300;

/**
 * The lines of two texts that differ, "-" before what was expected and "+" before what came, with a few of those around.
 * undefined where a difference would say no more than the texts themselves: each has one line.
 */
export function difference(expected: string, actual: string): string | undefined {
  const [wanted, came] = [expected.split('\n'), actual.split('\n')];
  if (wanted.length < 2 || came.length < 2) return undefined;
  const all = marked(wanted, came);
  const near = all.map((_, index) => all.slice(Math.max(0, index - around), index + around + 1).some(differs));
  const shown = all.flatMap((line, index) => (near[index] ? [line] : near[index - 1] ? ['  …'] : []));
  const cut =
    shown.length > mostShown ? [...shown.slice(0, mostShown), `  … and ${shown.length - mostShown} more lines`] : shown;
  return cut.join('\n');
}

/** A comparison that failed, for people: what was expected, what came, and where those differ. */
export function disappointed({ what, expected = '', actual }: Check): string {
  const [wanted, came] = [expected.trimEnd(), actual.trimEnd()];
  const both = `${what}\n  expected: ${indented(shortened(wanted))}\n  actual:   ${indented(shortened(came))}`;
  const lines = difference(wanted, came);
  return lines === undefined
    ? both
    : `${both}\n  difference: (- expected, + actual)\n    ${lines.replaceAll('\n', '\n    ')}`;
}

/** What a command printed, for the message that it failed: its end, where errors stand; "" where it printed nothing. */
export function lastLines(output: string): string {
  const lines = stripVTControlCharacters(output)
    .trimEnd()
    .split(/\r?\n|\r/);
  const shown = lines.slice(-mostPrinted).map((line) => line.slice(0, longestPrinted));
  if (shown.join('') === '') return '';
  const left = lines.length - shown.length;
  return ['  printed:', ...(left > 0 ? [`… ${left} lines before`] : []), ...shown].join('\n    ');
}

function indented(text: string): string {
  return text.replaceAll('\n', '\n            ');
}

function shortened(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= mostShown) return text;
  return [...lines.slice(0, mostShown), `… and ${lines.length - mostShown} more lines`].join('\n');
}

function differs(line: string): boolean {
  return !line.startsWith(' ');
}

function marked(wanted: readonly string[], came: readonly string[]): readonly string[] {
  const start = equalAtStart(wanted, came);
  const end = equalAtStart(wanted.slice(start).toReversed(), came.slice(start).toReversed());
  const middle = aligned(wanted.slice(start, wanted.length - end), came.slice(start, came.length - end));
  const same = (line: string) => `  ${line}`;
  return [...wanted.slice(0, start).map(same), ...middle, ...wanted.slice(wanted.length - end).map(same)];
}

function equalAtStart(one: readonly string[], other: readonly string[]): number {
  const first = one.findIndex((line, index) => line !== other[index]);
  return first === -1 ? one.length : first;
}

/** By the longest common subsequence. */
function aligned(wanted: readonly string[], came: readonly string[]): readonly string[] {
  const removed = (line: string) => `- ${line}`;
  const added = (line: string) => `+ ${line}`;
  if (wanted.length * came.length > mostCells) return [...wanted.map(removed), ...came.map(added)];
  const lengths = commonLengths(wanted, came);
  const result: string[] = [];
  let [i, j] = [0, 0];
  while (i < wanted.length && j < came.length) {
    const [one = '', other = ''] = [wanted[i], came[j]];
    if (one === other) {
      result.push(`  ${one}`);
      i++;
      j++;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) {
      result.push(removed(one));
      i++;
    } else {
      result.push(added(other));
      j++;
    }
  }
  return [...result, ...wanted.slice(i).map(removed), ...came.slice(j).map(added)];
}

/** Of every pair of tails. */
function commonLengths(wanted: readonly string[], came: readonly string[]): readonly Uint32Array[] {
  const lengths = Array.from({ length: wanted.length + 1 }, () => new Uint32Array(came.length + 1));
  for (let i = wanted.length - 1; i >= 0; i--) {
    for (let j = came.length - 1; j >= 0; j--) {
      const [row, below] = [lengths[i], lengths[i + 1]];
      if (row === undefined || below === undefined) continue;
      row[j] = wanted[i] === came[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
