import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { callableIn } from './callables.ts';
import type { AppTarget } from './config.ts';
import { fileTarget } from './detect.ts';
import { scanAll } from './modules.ts';
import type { Parsed } from './parsers.ts';
import { nearest } from './problems.ts';
import { list } from './read-project.ts';
import type { Callable, WrittenTarget } from './target.ts';
import { isInside, kindOf, readText } from './text.ts';

const application: Callable = { name: 'application', factory: false };

/** Turns --app into a target below `root`; a file is looked for in each of `bases` in turn. */
export function locateApp(written: WrittenTarget, root: string, bases: readonly string[]): Parsed<AppTarget> {
  if (written.kind === 'module') return locateModule(written, root);
  const file = locateFile(written, root, bases);
  const { module, callable } = written;
  if (module === undefined) return file;
  const asModule = locateModule({ kind: 'module', module, callable }, root);
  // Both are there: "shop.wsgi:application" is how a module is written, "shop.wsgi" how a script is.
  if ('value' in file && 'value' in asModule) return callable === undefined ? file : asModule;
  if ('value' in file || 'value' in asModule) return 'value' in file ? file : asModule;
  return callable === undefined && file.fault.includes('did you mean') ? file : asModule;
}

function locateFile(
  { path, callable }: WrittenTarget & { kind: 'file' },
  root: string,
  bases: readonly string[],
): Parsed<AppTarget> {
  const paths = [...new Set([...bases, root].map((base) => resolve(base, path)))];
  const file = paths.find((candidate) => isInside(candidate, root) && kindOf(candidate) === 'file');
  if (file !== undefined) {
    const inside = relative(root, file);
    return { value: fileTarget(inside, callable ?? callableOf(file, inside)) };
  }
  const existing = paths.find((candidate) => kindOf(candidate) !== undefined);
  if (existing === undefined) {
    const wanted = paths.find((candidate) => isInside(candidate, root)) ?? resolve(root, path);
    return { fault: `the file ${path} does not exist${closeFiles(wanted, root)}` };
  }
  if (kindOf(existing) === 'directory') return { fault: `${path} is a directory, expected a file` };
  return { fault: `the file ${path} lies outside of ${root}, which is all that the container sees` };
}

function locateModule({ module, callable }: WrittenTarget & { kind: 'module' }, root: string): Parsed<AppTarget> {
  const parts = module.split('.');
  const base = parts.join('/');
  const file = [`${base}.py`, `${base}/__init__.py`].find((path) => kindOf(join(root, path)) === 'file');
  if (file === undefined && !isNamespaceOrExtension(join(root, base))) return { fault: missingModule(parts, root) };
  const { name, factory } = callable ?? (file === undefined ? application : callableOf(join(root, file), file));
  return { value: { kind: 'module', module, callable: name, factory } };
}

function isNamespaceOrExtension(path: string): boolean {
  const stem = `${basename(path)}.`;
  const compiled = list(dirname(path)).files.some((name) => name.startsWith(stem) && /\.(so|pyc)$/.test(name));
  return compiled || kindOf(path) === 'directory';
}

function missingModule(parts: readonly string[], root: string): string {
  const missing = parts.findIndex((_, index) => {
    const path = join(root, ...parts.slice(0, index + 1));
    return kindOf(path) !== 'directory' && kindOf(`${path}.py`) !== 'file';
  });
  const at = missing === -1 ? parts.length - 1 : missing;
  const folder = join(root, ...parts.slice(0, at));
  const { files, folders } = list(folder);
  const known = [...files.filter((name) => name.endsWith('.py')).map((name) => name.slice(0, -3)), ...folders];
  const near = nearest(parts[at] ?? '', known);
  const expected = `${parts.join('/')}.py`;
  const inSource = kindOf(join(root, 'src', parts[0] ?? '')) !== undefined ? '; it lies in src: set `root: src`' : '';
  const meant =
    near === undefined
      ? inSource
      : `; did you mean ${[...parts.slice(0, at), near, ...parts.slice(at + 1)].join('.')}?`;
  return `there is no module ${parts.join('.')} (${expected}) in ${root}${meant}`;
}

function closeFiles(wanted: string, root: string): string {
  const folder = kindOf(dirname(wanted)) === 'directory' ? dirname(wanted) : root;
  const names = list(folder).files.filter((name) => /\.(py|wsgi)$/.test(name));
  const ending = extname(wanted);
  // Compared without the ending, which all of them share and which would make short names seem alike.
  const stems = names.filter((name) => extname(name) === ending).map((name) => basename(name, ending));
  const stem = nearest(basename(wanted, ending), stems);
  const near = stem === undefined ? nearest(basename(wanted), names) : `${stem}${ending}`;
  if (near !== undefined) return `; did you mean ${relative(root, join(folder, near))}?`;
  const found = names.slice(0, 5).map((name) => relative(root, join(folder, name)));
  return found.length === 0 ? '' : `; there are ${found.join(', ')}`;
}

function callableOf(file: string, path: string): Callable {
  const read = readText(file);
  return ('text' in read ? callableIn(path, scanAll([{ path, text: read.text }])) : undefined) ?? application;
}
