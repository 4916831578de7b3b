import type { z } from 'zod';
import { didYouMean } from './problems.ts';
import { type FileSchema, keysAt } from './schema.ts';
import type { KeyPath, Source, Spot } from './yaml.ts';

type Issue = z.core.$ZodIssue;

/** Says each of zod's issues in our words, at its place in the file. */
export function spotsOf(issues: readonly Issue[], source: Source, schema: FileSchema): readonly Spot[] {
  return issues.flatMap((issue) => spotsOfOne(issue, source, schema));
}

function spotsOfOne(issue: Issue, source: Source, schema: FileSchema): readonly Spot[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const name = spell(path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const known = keysAt(schema, path);
      const message = `unknown key \`${spell([...path, key])}\`${didYouMean(key, known)}`;
      return { ...source.place([...path, key], 'key'), message: name === '' ? message : withKeys(message, known) };
    });
  }
  if (issue.code === 'invalid_type') {
    const found = typeName(valueAt(source.value, path));
    const expected = expectedNames[issue.expected] ?? issue.expected;
    const message =
      name === '' ? `expected a map of keys, not ${found}` : `\`${name}\` should be ${expected}, not ${found}`;
    return [{ ...source.place(path, 'value'), message }];
  }
  if (issue.code === 'invalid_key') {
    return [{ ...source.place(path, 'key'), message: `\`${name}\`: ${issue.issues[0]?.message ?? issue.message}` }];
  }
  const atKey = issue.code === 'custom' && issue.params?.at === 'key';
  const message = atKey ? `\`${name}\` is ${issue.message}` : `\`${name}\`: ${issue.message}`;
  return [{ ...source.place(path, atKey ? 'key' : 'value'), message }];
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
  return `a ${typeof value} (${String(value)})`;
}
