import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml';
import { tooDeep } from './depth.ts';
import type { Environment } from './flags.ts';
import { interpolate } from './interpolate.ts';

/** A fault at a place of the file. */
export interface Spot {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** Keys and indexes from the top of the document. */
export type KeyPath = readonly (string | number)[];

/** A configuration file as plain data, with the places its values came from. */
export interface Source {
  readonly value: unknown;
  readonly spots: readonly Spot[];
  /** The text is not valid YAML. */
  readonly broken: boolean;
  /** Variables that were filled in but are unset. */
  readonly unset: readonly string[];
  /** Place of a value, or of its key; of the nearest parent where the path itself does not exist. */
  place(path: KeyPath, of: 'key' | 'value'): { readonly line: number; readonly column: number };
}

// More than any configuration needs; aliases of aliases reach it before they fill the memory.
const mostNodes = 10_000;

/** `textual` paths give numbers and booleans by their source text, so that 3.10 stays "3.10". */
export interface ReadOptions {
  readonly env: Environment;
  /** Where text is filled in with variables of the environment; undefined: everywhere. */
  readonly fills?: (path: KeyPath) => boolean;
  readonly textual: (path: KeyPath) => boolean;
  /** Where a key without a value means something; elsewhere it is the same as no key. */
  readonly keepsNull: (path: KeyPath) => boolean;
}

/** What one reading gathers on its way through the document. */
interface Reading {
  readonly options: ReadOptions;
  readonly counter: LineCounter;
  readonly spots: Spot[];
  readonly unset: Set<string>;
  readonly places: Map<string, { readonly key: number; readonly value: number }>;
  readonly anchors: Map<string, Node>;
  /** Anchored nodes being read: an alias to one of them would never end. */
  readonly open: Set<Node>;
  nodes: number;
}

/** Parses YAML text; all faults are in `spots`, and then the value is what could be recovered. */
export function parseSource(text: string, options: ReadOptions): Source {
  const counter = new LineCounter();
  const deep = tooDeep(text);
  // The beginning is read all the same, for its lines.
  const doc = parseDocument(deep === undefined ? text : text.slice(0, deep).replace(/[^\n]/g, ' '), {
    lineCounter: counter,
    keepSourceTokens: true,
    prettyErrors: false,
    uniqueKeys: false,
    version: '1.2',
  });
  const reading: Reading = {
    options,
    counter,
    spots: [],
    unset: new Set(),
    places: new Map(),
    anchors: new Map(),
    open: new Set(),
    nodes: 0,
  };
  for (const { pos, message } of [...doc.errors, ...doc.warnings]) report(reading, pos[0], explain(message));
  if (deep !== undefined) report(reading, deep, 'nested too deeply');
  const syntax = reading.spots.slice();
  const value = plain(reading, doc.contents, []) ?? {};
  return {
    value,
    // What a recovered document seems to hold besides its first syntax fault is mostly the echo of that.
    spots: doc.errors.length > 0 ? syntax.toSorted(byPlace).slice(0, 1) : reading.spots,
    broken: doc.errors.length > 0 || deep !== undefined || reading.nodes > mostNodes,
    unset: [...reading.unset],
    place: (path, of) => {
      for (let length = path.length; length > 0; length--) {
        const found = reading.places.get(JSON.stringify(path.slice(0, length)));
        if (found !== undefined) return at(counter, found[of]);
      }
      return at(counter, doc.contents === null ? 0 : startOf(doc.contents));
    },
  };
}

function byPlace(one: Spot, other: Spot): number {
  return one.line - other.line || one.column - other.column;
}

function report(reading: Reading, offset: number, message: string): void {
  reading.spots.push({ ...at(reading.counter, offset), message });
}

function plain(reading: Reading, node: Node | null, path: KeyPath): unknown {
  if (node === null) return null;
  reading.nodes++;
  if (reading.nodes > mostNodes) {
    const first = reading.nodes === mostNodes + 1;
    if (first) report(reading, startOf(node), `more than ${mostNodes} values; do aliases refer to each other?`);
    return null;
  }
  if (isAlias(node)) return plainAlias(reading, node, path);
  const { anchor } = node as { anchor?: string };
  if (anchor !== undefined) reading.anchors.set(anchor, node);
  reading.open.add(node);
  const value = plainNode(reading, node, path);
  reading.open.delete(node);
  return value;
}

function plainNode(reading: Reading, node: Node, path: KeyPath): unknown {
  if (isMap(node)) return plainMap(reading, node.items as Pair[], path);
  if (isSeq(node)) return plainList(reading, node.items as Node[], path);
  return plainScalar(reading, node as Scalar, path);
}

function plainAlias(reading: Reading, alias: Alias, path: KeyPath): unknown {
  const name = alias.source;
  const target = reading.anchors.get(name);
  if (target !== undefined && !reading.open.has(target)) return plain(reading, target, path);
  const message = target === undefined ? `there is no anchor &${name} before *${name}` : `*${name} contains itself`;
  report(reading, startOf(alias), message);
  return null;
}

function plainList(reading: Reading, items: readonly Node[], path: KeyPath): readonly unknown[] {
  return items.map((item, index) => {
    const inner = [...path, index];
    reading.places.set(JSON.stringify(inner), { key: startOf(item), value: startOf(item) });
    return plain(reading, item, inner);
  });
}

function plainMap(reading: Reading, items: readonly Pair[], path: KeyPath): Readonly<Record<string, unknown>> {
  const map: Record<string, unknown> = {};
  const seen = new Map<string, number>();
  for (const pair of items) {
    const node = pair.key as Node;
    const start = startOf(node);
    const key = keyOf(node);
    if (key === undefined || key === '<<' || key === '__proto__') {
      report(
        reading,
        start,
        key === undefined ? 'expected a plain word as key' : `the key \`${key}\` is not supported`,
      );
      continue;
    }
    const first = seen.get(key);
    if (first !== undefined) {
      report(reading, start, `\`${key}\` is given twice, first on line ${at(reading.counter, first).line}`);
    }
    seen.set(key, start);
    const inner = [...path, key];
    const value = pair.value as Node | null;
    reading.places.set(JSON.stringify(inner), { key: start, value: value?.range ? startOf(value) : start });
    const read = plain(reading, value, inner);
    if (read !== null || reading.options.keepsNull(inner)) map[key] = read;
  }
  return map;
}

function keyOf(node: Node): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? '');
}

function plainScalar(reading: Reading, node: Scalar, path: KeyPath): unknown {
  const { value, source } = node;
  if (typeof value !== 'string') {
    return value !== null && reading.options.textual(path) ? (source ?? String(value)) : value;
  }
  if (reading.options.fills?.(path) === false) return value;
  const filled = interpolate(value, reading.options.env);
  if ('text' in filled) {
    for (const name of filled.unset) reading.unset.add(name);
    return filled.text;
  }
  report(reading, startOf(node), filled.fault);
  return null;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function at(counter: LineCounter, offset: number): { readonly line: number; readonly column: number } {
  const { line, col } = counter.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function explain(message: string): string {
  if (message.startsWith('Tabs are not allowed')) return 'tabs are not allowed as indentation; use spaces';
  if (message.startsWith('Source contains multiple documents')) return 'more than one document; remove the `---` line';
  if (message.endsWith('at node end')) return 'not valid YAML: more text behind a value; put the whole value in quotes';
  const first = message.slice(0, 1).toLowerCase() + message.slice(1);
  return `not valid YAML: ${first}`;
}
