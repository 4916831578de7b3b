import { isIdentifier } from '../config/target.ts';
import type { Variables } from './scenario.ts';

/** A `${name}` of a text. */
export interface Use {
  readonly written: string;
  /** undefined: what stands between the braces is no name, or they don't close. */
  readonly name: string | undefined;
}

const special = /\$\$|\$\{([^{}]*)\}|\$\{/g;

/** What a text is to be filled in with, in its order. A dollar before anything but a brace is a dollar. */
export function usesIn(text: string): readonly Use[] {
  return [...text.matchAll(special)]
    .filter(([written]) => written !== '$$')
    .map(([written, name]) => use(written, name));
}

function use(written: string, name: string | undefined): Use {
  return { written, name: name !== undefined && isIdentifier(name) ? name : undefined };
}

/**
 * A step, or a part of one, with its variables filled in; JSON keeps the types of values. That every variable has a value
 * here is settled when the file is read: one that has none is a defect.
 */
export function fill<T>(value: T, variables: Variables): T {
  const missing = new Set<string>();
  const result = filled(value, { variables, missing, typed: false }) as T;
  if (missing.size > 0) throw new Error(`nothing to fill in for ${[...missing].join(', ')}`);
  return result;
}

/** A text with its variables filled in; what has no value stays as written. */
export function fillText(text: string, variables: Variables): string {
  return String(filled(text, { variables, missing: new Set(), typed: false }));
}

/** A value as it stands in a text. */
export function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

interface Filling {
  readonly variables: Variables;
  readonly missing: Set<string>;
  /** A text that is one variable and nothing else becomes its value, whatever the type. */
  readonly typed: boolean;
}

function filled(value: unknown, filling: Filling): unknown {
  if (typeof value === 'string') return filledText(value, filling);
  if (Array.isArray(value)) return value.map((item) => filled(item, filling));
  if (typeof value !== 'object' || value === null) return value;
  const json = !filling.typed && 'kind' in value && value.kind === 'json';
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      return [filledKey(key, filling), filled(inner, json && key === 'value' ? { ...filling, typed: true } : filling)];
    }),
  );
}

function filledKey(key: string, filling: Filling): string {
  return String(filledText(key, { ...filling, typed: false }));
}

function filledText(text: string, { variables, missing, typed }: Filling): unknown {
  const [only] = usesIn(text);
  if (typed && only?.written === text && only.name !== undefined && Object.hasOwn(variables, only.name)) {
    return variables[only.name];
  }
  return text.replace(special, (written: string, inner: string | undefined) => {
    if (written === '$$') return '$';
    const { name } = use(written, inner);
    if (name !== undefined && Object.hasOwn(variables, name)) return asText(variables[name]);
    missing.add(written);
    return written;
  });
}
