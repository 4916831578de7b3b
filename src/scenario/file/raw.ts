import type { KeyPath } from '../../config/yaml.ts';

/** A fault that no schema knows: of the order of things, or of names. */
export interface Finding {
  readonly path: KeyPath;
  readonly of: 'key' | 'value';
  readonly message: string;
  /** What the caret points at, where that is in the value's first line. */
  readonly text?: string;
}

/** The map in a value that nothing has checked; empty where it is none. */
export function mapIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The list in a value that nothing has checked; empty where it is none. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text, and where it stands. */
export interface Text {
  readonly text: string;
  readonly path: KeyPath;
  readonly of: 'key' | 'value';
}

/** Every text in a value that nothing has checked, keys of maps among them. */
export function textsIn(value: unknown, path: KeyPath = []): readonly Text[] {
  if (typeof value === 'string') return [{ text: value, path, of: 'value' }];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  return Object.entries(mapIn(value)).flatMap(([key, inner]) => {
    const below = [...path, key];
    return [{ text: key, path: below, of: 'key' } as const, ...textsIn(inner, below)];
  });
}
