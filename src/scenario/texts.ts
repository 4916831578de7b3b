import type { Parsed } from '../config/parsers.ts';
import { isIdentifier } from '../config/target.ts';

/** The text holds `${name}`: what it will be is known when the scenario runs. */
export function isOpen(text: string): boolean {
  return /\$\{/.test(text.replaceAll('$$', ''));
}

/** "GET /cart?item=3" */
export function parseRequestLine(text: string): Parsed<{ readonly method: string; readonly path: string }> {
  const [, method, path] = /^(\S+)\s+(.+)$/s.exec(text.trim()) ?? [];
  if (method === undefined || path === undefined) return { fault: 'expected METHOD /path, such as GET /cart' };
  const fault = methodFault(method) ?? pathFault(path);
  return fault === undefined ? { value: { method, path } } : { fault };
}

/** What is wrong with an HTTP method; undefined: nothing. */
export function methodFault(text: string): string | undefined {
  if (isOpen(text) || /^[A-Z]+$/.test(text)) return undefined;
  const upper = text.toUpperCase();
  return /^[A-Z]+$/.test(upper) ? `methods are in capitals: ${upper}` : `"${text}" is not an HTTP method, such as GET`;
}

/** What is wrong with the path of a request. */
export function pathFault(text: string): string | undefined {
  if (/^[a-z]+:\/\//i.test(text)) return 'expected a path such as /cart: the host and port are those of the container';
  if (!/^(\/|\$\{)/.test(text)) return `a path starts with "/", "${text}" does not`;
  if (/\sHTTP\/\d/.test(text)) return 'leave the HTTP version out';
  if (/[\s\x00-\x1f\x7f]/.test(text)) return 'a space in a path is written %20 (+ behind the question mark)';
  return text.includes('#')
    ? 'what follows # is never sent to a server; the character itself is written %23'
    : undefined;
}

/** A path as it goes over the wire: what is no ASCII, and blanks of filled-in values, are percent-encoded. */
export function requestTarget(path: string): string {
  const percent = (byte: number) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return path.replace(/[^\x21-\x7e]+/g, (text) => Array.from(Buffer.from(text), percent).join(''));
}

/** A place in the source; `line` undefined: anywhere in the file. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number | undefined;
}

/** "shop/views.py:42" or "shop/views.py" */
export function parsePlace(text: string): Parsed<SourcePlace> {
  const expected = 'expected FILE:LINE or FILE, such as shop/views.py:42';
  const [, file = '', digits] = /^\s*([^:]*?)\s*(?::\s*(\S*)\s*)?$/.exec(text) ?? [];
  if (file === '' || (digits === undefined && /^\d+$/.test(file))) return { fault: expected };
  if (digits !== undefined && !/^[1-9]\d{0,8}$/.test(digits))
    return { fault: `${expected}; "${digits}" is not a line` };
  return { value: { file: file.replace(/^\.\//, ''), line: digits === undefined ? undefined : Number(digits) } };
}

/** What is wrong with the place of a stop. */
export function placeFault(text: string): string | undefined {
  if (isOpen(text)) return undefined;
  const place = parsePlace(text);
  return 'fault' in place ? place.fault : undefined;
}

/** A pattern of `match`: searched anywhere; ^ and $ are the ends of lines, the dot is no line's end. */
export function parseRegex(pattern: string, flags = 'mu'): Parsed<RegExp> {
  try {
    return { value: new RegExp(pattern, flags) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error);
    return { fault: `not a regular expression: ${reason.slice(0, 1).toLowerCase()}${reason.slice(1)}` };
  }
}

/** What is wrong with a pattern. */
export function regexFault(text: string): string | undefined {
  if (isOpen(text)) return undefined;
  const regex = parseRegex(text.replaceAll('$$', '$'));
  return 'fault' in regex ? regex.fault : undefined;
}

/** What is wrong with the name of a variable. */
export function variableFault(text: string): string | undefined {
  return isIdentifier(text) ? undefined : `"${text}" is not a name; use letters, digits and _`;
}

/** What is wrong with the name of a header. */
export function headerFault(text: string): string | undefined {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? undefined : `"${text}" is not the name of a header`;
}

/** What is wrong with a header's value. */
export function headerValueFault(text: string): string | undefined {
  return /[\r\n\0]/.test(text) ? 'a header is one line' : undefined;
}

/** What is wrong with a line for the prompt. */
export function lineFault(text: string): string | undefined {
  if (/[\r\n]/.test(text)) return 'a command is one line; write each as an item of its own';
  return /[\x00-\x08\x0b-\x1f\x7f]/.test(text)
    ? "control characters can't be typed here; Ctrl-C is `interrupt: true`"
    : undefined;
}

/** What is wrong with a command for the container. */
export function commandFault(text: string): string | undefined {
  if (text.trim() === '') return 'expected a command';
  return text.includes('\0') ? 'a command has no NUL characters' : undefined;
}

/** What is wrong with a cookie's value. */
export function cookieFault(text: string): string | undefined {
  return /[;\s\x00-\x1f\x7f]/.test(text) ? 'a cookie has no spaces and no ";"; write them %20 and %3B' : undefined;
}

/** What is wrong with a status. */
export function statusFault(text: string): string | undefined {
  return isOpen(text) || /^[1-5]\d\d$/.test(text) ? undefined : `expected a status such as 200, not "${text}"`;
}

/** What is wrong with a tag. */
export function tagFault(text: string): string | undefined {
  return /^\S+$/.test(text) ? undefined : 'a tag is one word';
}
