import type { createColors } from 'picocolors';

/** What `wsgi-dev check --format json` prints; the runner writes it (images/runner/wsgi_dev_runner/check/main.py). */
export interface CheckReport {
  readonly findings: readonly CheckFinding[];
  /** status: null where the request was not made, or never ended. */
  readonly answers: readonly { readonly path: string; readonly status: number | null }[];
  readonly passes: readonly string[];
  readonly seconds: number;
}

/** One thing that was found; a note is worth knowing and no fault of the project. */
export interface CheckFinding {
  readonly kind: string;
  readonly level: 'problem' | 'note';
  /** Relative to the root; null: it can't be put down to a file. */
  readonly file: string | null;
  /** null: the file as a whole. */
  readonly line: number | null;
  readonly source: string | null;
  readonly message: string;
  /** "import", or the request that showed it. */
  readonly when?: string;
  readonly why: string;
  readonly remedy: string;
  /** The lines that a client got. */
  readonly client?: readonly string[];
  /** Other requests that fare the same. */
  readonly also?: readonly string[];
}

type Colors = ReturnType<typeof createColors>;

/** How many are no mere notes. */
export function problems({ findings }: CheckReport): number {
  return findings.filter(({ level }) => level === 'problem').length;
}

/** The findings for a person, by place; why a kind matters and what to do is said at the first of its kind. */
export function checkText({ findings }: CheckReport, colors: Colors): string {
  const explained = new Set<string>();
  return [...byPlace(findings)]
    .map(([place, [first, ...rest]]) => {
      const source = first?.source ?? null;
      const head = `${colors.bold(place)}${source === null ? '' : `  ${colors.dim(source)}`}`;
      return [head, ...[first, ...rest].flatMap((one) => (one ? findingLines(one, explained, colors) : []))].join('\n');
    })
    .join('\n\n');
}

/** One line about it all. */
export function checkSummary(report: CheckReport): string {
  const count = problems(report);
  const notes = report.findings.length - count;
  const files = new Set(report.findings.map(({ file }) => file)).size;
  const answers = report.answers.map(({ path, status }) => `GET ${path} ${status === null ? '–' : status}`).join(', ');
  const found = count === 0 ? 'No problems' : `${many(count, 'problem')} in ${many(files, 'file')}`;
  const also = notes === 0 ? '' : `, ${many(notes, 'note')}`;
  return `${found}${also} (${answers}; ${report.seconds} s)`;
}

function byPlace(findings: readonly CheckFinding[]): ReadonlyMap<string, readonly CheckFinding[]> {
  const places = new Map<string, CheckFinding[]>();
  for (const one of findings) {
    const place = one.file === null ? 'the application' : one.line === null ? one.file : `${one.file}:${one.line}`;
    places.set(place, [...(places.get(place) ?? []), one]);
  }
  return places;
}

function findingLines(
  { kind, level, message, why, remedy, client = [], also = [] }: CheckFinding,
  explained: Set<string>,
  colors: Colors,
): readonly string[] {
  const mark = level === 'note' ? colors.magenta('note') : colors.red('problem');
  const words = `${why}\n${remedy}`;
  const isNew = level === 'problem' && !explained.has(words);
  explained.add(words);
  return [
    `  ${mark}: ${message} ${colors.dim(`[${kind}]`)}`,
    ...client.map((line) => `      ${colors.dim('|')} ${line}`),
    ...(also.length > 0 ? [`    ${colors.dim('and so:')} ${also.join(', ')}`] : []),
    ...(isNew ? [`    ${colors.dim('why:')} ${why}`, `    ${colors.dim('do:')}  ${remedy}`] : []),
  ];
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
