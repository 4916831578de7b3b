import { z } from 'zod';
import { looksRequired } from './package-kind.ts';
import { listed } from './parsers.ts';
import { didYouMean } from './problems.ts';
import type { KeyPath, Source, Spot } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** Says each of zod's issues in our words, at its place in the file. */
export function spotsOf(issues: readonly Issue[], source: Source, schema: z.ZodType): readonly Spot[] {
  return issues.filter((issue) => !explained(issue, issues)).flatMap((issue) => spotsOfOne(issue, source, schema));
}

/** What a map lacks as a whole is most likely what its unknown key was meant to be. */
function explained(issue: Issue, issues: readonly Issue[]): boolean {
  if (issue.code !== 'custom' || issue.params?.at === 'key') return false;
  const place = issue.path.join('\0');
  return issues.some((other) => other.code === 'unrecognized_keys' && other.path.join('\0') === place);
}

function spotsOfOne(issue: Issue, source: Source, schema: z.ZodType): readonly Spot[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const name = spell(path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => {
      // In a list, each item has keys of its own kind.
      const apart = known.includes(key) || path.some((part) => typeof part === 'number');
      const meant = apart ? [] : keysBelow(schema, key);
      const near = meant.length === 0 ? didYouMean(key, known) : `; did you mean ${listed(meant)}?`;
      const message = `unknown key \`${spell([...path, key])}\`${near}`;
      return { ...source.place([...path, key], 'key'), message: name === '' ? message : withKeys(message, known) };
    });
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((option) => expectedBy(option).length === 0);
    if (meant !== undefined) {
      return spotsOf(
        meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
        source,
        schema,
      );
    }
    return [wrongType(source, path, [...new Set(issue.errors.flatMap(expectedBy))], schema)];
  }
  if (issue.code === 'invalid_type') return [wrongType(source, path, [issue.expected], schema)];
  if (issue.code === 'invalid_key') {
    return [{ ...source.place(path, 'key'), message: `\`${name}\`: ${issue.issues[0]?.message ?? issue.message}` }];
  }
  const atKey = issue.code === 'custom' && issue.params?.at === 'key';
  const message =
    issue.code === 'invalid_value' ? wrongValue(issue.values, valueAt(source.value, path)) : issue.message;
  const full = atKey ? `\`${name}\` is ${message}` : `\`${name}\`: ${message}`;
  return [{ ...source.place(path, atKey ? 'key' : 'value'), message: full }];
}

/** The types of which one option of a union wants the value to be; none where the fault lies further inside. */
function expectedBy(option: readonly Issue[]): readonly string[] {
  const outermost = option.find((issue) => issue.path.length === 0);
  if (outermost?.code === 'invalid_type') return [outermost.expected];
  return outermost?.code === 'invalid_union' ? outermost.errors.flatMap(expectedBy) : [];
}

function wrongType(source: Source, path: KeyPath, expected: readonly string[], schema: z.ZodType): Spot {
  const name = spell(path);
  const value = valueAt(source.value, path);
  const found = typeName(value);
  const names = listed(expected.map((type) => expectedNames[type] ?? type));
  const typed =
    name === ''
      ? `expected a map of keys, not ${found}`
      : `\`${name}\` should be ${names}, not ${found}${needs(name, value) ?? instead(value, expected, takesTexts(schema, path))}`;
  return { ...source.place(path, 'value'), message: value === undefined ? `\`${name}\` is missing` : typed };
}

/** What goes there, where a list with the value in it would be no better. */
function needs(name: string, value: unknown): string | undefined {
  if (name !== 'packages.pip' || typeof value !== 'string' || !looksRequired(value)) return undefined;
  return `: it names requirements files; write [requirements.txt], and ${value} on a line of that file`;
}

/** How the value that stands there is written rightly, where that is known. */
function instead(value: unknown, expected: readonly string[], texts: boolean): string {
  if (typeof value === 'string' && value.length <= 40 && texts && expected.join() === 'array') {
    return `: write [${/^(?!(?:true|false|null)$)[a-z./][\w./-]*$/i.test(value) ? value : JSON.stringify(value)}]`;
  }
  // As compose files may have it; the value may be a secret.
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  const [, key] = (typeof first === 'string' && /^(\w+)=/.exec(first)) || [];
  return key !== undefined && expected.includes('record') ? `: write ${key}: … and not ${key}=…` : '';
}

function wrongValue(allowed: readonly unknown[], value: unknown): string {
  const words = allowed.map(String);
  const near = typeof value === 'string' ? didYouMean(value, words) : '';
  return `expected ${listed(words)}, not ${typeof value === 'string' ? `"${value}"` : typeName(value)}${near}`;
}

/** The keys that are valid in the map at a path, for suggestions. */
function keysAt(schema: z.ZodType, path: KeyPath): readonly string[] {
  return schemasAt(schema, path).flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
}

/** What may stand at a path. */
function schemasAt(schema: unknown, path: KeyPath): readonly unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodLazy) return schemasAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => schemasAt(option, path));
  const [first, ...rest] = path;
  if (first === undefined) return [schema];
  if (schema instanceof z.ZodObject) return schemasAt(schema.shape[String(first)], rest);
  if (schema instanceof z.ZodArray) return schemasAt(schema.element, rest);
  return schema instanceof z.ZodRecord ? schemasAt(schema.valueType, rest) : [];
}

/** A list of texts may stand at a path. */
function takesTexts(schema: z.ZodType, path: KeyPath): boolean {
  const items = schemasAt(schema, path).flatMap((one) => (one instanceof z.ZodArray ? schemasAt(one.element, []) : []));
  return items.some((one) => one instanceof z.ZodString || (one instanceof z.ZodPipe && one.in instanceof z.ZodString));
}

/** Where a key of this name is in the maps below the top: "`server.port`". */
function keysBelow(schema: z.ZodType, key: string, path: KeyPath = []): readonly string[] {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject)) return [];
  const here = path.length > 0 && key in inner.shape ? [`\`${spell([...path, key])}\``] : [];
  return [...here, ...Object.entries(inner.shape).flatMap(([name, one]) => keysBelow(one, key, [...path, name]))];
}

function withKeys(message: string, known: readonly string[]): string {
  return message.endsWith('?') ? message : `${message}; the keys there are ${known.join(', ')}`;
}

const expectedNames: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

/** "server.static", "packages.pip[0]" */
function spell(path: KeyPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((inner, part) => {
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, part) : undefined;
  }, value);
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return `text ("${value.length > 40 ? `${value.slice(0, 40)}...` : value}")`;
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : '.inf';
  return `a ${typeof value} (${String(value)})`;
}
