import type { NormalizeRule } from './result.ts';

/** What differs from run to run although nothing has changed, and what is written for it. */
export const RULES: readonly NormalizeRule[] = [
  { pattern: '\\b0x[0-9a-f]{6,16}\\b', with: '0xADDRESS', why: 'addresses of objects and threads' },
  {
    pattern: '\\[\\d\\d/[A-Z][a-z]{2} \\d\\d:\\d\\d:\\d\\d\\](?= ")',
    with: '[TIME]',
    why: 'the time of a line of the access log',
  },
  { pattern: '(?<= bytes )\\d+(?= ms$)', with: 'N', why: 'how long a request took, in the access log' },
  { pattern: '\\(pid=\\d+\\)', with: '(pid=N)', why: 'the process, in the error log' },
  {
    pattern: '\\b\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?',
    with: 'TIME',
    why: 'times',
  },
  {
    pattern: '\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\\b',
    with: 'DATE',
    why: 'times in HTTP headers',
  },
];

/** Makes equal what the rules name, in their order. */
export function normalizer(rules: readonly NormalizeRule[]): (text: string) => string {
  const made = rules.map((rule) => ({ regex: new RegExp(rule.pattern, 'gmu'), text: rule.with }));
  return (text) => made.reduce((all, rule) => all.replace(rule.regex, rule.text), text);
}

/** The same in every text inside a value of plain data. */
export function normalizeAll<T>(normalize: (text: string) => string, value: T): T {
  if (typeof value === 'string') return normalize(value) as T;
  if (Array.isArray(value)) return value.map((item) => normalizeAll(normalize, item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, normalizeAll(normalize, item)]);
  return Object.fromEntries(entries) as T;
}
