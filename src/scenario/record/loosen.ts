import { literally, type Mask } from './mask.ts';

/** What an output is compared with, as a scenario file writes it, and what of it was loosened. */
export interface Loosened {
  readonly expect: string | { readonly match: string } | { readonly contains: string };
  /** In words, each once. */
  readonly why: readonly string[];
}

interface Rule {
  readonly what: string;
  readonly pattern: string;
  /** What may stand there at another time; undefined: what `pattern` matches. */
  readonly as?: string;
  /** Whether what was found is of this kind; `now`: the session's time in milliseconds. */
  readonly when?: (found: string, now: number) => boolean;
}

const DAY_MS = 86_400_000;

/** What is another thing at the next run although nothing has changed; the first that matches at a place counts. */
const rules: readonly Rule[] = [
  { what: 'an address', pattern: '\\b0x[0-9a-fA-F]{6,16}\\b' },
  { what: 'an id', pattern: '\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b' },
  { what: 'an id', pattern: '\\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{32,64}\\b', as: '[0-9a-f]{32,64}' },
  { what: 'a time', pattern: 'datetime\\.datetime\\(\\d[^()]*' },
  {
    what: 'a date',
    pattern: 'datetime\\.date\\(\\d{4}, \\d\\d?, \\d\\d?\\)',
    when: (found, now) => isToday(found.match(/\d+/g) ?? [], now),
  },
  { what: 'a part of a second', pattern: 'microseconds=\\d+' },
  {
    what: 'a time',
    pattern: '\\b\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d+)?)?(?:Z\\b|[+-]\\d\\d:?\\d\\d\\b)?',
  },
  { what: 'a date', pattern: '\\b\\d{4}-\\d\\d-\\d\\d\\b', when: (found, now) => isToday(found.split('-'), now) },
  { what: 'a time', pattern: '\\b[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d\\b' },
  { what: 'a time', pattern: '\\b\\d\\d/[A-Z][a-z]{2}(?:/\\d{4}:| )\\d\\d:\\d\\d:\\d\\d\\b' },
  { what: 'a time', pattern: '\\b\\d\\d?:\\d\\d:\\d\\d(?:[.,]\\d+)?\\b' },
  {
    what: 'a time',
    pattern: '\\b1\\d{9}(?:\\d{3})?(?:\\.\\d+)?\\b',
    as: '\\d{10,13}(?:\\.\\d+)?',
    when: (found, now) => Math.abs(Number(found.slice(0, 10)) * 1000 - now) < 400 * DAY_MS,
  },
  { what: 'a duration', pattern: '\\b\\d+(?:\\.\\d+)?(?: ?(?:ms|µs|us|ns|s|sec|secs|seconds|milliseconds))\\b' },
  {
    what: 'the address of the server',
    pattern: '\\b(?:127\\.0\\.0\\.1|localhost)(?::\\d{1,5})?\\b',
    as: '[\\w.]+(?::\\d{1,5})?',
  },
  { what: 'the address of a client', pattern: '\\b172\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\b', as: '[\\d.]+' },
  { what: 'the name of a temporary file', pattern: '(?<=/tmp/)\\w*[a-z0-9_]{8}\\b', as: '\\w+' },
  { what: 'a large number', pattern: '\\b\\d{12,}\\b' },
];
/** What a line asks for is another number each time. */
const FICKLE =
  /\b(?:getpid|getppid|get_ident|native_id|random|randint|randrange|choice|urandom|uuid\d|time|time_ns|monotonic|perf_counter|process_time|now|utcnow|today|id|hash)\s*\(/;
const fickle: readonly Rule[] = [
  ...rules,
  { what: 'numbers, as the line asks for one that changes', pattern: '-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?' },
];

/** Of a longer output the beginning is compared: lines, and characters. */
const LINES = 20;
const CHARACTERS = 2000;
const FIRST_LINES = 5;

/** The expectation that `text`, printed for `line` at `now` (milliseconds), holds again at another time. */
export function loosen(text: string, mask: Mask, now: number, line = ''): Loosened {
  const whole = text.trim();
  const isLong = whole.length > CHARACTERS || whole.split('\n').length > LINES;
  const compared = isLong ? whole.split('\n').slice(0, FIRST_LINES).join('\n').slice(0, CHARACTERS).trim() : whole;
  const why = new Set<string>(isLong ? ['the rest of a long output'] : []);
  const before = why.size;
  const applied = FICKLE.test(line) ? fickle : rules;
  const pattern = mask
    .parts(compared)
    .map((part) => {
      if (!part.secret) return patternOf(part.text, now, applied, why);
      why.add('what was masked');
      return '[^\\n]*';
    })
    .join('');
  if (why.size === before) return { expect: before > 0 ? { contains: compared } : compared, why: [...why] };
  return { expect: { match: `^${pattern}${isLong ? '' : '$'}` }, why: [...why] };
}

function patternOf(text: string, now: number, applied: readonly Rule[], why: Set<string>): string {
  let result = '';
  let at = 0;
  for (const match of text.matchAll(new RegExp(applied.map(({ pattern }) => `(${pattern})`).join('|'), 'gu'))) {
    const rule = applied[match.slice(1).findIndex((group) => group !== undefined)];
    if (rule === undefined || rule.when?.(match[0], now) === false) continue;
    why.add(rule.what);
    result += literally(text.slice(at, match.index)) + (rule.as ?? rule.pattern.replaceAll('\\b', ''));
    at = match.index + match[0].length;
  }
  return result + literally(text.slice(at));
}

/** `parts`: year, month, day. The session's clock and the application's may have different time zones. */
function isToday(parts: readonly string[], now: number): boolean {
  const [year = 0, month = 1, day = 0] = parts.map(Number);
  return Math.abs(Date.UTC(year, month - 1, day, 12) - now) < 2 * DAY_MS;
}
