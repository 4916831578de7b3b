import { resolve } from 'node:path';
import type { Problem } from './problems.ts';
import { readText } from './text.ts';
import type { Spot } from './yaml.ts';

const indent = '    ';
const widest = 100;

/** Turns the faults of one file into problems: in the file's order, each with its line and a caret below. */
export function problemsAt(file: string, text: string): (spots: readonly Spot[]) => readonly Problem[] {
  const lines = text.split(/\r?\n/);
  return (spots) =>
    firstOfEach(spots)
      .toSorted((a, b) => a.line - b.line || a.column - b.column)
      .map(({ line, column, message }) => ({
        where: `${file}:${line}:${column}`,
        message,
        excerpt: excerpt(lines[line - 1] ?? '', column),
      }));
}

/** With the line of its file for each problem that has none yet; names of files begin at `cwd`. */
export function withExcerpts(problems: readonly Problem[], cwd: string): readonly Problem[] {
  return problems.map((problem) => {
    const [, file, line, column] = /^(.+\.ya?ml):(\d+):(\d+)$/.exec(problem.where) ?? [];
    if (file === undefined || problem.excerpt !== undefined) return problem;
    const read = readText(resolve(cwd, file));
    if ('fault' in read) return problem;
    return { ...problem, excerpt: excerpt(read.text.split(/\r?\n/)[Number(line) - 1] ?? '', Number(column)) };
  });
}

/** The first fault of a place is the cause of the others there. */
function firstOfEach(spots: readonly Spot[]): readonly Spot[] {
  return [...new Map(spots.toReversed().map((spot) => [`${spot.line}:${spot.column}`, spot])).values()];
}

/** The line and below it a caret at `column`, which counts from 1; undefined for a blank line, where nothing is seen. */
export function excerpt(line: string, column: number): string | undefined {
  if (line.trim() === '') return undefined;
  // Of a long line, what is around the caret.
  const from = line.length <= widest ? 0 : Math.max(0, column - 1 - widest / 2);
  const before = printable(line.slice(from, column - 1));
  const behind = printable(line.slice(Math.max(column - 1, 0), from + widest));
  return `${indent}${before}${behind.trimEnd()}\n${indent}${' '.repeat(cells(before))}^`;
}

/** Without what a terminal would obey, and without marks that would turn the text around. */
function printable(text: string): string {
  return text.replace(/\t/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}

/** Columns of a terminal. */
function cells(text: string): number {
  const wide = text.match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/gu,
  );
  return [...text.replace(/\p{M}/gu, '')].length + (wide?.length ?? 0);
}
