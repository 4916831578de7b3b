import type { Parsed } from '../config/parsers.ts';
import { isIdentifier } from '../config/target.ts';
import type { Step, Variables } from './scenario.ts';

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

/** A step with its variables filled in; a fault names those that have no value. JSON keeps the types of values. */
export function fillStep<S extends Step>(step: S, variables: Variables): Parsed<S> {
  const missing = new Set<string>();
  const value = filled(step, { variables, missing, typed: false }) as S;
  if (missing.size === 0) return { value };
  const names = [...missing].map((written) => `\`${written}\``).join(', ');
  return { fault: `${names} ${missing.size === 1 ? 'has' : 'have'} no value: no step that ran has saved it` };
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
      return [key, filled(inner, json && key === 'value' ? { ...filling, typed: true } : filling)];
    }),
  );
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
