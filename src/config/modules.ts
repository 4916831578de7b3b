import { type Binding, type ModuleScan, scanModule } from './python.ts';

/** A file of the project, `path` relative to the root with "/" between its parts. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/** The scans of all files that were read, by path. */
export type Scans = ReadonlyMap<string, ModuleScan>;

/** Scans every Python file among the files. */
export function scanAll(files: readonly ProjectFile[]): Scans {
  const python = files.filter(({ path }) => /\.(py|wsgi)$/.test(path));
  return new Map(python.map(({ path, text }) => [path, scanModule(text)]));
}

/** "shop/wsgi.py" → "shop.wsgi", "shop/__init__.py" → "shop". */
export function moduleOf(path: string): string {
  return path
    .replace(/(\/__init__)?\.py$/, '')
    .split('/')
    .join('.');
}

/** The known file of a module. */
export function fileOf(module: string, scans: Scans): string | undefined {
  const base = module.split('.').join('/');
  return [`${base}.py`, `${base}/__init__.py`].find((path) => scans.has(path));
}

/** "..models" in shop/web/views.py → "shop.models". */
export function absolute(module: string, path: string): string {
  const dots = /^\.*/.exec(module)?.[0].length ?? 0;
  if (dots === 0) return module;
  const folders = path.split('/').slice(0, -1);
  const base = folders.slice(0, folders.length - (dots - 1));
  return [...base, ...module.slice(dots).split('.')].filter((part) => part !== '').join('.');
}

/** Every known file that importing `path` runs, packages on the way included, itself not. */
export function reached(path: string, scans: Scans): ReadonlySet<string> {
  const seen = new Set([path]);
  for (const current of seen) {
    const own = current.endsWith('.py') ? [moduleOf(current)] : [];
    for (const name of [...own, ...(scans.get(current)?.imports ?? []).map((found) => absolute(found, current))]) {
      for (const file of withParents(name, scans)) seen.add(file);
    }
  }
  seen.delete(path);
  return seen;
}

function withParents(module: string, scans: Scans): readonly string[] {
  const parts = module.split('.');
  return parts.flatMap((_, index) => fileOf(parts.slice(0, index + 1).join('.'), scans) ?? []);
}

/** A name that is really a module next door: `from shop import app` with shop/app.py and no `app` in shop. */
export function isModule({ name, from, original }: Binding, path: string, scans: Scans): boolean {
  if (from === undefined) return false;
  if (original === undefined) return name === from;
  const source = absolute(from, path);
  const inside = fileOf(source, scans);
  if (inside !== undefined && inside !== path && scans.get(inside)?.bindings.some((other) => other.name === original)) {
    return false;
  }
  return fileOf(`${source}.${original}`, scans) !== undefined;
}
