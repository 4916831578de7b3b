import { IN_URLS, MASKED } from '../../passwords.ts';

/** A text in parts, in its order: as it stands, or a secret. */
export interface Part {
  readonly text: string;
  readonly secret: boolean;
}

/** Finds secrets in texts. */
export interface Mask {
  parts(text: string): readonly Part[];
  /** With MASKED for each secret. */
  text(text: string): string;
}

/** A shorter value is masked in its own place only: elsewhere it would be found in half of the file. */
const SHORTEST = 4;
const COMMON: ReadonlySet<string> = new Set(['true', 'false', 'null', 'none', MASKED.toLowerCase()]);

/** What was masked in its own place is another value at a run. */
const MASKED_BEFORE = new RegExp(`\\b${MASKED}\\b`, 'g');

/** A mask for `values`, in each way they may be written, for passwords of URLs, and for what a person's `patterns` match. */
export function createMask(values: Iterable<string>, patterns: readonly RegExp[]): Mask {
  const known = [...values].filter((value) => value.length >= SHORTEST && !COMMON.has(value.toLowerCase()));
  const written = [...new Set(known.flatMap(spellings))].sort((one, other) => other.length - one.length);
  const secrets = written.length === 0 ? [] : [new RegExp(written.map(literally).join('|'), 'g')];
  const all = [...secrets, MASKED_BEFORE, IN_URLS, ...patterns.map(({ source }) => new RegExp(source, 'gm'))];

  function parts(text: string): readonly Part[] {
    const found = all
      .flatMap((regex) =>
        [...text.matchAll(regex)].map((match) => [match.index, match.index + match[0].length] as const),
      )
      .filter(([from, to]) => to > from)
      .sort(([one], [other]) => one - other);
    const result: Part[] = [];
    let at = 0;
    for (const [from, to] of found) {
      if (from > at) result.push({ text: text.slice(at, from), secret: false });
      // What touches or overlaps is one secret.
      if (from > at || result.at(-1)?.secret !== true) result.push({ text: '', secret: true });
      at = Math.max(at, to);
    }
    if (at < text.length) result.push({ text: text.slice(at), secret: false });
    return result;
  }

  return {
    parts,
    text: (text) => parts(text).reduce((all, part) => all + (part.secret ? MASKED : part.text), ''),
  };
}

/** Without halves of characters, which no file can hold. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd');
}

/** A text of a step, in which no variable is filled in. */
export function unfilled(text: string): string {
  return wellFormed(text).replace(/\$(?=[${])/g, '$$$$');
}

/** A text as a pattern that matches it and nothing else. */
export function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** As it is, percent-encoded, in JSON, as Python prints it, in HTML. */
function spellings(value: string): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const percent = encodeURIComponent(wellFormed(value));
  const html = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  const python = value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  return [
    value,
    json,
    ascii,
    percent,
    percent.replaceAll('%20', '+'),
    new URLSearchParams([['', value]]).toString().slice(1),
    html,
    html.replace(/'/g, '&#x27;'),
    html.replace(/'/g, '&#39;').replace(/&quot;/g, '&#34;'),
    python,
    python.replace(/'/g, "\\'"),
  ].filter((spelling) => spelling.length >= SHORTEST);
}

const secretWords: ReadonlySet<string> = new Set(
  (
    'password passwd passphrase pass pwd pw secret secrets token tokens key apikey credential credentials auth ' +
    'authorization authentication csrf xsrf session sessionid sid otp totp pin cvv cvc signature sig jwt bearer cookie'
  ).split(' '),
);

/** Whether a field, parameter, header or variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  if (/passw|passphrase|secret|token|apikey|api[-_]key|credential/i.test(name)) return true;
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^A-Za-z]+/);
  return words.some((word) => secretWords.has(word.toLowerCase()));
}

/** The secrets in the value of a header: the whole, and of Basic the password by itself. */
export function secretsOfHeader(value: string): readonly string[] {
  const [, scheme = '', rest = ''] = /^(\S+)\s+(.+)$/.exec(value) ?? [];
  if (rest === '') return [value];
  if (scheme.toLowerCase() !== 'basic') return [value, rest];
  const text = Buffer.from(rest, 'base64').toString('utf8');
  return [value, rest, text, text.slice(text.indexOf(':') + 1)];
}
