import { callableIn, type FoundCallable } from './callables.ts';
import type { AppTarget } from './config.ts';
import { djangoApp, type Named, procfileApp } from './frameworks.ts';
import { moduleOf, type ProjectFile, reached, type Scans, scanAll } from './modules.ts';
import { isIdentifier } from './target.ts';

/** The application that was found and a notice when there were others, or why none can be taken. */
export type Detection =
  | { readonly target: AppTarget; readonly notice: string | undefined }
  | { readonly fault: string; readonly hint: string };

/** A possible application; the lowest tier wins. */
interface Candidate {
  readonly tier: number;
  /** As --app takes it. */
  readonly label: string;
  readonly path: string | undefined;
  readonly target: AppTarget;
  readonly asgi: string | undefined;
}

/** Finds the application among a project's files, read by `readProject`; pure. */
export function detectApp(files: readonly ProjectFile[]): Detection {
  const scans = scanAll(files);
  const all = unique([...named(0, djangoApp(files, scans)), ...named(1, procfileApp(files, scans)), ...byFile(scans)]);
  const usable = all.filter(({ asgi }) => asgi === undefined);
  const tier = Math.min(...usable.map((candidate) => candidate.tier));
  const winners = withoutImported(
    usable.filter((candidate) => candidate.tier === tier),
    scans,
  );
  const [winner] = winners;
  if (winner === undefined) return nothingFound(files, all);
  if (winners.length > 1) return severalFound(winners);
  const beneath: ReadonlySet<string | undefined> = winner.path === undefined ? new Set() : reached(winner.path, scans);
  const others = usable.filter((other) => other !== winner && !beneath.has(other.path)).map(({ label }) => label);
  const notice = `Using ${winner.label} (also found ${others.join(', ')}; --app decides)`;
  return { target: winner.target, notice: others.length > 0 ? notice : undefined };
}

function byFile(scans: Scans): readonly Candidate[] {
  return [...scans.keys()].toSorted().flatMap((path) => {
    const tier = tierOf(path);
    const callable = tier === undefined ? undefined : callableIn(path, scans);
    return tier === undefined || callable === undefined ? [] : [candidate(tier, path, callable)];
  });
}

function tierOf(path: string): number | undefined {
  if (path === 'wsgi.py' || /^[^/]+\.wsgi$/.test(path)) return 1;
  if (/^(app|application|main)\.py$/.test(path)) return 2;
  return /^[^/]+\/(__init__|wsgi)\.py$/.test(path) ? 3 : undefined;
}

function candidate(tier: number, path: string, callable: FoundCallable): Candidate {
  return { tier, path, label: `${path}:${spell(callable)}`, target: fileTarget(path, callable), asgi: callable.asgi };
}

function named(tier: number, found: Named | undefined): readonly Candidate[] {
  if (found === undefined) return [];
  const { module, path, callable } = found;
  if (path !== undefined) return [candidate(tier, path, callable)];
  const { name, factory, asgi } = callable;
  const target: AppTarget = { kind: 'module', module, callable: name, factory };
  return [{ tier, path, label: `${module}:${spell(callable)}`, target, asgi }];
}

/** The target for a file below the root: a module when Python can import it by name, else a script. */
export function fileTarget(path: string, callable: { readonly name: string; readonly factory: boolean }): AppTarget {
  const { name, factory } = callable;
  const importable = path.endsWith('.py') && moduleOf(path).split('.').every(isIdentifier);
  if (importable) return { kind: 'module', module: moduleOf(path), callable: name, factory };
  return { kind: 'script', path, callable: name, factory };
}

function spell({ name, factory }: FoundCallable): string {
  return factory ? `${name}()` : name;
}

/** manage.py, the Procfile and the file itself may all lead to one file: the first to name it decides. */
function unique(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ path }, index) => {
    return path === undefined || candidates.findIndex((other) => other.path === path) === index;
  });
}

/** wsgi.py that imports its application from app.py is the outer one of the two. */
function withoutImported(candidates: readonly Candidate[], scans: Scans): readonly Candidate[] {
  const sets = candidates.map(({ path }) => (path === undefined ? new Set<string>() : reached(path, scans)));
  return candidates.filter(({ path }, index) => {
    if (path === undefined) return true;
    return !sets.some((set, other) => {
      const otherPath = candidates[other]?.path;
      const mutual = otherPath !== undefined && sets[index]?.has(otherPath) === true;
      return other !== index && set.has(path) && !mutual;
    });
  });
}

function severalFound(candidates: readonly Candidate[]): Detection {
  const lines = candidates.map(({ label }) => `  ${label}`);
  return {
    fault: ['Several WSGI applications found, and none goes before the others:', ...lines].join('\n'),
    hint: `Name the one to run: --app '${candidates[0]?.label}', or \`app:\` in wsgi-dev.yaml.`,
  };
}

const lookedFor =
  'Looked for: manage.py (Django), wsgi.py, *.wsgi, a Procfile, app.py, application.py, main.py, ' +
  'and packages with app, application or create_app(), or with a wsgi.py.';

function nothingFound(files: readonly ProjectFile[], asgi: readonly Candidate[]): Detection {
  const [first] = asgi;
  if (first !== undefined) {
    return {
      fault: `${first.label} is an ASGI application (${first.asgi}); Apache with mod_wsgi runs WSGI applications`,
      hint: 'Name a WSGI application with --app module:callable, or wrap this one: a2wsgi.ASGIMiddleware(app) in wsgi.py.',
    };
  }
  const python = files.map(({ path }) => path).filter((path) => path.endsWith('.py'));
  const there = python.length === 0 ? 'no Python files' : python.slice(0, 12).join(', ');
  const more = python.length > 12 ? `, and ${python.length - 12} more` : '';
  const manage = python.find((path) => path.endsWith('/manage.py'));
  const remedy = 'Name it: --app module:callable (or module:factory(), or a script file).';
  const below = manage === undefined ? '' : ` ${manage} is a Django project: set \`root: ${manage.split('/')[0]}\`.`;
  return { fault: `No WSGI application found.\n${lookedFor}\nFound: ${there}${more}.`, hint: remedy + below };
}
