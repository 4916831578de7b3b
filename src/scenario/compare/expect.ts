import { isDeepStrictEqual } from 'node:util';
import type { Parsed } from '../../config/parsers.ts';
import type { Condition, Expectation, Save } from '../scenario.ts';
import { parseRegex } from '../texts.ts';
import { readJson } from './literal.ts';

/** What came of a comparison, for people. */
export interface Comparison {
  readonly passed: boolean;
  /** The expectation in words; a plain text as it is. */
  readonly expected: string;
  readonly actual: string;
}

/** Compares `actual` with filled-in conditions. Never throws: a pattern that is none fails. */
export function compare(expectation: Expectation, actual: string): Comparison {
  const passed = expectation.every((condition) => holds(condition, actual));
  return { passed, expected: describe(expectation, actual), actual: lines(actual) };
}

function holds(condition: Condition, actual: string): boolean {
  switch (condition.kind) {
    case 'text':
      return lines(condition.text).trim() === lines(actual).trim();
    case 'exact':
      return unended(condition.text) === unended(actual);
    case 'contains':
      return lines(actual).includes(unended(condition.text));
    case 'match': {
      const regex = parseRegex(condition.pattern);
      return 'value' in regex && regex.value.test(lines(actual));
    }
    case 'json': {
      const read = readJson(actual.trim(), condition.python);
      return 'value' in read && sameJson(read.value, condition.value);
    }
    case 'not':
      return sound(condition.expectation) && !compare(condition.expectation, actual).passed;
  }
}

/** A pattern that is none must not pass below a `not`. */
function sound(expectation: Expectation): boolean {
  return expectation.every((condition) => {
    if (condition.kind === 'not') return sound(condition.expectation);
    return condition.kind !== 'match' || 'value' in parseRegex(condition.pattern);
  });
}

/** Lines end in many ways, on a terminal with a carriage return before the newline. */
function lines(text: string): string {
  return text.replace(/\r*\n|\r/g, '\n');
}

/** Without the newline that ends an output, or a block of YAML. */
function unended(text: string): string {
  return lines(text).replace(/\n$/, '');
}

/** Maps have no order, and zero has no sign. What nests so deeply that the stack ends is equal to nothing. */
function sameJson(one: unknown, other: unknown): boolean {
  try {
    return isDeepStrictEqual(plain(one), plain(other));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return value + 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function describe(expectation: Expectation, actual: string): string {
  return expectation.map((condition) => inWords(condition, actual)).join('\nand ');
}

function inWords(condition: Condition, actual: string): string {
  switch (condition.kind) {
    case 'text':
      return lines(condition.text);
    case 'exact':
      return `exactly ${JSON.stringify(unended(condition.text))}`;
    case 'contains':
      return `contains ${JSON.stringify(unended(condition.text))}`;
    case 'match': {
      const regex = parseRegex(condition.pattern);
      return `matches /${condition.pattern}/${'fault' in regex ? ` (${regex.fault})` : ''}`;
    }
    case 'json': {
      const read = readJson(actual.trim(), condition.python);
      return `${JSON.stringify(condition.value)} as JSON${'fault' in read ? ` (what came is ${read.fault})` : ''}`;
    }
    case 'not':
      return `not: ${describe(condition.expectation, actual)}`;
  }
}

/** What a value is saved from. `headers` has names in lower case. */
export interface Picked {
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The value to keep; the fault says what isn't there. A part of JSON keeps its type. */
export function pick({ name, from }: Save, { text, headers = {} }: Picked): Parsed<unknown> {
  switch (from.kind) {
    case 'whole':
      return { value: lines(text).trim() };
    case 'json':
      return named(name, partOf(text, from.path, from.python));
    case 'match': {
      const regex = parseRegex(from.pattern);
      if ('fault' in regex) return named(name, regex);
      const found = regex.value.exec(lines(text));
      if (found === null) return named(name, { fault: `nothing matches /${from.pattern}/ in ${short(text)}` });
      return { value: found[1] ?? found[0] };
    }
    case 'header': {
      const value = headers[from.header.toLowerCase()];
      return value === undefined ? named(name, { fault: `there is no header ${from.header}` }) : { value };
    }
  }
}

function named(name: string, result: Parsed<unknown>): Parsed<unknown> {
  return 'fault' in result ? { fault: `${name} can't be saved: ${result.fault}` } : result;
}

/** "a.b.0"; an empty path is the whole. */
function partOf(text: string, path: string, python: boolean): Parsed<unknown> {
  const read = readJson(text.trim(), python);
  if ('fault' in read) return { fault: `${short(text)} is ${read.fault}` };
  let value: unknown = read.value;
  for (const [index, key] of (path === '' ? [] : path.split('.')).entries()) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      const above = path.split('.').slice(0, index).join('.');
      return {
        fault: `there is no ${key} in ${above === '' ? short(text) : `${above}, which is ${short(JSON.stringify(value))}`}`,
      };
    }
    value = Reflect.get(value, key);
  }
  return { value };
}

function short(text: string): string {
  const line = lines(text).trim();
  return JSON.stringify(line.length > 80 ? `${line.slice(0, 80)}…` : line);
}
