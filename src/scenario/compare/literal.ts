import type { Parsed } from '../../config/parsers.ts';

/** A list or a map that is nested deeper is not read: more than anybody compares. */
const deepest = 200;

/** JSON, or, with `python`, what Python prints for a value: see `parseLiteral`. */
export function readJson(text: string, python: boolean): Parsed<unknown> {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (python) return parseLiteral(text);
    return { fault: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Reads a literal as Python's repr and pprint print it: dict, list, tuple, str, int, float, True, False and None. Tuples
 * become lists; a dict's keys become texts as json.dumps makes them. No sets, bytes, complex numbers or objects.
 */
export function parseLiteral(text: string): Parsed<unknown> {
  const reader: Reader = { text, at: 0, depth: 0 };
  try {
    const value = readValue(reader);
    skipSpace(reader);
    if (reader.at < text.length) fail(reader);
    return { value };
  } catch (error) {
    if (error instanceof NotALiteral) return { fault: error.message };
    throw error;
  }
}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
}

class NotALiteral extends Error {}

function fail({ text, at }: Reader): never {
  const rest = text.slice(at, at + 20);
  const found = rest === '' ? 'it ends too early' : `at "${rest}${text.length > at + 20 ? '…' : ''}"`;
  throw new NotALiteral(`neither JSON nor a literal of Python: ${found}`);
}

const words = new Map<string, unknown>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

function readValue(reader: Reader): unknown {
  skipSpace(reader);
  const next = reader.text[reader.at];
  if (next === '{') return nested(reader, readDict);
  if (next === '[') return nested(reader, readList);
  if (next === '(') return nested(reader, readTuple);
  if (next === '"' || next === "'") return readStrings(reader);
  const word = matched(reader, /[A-Za-z]+(?![\w(.])/y);
  if (word !== undefined && words.has(word)) return words.get(word);
  const number = word === undefined ? matched(reader, /[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?(?![\w.])/y) : undefined;
  if (number === undefined) {
    reader.at -= word?.length ?? 0;
    fail(reader);
  }
  return Number(number);
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  reader.at++;
  if (++reader.depth > deepest) throw new NotALiteral('nested too deeply to be compared');
  const value = read(reader);
  reader.depth--;
  return value;
}

function readDict(reader: Reader): unknown {
  const entries: (readonly [string, unknown])[] = [];
  readItems(reader, '}', () => {
    const key = readValue(reader);
    if (typeof key === 'object' && key !== null) fail(reader);
    if (!took(reader, ':')) fail(reader);
    entries.push([String(key), readValue(reader)]);
  });
  return Object.fromEntries(entries);
}

function readList(reader: Reader): unknown {
  const items: unknown[] = [];
  readItems(reader, ']', () => items.push(readValue(reader)));
  return items;
}

/** Without a comma the parentheses only group: so pprint breaks a long text. */
function readTuple(reader: Reader): unknown {
  const items: unknown[] = [];
  const commas = readItems(reader, ')', () => items.push(readValue(reader)));
  return items.length === 1 && commas === 0 ? items[0] : items;
}

/** Items with commas between them, perhaps one behind the last; returns how many commas there were. */
function readItems(reader: Reader, end: string, readItem: () => void): number {
  let commas = 0;
  while (!took(reader, end)) {
    readItem();
    if (took(reader, end)) return commas;
    if (!took(reader, ',')) fail(reader);
    commas++;
  }
  return commas;
}

/** Texts that stand side by side are one. */
function readStrings(reader: Reader): string {
  let text = '';
  for (;;) {
    const written = matched(reader, /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y);
    if (written === undefined) fail(reader);
    text += unescaped(written.slice(1, -1), reader);
    skipSpace(reader);
    if (!/['"]/.test(reader.text[reader.at] ?? '')) return text;
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', "'": "'", '"': '"' };

function unescaped(text: string, reader: Reader): string {
  return text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[\s\S])/g, (_, code: string) => {
    const simple = escapes[code];
    if (simple !== undefined) return simple;
    const point = Number.parseInt(code.slice(1), 16);
    if (code.length === 1 || point > 0x10ffff) fail(reader);
    return String.fromCodePoint(point);
  });
}

function skipSpace(reader: Reader): void {
  matched(reader, /\s+/y);
}

function took(reader: Reader, character: string): boolean {
  skipSpace(reader);
  if (reader.text[reader.at] !== character) return false;
  reader.at++;
  return true;
}

/** Takes what a sticky pattern matches here; undefined: nothing. */
function matched(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const [found] = pattern.exec(reader.text) ?? [];
  reader.at += found?.length ?? 0;
  return found;
}
