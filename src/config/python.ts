/** What one Python file binds at its top level, found without running or fully parsing it. */
export interface ModuleScan {
  readonly bindings: readonly Binding[];
  /** Modules imported anywhere in the file, relative ones still with their dots. */
  readonly imports: readonly string[];
}

export interface Binding {
  readonly name: string;
  /** Bound one level down, in a top-level if, try, with or else. */
  readonly weak: boolean;
  /** `def` with these required parameters; undefined when not a function. */
  readonly parameters: readonly string[] | undefined;
  /** `async def`. */
  readonly async: boolean;
  /** Right-hand side of an assignment, strings emptied. */
  readonly value: string | undefined;
  /** Module of `from MODULE import name`, or of `import MODULE as name`. */
  readonly from: string | undefined;
  /** The name it has in that module; undefined for a module itself. */
  readonly original: string | undefined;
}

interface Statement {
  readonly indent: number;
  readonly text: string;
}

/** Reads the bindings and imports of a file's text; strings, docstrings and comments hold none. */
export function scanModule(text: string): ModuleScan {
  const bindings: Binding[] = [];
  const imports: string[] = [];
  let block = '';
  let blockIndent = 0;
  for (const { indent, text: line } of statements(text)) {
    imports.push(...importsOf(line));
    if (indent === 0) {
      block = line;
      blockIndent = 0;
    } else if (blockIndent === 0) {
      blockIndent = indent;
    }
    const weak = indent > 0;
    // Deeper code may never run, and what `if __name__ == "__main__"` binds exists for no server.
    if (weak && (indent !== blockIndent || !/^(if|elif|else|try|except|finally|with)\b/.test(block))) continue;
    if (weak && /^if\b.*\b__name__\b/.test(block)) continue;
    bindings.push(...bindingsOf(line).map((binding) => ({ ...binding, weak })));
  }
  return { bindings, imports };
}

const token = /(?:[rbfutRBFUT]{0,2})(?:"""|''')|(?:[rbfutRBFUT]{0,2})["']|#[^\n]*|[([{]|[)\]}]|\\\n|\n|;/g;

/** Logical lines: strings become '', comments go, brackets and backslashes join lines, semicolons split them. */
function statements(source: string): readonly Statement[] {
  const text = source.replace(/\r\n?/g, '\n').replace(/^\uFEFF/, '');
  const done: Statement[] = [];
  let line = '';
  let depth = 0;
  let at = 0;
  let sameLine: number | undefined;
  const finish = (goesOn: boolean) => {
    const indent = sameLine ?? line.search(/\S/);
    if (line.trim() !== '') done.push({ indent, text: line.trim() });
    sameLine = goesOn ? indent : undefined;
    line = '';
  };
  token.lastIndex = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    line += text.slice(at, match.index);
    at = token.lastIndex;
    const found = match[0];
    if (/["']$/.test(found)) {
      at = endOfString(text, at, found.replace(/^[a-z]+/i, ''));
      line += "''";
    } else if (/^[([{]$/.test(found)) {
      depth++;
      line += found;
    } else if (/^[)\]}]$/.test(found)) {
      depth = Math.max(0, depth - 1);
      line += found;
    } else if (found === '\\\n' || (found === '\n' && depth > 0)) {
      line += ' ';
    } else if (found === '\n' || (found === ';' && depth === 0)) {
      finish(found === ';');
    }
    token.lastIndex = at;
  }
  line += text.slice(at);
  finish(false);
  return done;
}

/** The offset after the closing quote; a one-line string that is not closed ends with its line. */
function endOfString(text: string, start: number, quote: string): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith(quote, at)) return at + quote.length;
    else if (text[at] === '\n' && quote.length === 1) return at;
  }
  return text.length;
}

function importsOf(line: string): readonly string[] {
  const from = /^from\s+([\w.]+)\s+import\s+(.+)$/.exec(line);
  if (from !== null) {
    const base = from[1] ?? '';
    // `from shop import wsgi` may import a module: both readings are kept.
    const prefix = base.endsWith('.') ? base : `${base}.`;
    return [base, ...importedNames(from[2] ?? '').map(({ original }) => prefix + original)];
  }
  const plain = /^import\s+(.+)$/.exec(line);
  return plain === null ? [] : importedNames(plain[1] ?? '').map(({ original }) => original);
}

function importedNames(list: string): readonly { readonly original: string; readonly name: string }[] {
  return list
    .replace(/[()]/g, '')
    .split(',')
    .flatMap((item) => {
      const match = /^\s*([\w.]+)(?:\s+as\s+(\w+))?\s*$/.exec(item);
      return match === null ? [] : [{ original: match[1] ?? '', name: match[2] ?? match[1] ?? '' }];
    });
}

const nothing = { parameters: undefined, async: false, value: undefined, from: undefined, original: undefined };

function bindingsOf(line: string): readonly Omit<Binding, 'weak'>[] {
  const def = /^(async\s+)?def\s+(\w+)\s*\((.*)\)/.exec(line);
  if (def !== null) {
    const parameters = requiredParameters(def[3] ?? '');
    return [{ ...nothing, name: def[2] ?? '', parameters, async: def[1] !== undefined }];
  }
  const cls = /^class\s+(\w+)/.exec(line);
  if (cls !== null) return [{ ...nothing, name: cls[1] ?? '' }];
  const from = /^from\s+([\w.]+)\s+import\s+(.+)$/.exec(line);
  if (from !== null) {
    return importedNames(from[2] ?? '').map(({ name, original }) => ({ ...nothing, name, original, from: from[1] }));
  }
  const plain = /^import\s+(.+)$/.exec(line);
  if (plain !== null)
    return importedNames(plain[1] ?? '').map(({ name, original }) => ({ ...nothing, name, from: original }));
  return assigned(line);
}

function assigned(line: string): readonly Omit<Binding, 'weak'>[] {
  const annotated = /^(\w+)\s*:[^=]+=(?!=)\s*(.*)$/.exec(line);
  if (annotated !== null) return [{ ...nothing, name: annotated[1] ?? '', value: annotated[2] }];
  const match = /^((?:[\w\s,]+=(?!=)\s*)+)(.*)$/.exec(line);
  if (match === null) return [];
  const names = (match[1] ?? '').split(/[=,]/).map((name) => name.trim());
  return names.filter((name) => /^\w+$/.test(name)).map((name) => ({ ...nothing, name, value: match[2] }));
}

function requiredParameters(list: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of `${list},`) {
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
    if (char === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += char;
  }
  // What stands after a bare "*" is by keyword, and still required without a default.
  return parts.filter((text) => text !== '' && !text.startsWith('*') && text !== '/' && !text.includes('='));
}
