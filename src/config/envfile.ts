import type { Environment } from './flags.ts';
import type { Problem } from './problems.ts';
import { readText } from './text.ts';

/** The variables of an env file, and what is wrong with it. A value that is undefined comes from the environment. */
export interface EnvFile {
  readonly values: ReadonlyMap<string, string | undefined>;
  readonly problems: readonly Problem[];
}

/** Reads KEY=VALUE lines as docker compose does; `name` is the file's name in messages. */
export function readEnvFile(path: string, name: string): EnvFile {
  const read = readText(path);
  if (!('fault' in read)) return parseEnvText(read.text, name);
  return { values: new Map(), problems: [{ where: `${name}:${read.line}:${read.column}`, message: read.fault }] };
}

// Not node:util's parseEnv: it cuts `a#b` at the "#" and drops lines it does not understand without a word.
const entry =
  /[^\S\n]*(?:export[^\S\n]+)?(?<key>[A-Za-z_][\w.-]*)[^\S\n]*(?:=[^\S\n]*(?<value>"(?:\\[\s\S]|[^"\\])*"|'[^']*'|(?!["'])[^\n]*)(?<rest>[^\n]*))?(?:\n|$)/y;
const blank = /[^\S\n]*(?:#[^\n]*)?(?:\n|$)/y;

/**
 * KEY=VALUE, `export KEY=VALUE`, KEY alone, comments, 'literal' and "escaped" values, both over several lines.
 * Unquoted, a "#" after a space begins a comment. Variables are not filled in.
 */
export function parseEnvText(text: string, name: string): EnvFile {
  const source = text.replaceAll('\r\n', '\n');
  const values = new Map<string, string | undefined>();
  const problems: Problem[] = [];
  for (let at = 0; at < source.length; ) {
    blank.lastIndex = entry.lastIndex = at;
    if (blank.test(source)) {
      at = blank.lastIndex;
      continue;
    }
    const groups = entry.exec(source)?.groups;
    const { key = '', value, rest = '' } = groups ?? {};
    if (groups !== undefined && /^\s*(#.*)?$/.test(rest)) {
      values.set(key, value === undefined ? undefined : unquote(value));
      at = entry.lastIndex;
      continue;
    }
    problems.push({ where: `${name}:${position(source, at)}`, message: whatIsWrong(source, at) });
    at = source.indexOf('\n', at) + 1 || source.length;
  }
  return { values, problems };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquote(value: string): string {
  if (value.startsWith("'")) return value.slice(1, -1);
  if (value.startsWith('"'))
    return value.slice(1, -1).replace(/\\([\s\S])/g, (_, char: string) => escapes[char] ?? char);
  return value.replace(/(^|\s)#.*$/, '').trimEnd();
}

function whatIsWrong(source: string, at: number): string {
  const line = source.slice(at).split('\n', 1)[0] ?? '';
  if (!/^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*["']/.test(line)) return 'expected KEY=VALUE';
  return 'the quoted value is not closed, or something follows it';
}

function position(source: string, at: number): string {
  const start = at + source.slice(at).search(/\S/);
  const before = source.slice(0, start).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Values that were only named come from the environment; where that has none, the variable is left out. */
export function filled(
  values: ReadonlyMap<string, string | null | undefined>,
  env: Environment,
): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const [key, given] of values) {
    const value = given ?? env[key];
    if (value !== undefined) result[key] = value;
  }
  return result;
}
