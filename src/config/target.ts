import type { Parsed } from './parsers.ts';

/** --app as it was written, before any file was looked at. `callable` undefined: to be found in the file. */
export type WrittenTarget =
  | { readonly kind: 'module'; readonly module: string; readonly callable: Callable | undefined }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly callable: Callable | undefined;
      /** "shop.wsgi" is a file's name and a module's alike: what exists decides. */
      readonly module: string | undefined;
    };

/** A name at the top level of a file; a factory is called, without arguments, to get the application. */
export interface Callable {
  readonly name: string;
  readonly factory: boolean;
}

const identifier = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** "pkg.mod:callable", "pkg.mod:factory()", "pkg.mod", "path/file.wsgi", "path/file.py", "file.py:callable". */
export function parseTarget(text: string): Parsed<WrittenTarget> {
  if (text.trim() === '') return { fault: 'expected module:callable, module:factory() or a script file' };
  const colon = text.lastIndexOf(':');
  const where = colon === -1 ? text : text.slice(0, colon);
  const callable = colon === -1 ? { value: undefined } : parseCallable(text.slice(colon + 1));
  if ('fault' in callable) return callable;
  if (where.includes('/') || /\.(py|wsgi)$/.test(where)) {
    if (/[\0\n"']/.test(where)) return { fault: `"${where}" is not a file's name` };
    const module = where.endsWith('.wsgi') && where.split('.').every(isIdentifier) ? where : undefined;
    return { value: { kind: 'file', path: where, callable: callable.value, module } };
  }
  const wrong = where.split('.').find((part) => !isIdentifier(part));
  if (wrong === undefined) return { value: { kind: 'module', module: where, callable: callable.value } };
  const hint = wrong === '' ? 'a module name has no empty parts' : `"${wrong}" cannot be part of a module name`;
  return { fault: `"${text}" is not module:callable: ${hint}` };
}

function parseCallable(text: string): Parsed<Callable> {
  const match = /^([^()]*)(?:\((.*)\))?$/.exec(text);
  const name = match?.[1] ?? '';
  if (match === null || name === '') return { fault: `expected a name after ":", not "${text}"` };
  if (name.split('.').length > 1 && name.split('.').every(isIdentifier)) {
    return { fault: `"${name}" is an attribute; write a wsgi.py with \`application = ...${name}\` and name that` };
  }
  if (!isIdentifier(name)) return { fault: `"${name}" is not a Python name` };
  if (match[2]?.trim()) return { fault: `a factory is called without arguments: write ${name}()` };
  return { value: { name, factory: match[2] !== undefined } };
}

/** The text can be a name in Python. */
export function isIdentifier(text: string): boolean {
  return identifier.test(text);
}
