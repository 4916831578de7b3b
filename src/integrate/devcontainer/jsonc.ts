import {
  applyEdits,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { ExitCode, Fault } from '../../errors.ts';

/** The value of a JSON text with comments; a Fault (code 2) with line and column where it is none. */
export function readJsonc(text: string, path: string): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
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

/** `text` with `value` at `path`, where nothing is or something else; all the rest, comments included, as it was. */
export function setJsonc(text: string, path: JSONPath, value: unknown): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree === undefined || findNodeAtLocation(tree, path) !== undefined) return replace(text, path, value);
  const depth = path.findLastIndex((_, index) => findNodeAtLocation(tree, path.slice(0, index)) !== undefined);
  const parent = findNodeAtLocation(tree, path.slice(0, depth));
  const nested = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  if (parent?.type === 'object') return append(text, parent, path[depth], nested) ?? replace(text, path, value);
  return replace(text, path, value);
}

/** `text` with another entry at the end of the list at `path`. */
export function pushJsonc(text: string, path: JSONPath, value: unknown): string {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  const list = tree && findNodeAtLocation(tree, path);
  const length = list?.children?.length ?? 0;
  return (list && append(text, list, undefined, value)) ?? replace(text, [...path, length], value, true);
}

/** A JSON object, and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function replace(text: string, path: JSONPath, value: unknown, isArrayInsertion = false): string {
  const unit = unitOf(text);
  const formattingOptions = { insertSpaces: unit !== '\t', tabSize: unit.length, eol: eolOf(text) };
  return applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion }));
}

/**
 * Behind the last child of `parent` and that one's comment, which jsonc-parser would leave to the newcomer; undefined:
 * there is no child.
 */
function append(text: string, parent: Node, key: string | number | undefined, value: unknown): string | undefined {
  const last = parent.children?.at(-1);
  if (last === undefined) return undefined;
  const end = last.offset + last.length;
  const name = key === undefined ? '' : `${JSON.stringify(`${key}`)}: `;
  const [behind = '', comma = ''] =
    /^(?:[ \t]|\/\*[^\n]*?\*\/)*(,?)(?:[ \t]|\/\*[^\n]*?\*\/)*(?:\/\/[^\r\n]*)?/.exec(text.slice(end)) ?? [];
  const line = text.slice(text.lastIndexOf('\n', last.offset) + 1, last.offset);
  if (line.trim() !== '') {
    const one = `${name}${JSON.stringify(value)}`;
    return `${text.slice(0, end)}, ${one}${text.slice(end)}`;
  }
  const eol = eolOf(text);
  const entry = `${name}${JSON.stringify(value, undefined, unitOf(text))}`.replaceAll('\n', `${eol}${line}`);
  const separator = comma === '' ? ',' : '';
  return [text.slice(0, end), separator, behind, eol, line, entry, comma, text.slice(end + behind.length)].join('');
}

function unitOf(text: string): string {
  return /^([ \t]+)["{[]/m.exec(text)?.[1]?.replace(/^\t+$/, '\t') ?? '  ';
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
