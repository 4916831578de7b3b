import { applyEdits, type JSONPath, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
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

/** `text` with `value` at `path`, all else, comments and indentation included, as it was; undefined removes it. */
export function setJsonc(text: string, path: JSONPath, value: unknown, insert = false): string {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions, isArrayInsertion: insert }));
}

/** A JSON object, and no array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
