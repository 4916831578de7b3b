import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Row } from './rows.ts';

const HEADS = ['', 'wsgi-dev', 'peer', 'ratio', 'goal', ''] as const;
const BEGIN = '<!-- bench: begin -->';
const END = '<!-- bench: end -->';

/** The table for a terminal. */
export function asText(rows: readonly Row[]): string {
  const lines = [HEADS, ...rows.map(cells)];
  const widths = HEADS.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The table for docs/performance.md. */
export function asMarkdown(rows: readonly Row[]): string {
  const lines = [HEADS, HEADS.map(() => '---'), ...rows.map(cells)];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Puts `table` between the markers of the document at `path`, and the machine it was measured on above it. */
export function writeDocument(path: string, table: string, machine: string): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path} has no ${BEGIN} … ${END} to write between`);
  const head = text.slice(0, begin + BEGIN.length);
  writeFileSync(path, `${head}\nMeasured ${machine}.\n\n${table}\n${text.slice(end)}`);
}

function cells({ title, value, peer, ratio, goal, verdict }: Row): readonly string[] {
  return [title, value, peer, ratio, goal, verdict];
}
