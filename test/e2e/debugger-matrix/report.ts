import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Python, pythons } from '../../helpers/pythons.ts';
import { type Framework, frameworks } from './frameworks.ts';
import type { Kind } from './kind.ts';
import { kinds } from './kinds.ts';

const DOCUMENT = resolve(import.meta.dirname, '../../../docs/debugger.md');
const FINDINGS = resolve(import.meta.dirname, '../../../tmp/debugger-matrix.json');
const [BEGIN, END] = ['<!-- matrix: begin -->\n', '\n<!-- matrix: end -->'] as const;

/** What a run found, by framework. */
export interface Findings {
  readonly versions: Record<string, Partial<Record<Python, string>>>;
  /** For each kind's id the Pythons on which it stopped where it should and was answered. */
  readonly cells: Record<string, Record<string, Python[]>>;
}

export function noFindings(): Findings {
  const byName = <T>(value: () => T) => Object.fromEntries(frameworks.map(({ name }) => [name, value()]));
  return {
    versions: byName(() => ({})),
    cells: byName(() => Object.fromEntries(kinds.map(({ id }) => [id, []]))),
  };
}

/** Writes them to tmp/debugger-matrix.json. */
export function save(findings: Findings): void {
  mkdirSync(dirname(FINDINGS), { recursive: true });
  writeFileSync(FINDINGS, `${JSON.stringify(findings, undefined, 2)}\n`);
}

/** The tables of docs/debugger.md. */
export function tablesOf({ versions, cells }: Findings): string {
  const released = frameworks.filter(({ release }) => release !== undefined);
  const cell = (kind: Kind, { name }: Framework): string => {
    if (kind.absent?.includes(name)) return '–';
    const good = pythons.filter((python) => cells[name]?.[kind.id]?.includes(python));
    return good.length === pythons.length ? '✓' : good.join(', ') || 'no';
  };
  return [
    ...table(
      ['Python', ...pythons],
      released.map(({ name }) => [name, ...pythons.map((python) => versions[name]?.[python] ?? '?')]),
    ),
    '',
    ...table(
      ['', ...frameworks.map(({ name }) => name)],
      kinds.map((kind) => [kind.title, ...frameworks.map((framework) => cell(kind, framework))]),
    ),
  ].join('\n');
}

/** The tables that docs/debugger.md has. */
export function documentedTables(): string {
  return split()[1];
}

/** Puts `tables` into docs/debugger.md. */
export function document(tables: string): void {
  const [before, , after] = split();
  writeFileSync(DOCUMENT, `${before}${BEGIN}${tables}${END}${after}`);
}

/** What is before, between and behind the two markers. */
function split(): readonly [string, string, string] {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < 0) throw new Error(`${DOCUMENT} has lost its markers`);
  return [text.slice(0, begin), text.slice(begin + BEGIN.length, end), text.slice(end + END.length)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}
