import {
  findNodeAtLocation,
  getNodeValue,
  type JSONPath,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { ExitCode, Fault } from './errors.ts';

/*
 * JSON with comments, as editors keep their settings: read, and changed so that all the rest stays as it was written.
 * jsonc-parser's own modify() would lay out what stands on the same line, and leave an entry's comment to its new
 * neighbour.
 */

const OPTIONS = { allowTrailingComma: true };

/** The object in a text; a Fault (code 2) with line and column where it is none. `path` names it for people. */
export function readJsonc(text: string, path: string): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, OPTIONS);
  const [first] = errors;
  if (first !== undefined) {
    const lines = text.slice(0, first.offset).split('\n');
    const place = `${path}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
    throw new Fault(`${place}: this is no JSON with comments (${printParseErrorCode(first.error)})`, {
      code: ExitCode.usage,
      hint: 'Mend it, and run the same command again.',
    });
  }
  if (isObject(value)) return value;
  throw new Fault(`${path}: expected an object, { … }`, { code: ExitCode.usage });
}

/** `text` with `value` at `path`, where nothing is or something else; what is above it is made, too. */
export function setJsonc(text: string, path: JSONPath, value: unknown): string {
  const tree = treeOf(text);
  const there = findNodeAtLocation(tree, path);
  if (there !== undefined && isSame(getNodeValue(there), value)) return text;
  if (there !== undefined) return put(text, there.offset, there.length, written(text, value, indentAt(text, there)));
  const depth = path.findLastIndex((_, index) => findNodeAtLocation(tree, path.slice(0, index)) !== undefined);
  const parent = findNodeAtLocation(tree, path.slice(0, depth));
  const nested = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (parent?.type === 'object') return add(text, parent, `${JSON.stringify(`${path[depth]}`)}: `, nested);
  // A word stands where an object is needed.
  return setJsonc(text, path.slice(0, depth), { [`${path[depth]}`]: nested });
}

/** `text` with another entry at the end of the list at `path`, which is there. */
export function pushJsonc(text: string, path: JSONPath, value: unknown): string {
  const list = findNodeAtLocation(treeOf(text), path);
  return list?.type === 'array' ? add(text, list, '', value) : setJsonc(text, path, [value]);
}

/** A JSON object, and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function treeOf(text: string): Node {
  const tree = parseTree(text, [], OPTIONS);
  if (tree === undefined) throw new Error('no JSON to change');
  return tree;
}

/** Another child of `parent`: behind the last one and that one's comment. `name` is its key and colon, of an object. */
function add(text: string, parent: Node, name: string, value: unknown): string {
  const last = parent.children?.at(-1);
  if (last === undefined) return fill(text, parent, name, value);
  const end = last.offset + last.length;
  const indent = text.slice(text.lastIndexOf('\n', last.offset) + 1, last.offset);
  // Several on a line stay so.
  if (indent.trim() !== '') return put(text, end, 0, `, ${name}${JSON.stringify(value)}`);
  const [behind = '', comma = ''] =
    /^(?:[ \t]|\/\*[^\n]*?\*\/)*(,?)(?:[ \t]|\/\*[^\n]*?\*\/)*(?:\/\/[^\r\n]*)?/.exec(text.slice(end)) ?? [];
  const entry = `${behind}${eolOf(text)}${indent}${name}${written(text, value, indent)}${comma}`;
  return put(text, end, behind.length, `${comma === '' ? ',' : ''}${entry}`);
}

/** The first child of `parent`, behind what stands in it: nothing, or comments. */
function fill(text: string, parent: Node, name: string, value: unknown): string {
  const inner = text.slice(parent.offset + 1, parent.offset + parent.length - 1);
  const eol = eolOf(text);
  const outer = indentAt(text, parent);
  const indent = outer + unitOf(text);
  const entry = `${inner.trimEnd()}${eol}${indent}${name}${written(text, value, indent)}${eol}${outer}`;
  return put(text, parent.offset + 1, inner.length, entry);
}

function put(text: string, offset: number, length: number, by: string): string {
  return text.slice(0, offset) + by + text.slice(offset + length);
}

/** As JSON, laid out like the text, whose line with it begins with `indent`. */
function written(text: string, value: unknown, indent: string): string {
  return JSON.stringify(value, undefined, unitOf(text)).replaceAll('\n', `${eolOf(text)}${indent}`);
}

/** What the line of `node` begins with. */
function indentAt(text: string, { offset }: Node): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

/** What the text is indented with. */
function unitOf(text: string): string {
  return /^([ \t]+)["{[\]]/m.exec(text)?.[1]?.replace(/^\t+$/, '\t') ?? '  ';
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
