import type { createColors } from 'picocolors';

/** What `wsgi-dev check --format json` prints; the runner writes it (images/runner/wsgi_dev_runner/check/main.py). */
export interface CheckReport {
  readonly findings: readonly CheckFinding[];
  /** status: null where the request was not made, or never ended. */
  readonly answers: readonly { readonly request: string; readonly path: string; readonly status: number | null }[];
  readonly passes: readonly string[];
  /** Options of mod_wsgi that it needs as it is: of WSGIDaemonProcess, or whole directives. */
  readonly needs: readonly string[];
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
  /** The option of mod_wsgi that goes around it. */
  readonly needs?: string;
  /** Other requests that fare the same. */
  readonly also?: readonly string[];
}

/** What a pass does, for whoever waits. */
const passes: Readonly<Record<string, string>> = {
  observe: 'by itself, each request three times',
  files: 'its files',
  validate: 'under wsgiref.validate',
  parallel: 'requests at the same time',
  cgi: 'under CGI',
  restricted: 'under mod_wsgi, without stdin and stdout',
  deployed: 'in a daemon process of mod_wsgi',
};

/** "3/7 under wsgiref.validate" */
export function passText(name: string): string {
  const names = Object.keys(passes);
  return `${names.indexOf(name) + 1}/${names.length} ${passes[name] ?? name}`;
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

/** What a site must say for the application as it is; undefined: nothing. */
export function checkNeeds({ needs }: CheckReport): string | undefined {
  if (needs.length === 0) return undefined;
  const options = needs.filter((one) => one.includes('='));
  const directives = needs.filter((one) => !one.includes('='));
  const all = [...(options.length > 0 ? [`WSGIDaemonProcess ${options.join(' ')}`] : []), ...directives];
  return `As it is, its site needs: ${all.join(', ')}`;
}

/** One line about it all. */
export function checkSummary(report: CheckReport): string {
  const count = problems(report);
  const notes = report.findings.length - count;
  const files = new Set(report.findings.map(({ file }) => file)).size;
  const answers = report.answers
    .map(({ request, status }) => `${request} ${status === null ? '–' : status}`)
    .join(', ');
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
