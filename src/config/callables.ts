import { absolute, fileOf, isModule, type Scans } from './modules.ts';
import type { Binding } from './python.ts';
import type { Callable } from './target.ts';

/** The callable of one file; `asgi` names what makes it no WSGI application. */
export interface FoundCallable extends Callable {
  readonly asgi: string | undefined;
}

const applications = ['application', 'app'];
const factories = ['create_app', 'make_app'];
const asgiMakers =
  /\b(FastAPI|Starlette|get_asgi_application|Quart|Litestar|Sanic|BlackSheep|Robyn|ProtocolTypeRouter)\s*\(/;
/** Objects named `app` by habit that answer no HTTP. */
const otherMakers = /\b(Celery|Typer|QApplication|Tk|Dash|App|Cyclopts)\s*\(/;

/** What a server would call in a file: application, then app, then a factory, then the weaker bindings. */
export function callableIn(path: string, scans: Scans): FoundCallable | undefined {
  const bindings = (scans.get(path)?.bindings ?? []).filter((binding) => isCandidate(binding, path, scans));
  const strong = bindings.filter(({ weak }) => !weak);
  const weak = bindings.filter((binding) => binding.weak);
  const name =
    firstOf([...applications, ...factories], strong) ?? firstOf(applications, weak) ?? firstOf(factories, weak);
  if (name === undefined) return undefined;
  return { name, factory: factories.includes(name), asgi: asgiOf(name, path, scans) };
}

function firstOf(names: readonly string[], bindings: readonly Binding[]): string | undefined {
  return names.find((name) => bindings.some((binding) => binding.name === name));
}

function isCandidate(binding: Binding, path: string, scans: Scans): boolean {
  if (isModule(binding, path, scans)) return false;
  if (factories.includes(binding.name)) return (binding.parameters ?? []).length === 0;
  if (!applications.includes(binding.name)) return false;
  const maker = otherMakers.exec(binding.value ?? '')?.[1];
  // The App of Falcon is a WSGI application, that of Slack, Textual and others is none.
  return maker === undefined || (maker === 'App' && importsOf(path, scans).some((name) => /^falcon\b/.test(name)));
}

function importsOf(path: string, scans: Scans): readonly string[] {
  return scans.get(path)?.imports ?? [];
}

/** Follows imports among the known files until a binding tells; the last binding of a name counts. */
function asgiOf(name: string, path: string, scans: Scans, depth = 0): string | undefined {
  const bindings = scans.get(path)?.bindings ?? [];
  const binding =
    bindings.findLast((other) => other.name === name && !other.weak) ??
    bindings.findLast((other) => other.name === name);
  if (binding === undefined || depth > 5) return undefined;
  if (binding.async) return `async def ${name}`;
  const maker = asgiMakers.exec(binding.value ?? '')?.[1];
  if (maker !== undefined) return maker;
  if (/\bApp\s*\(/.test(binding.value ?? '') && importsOf(path, scans).includes('falcon.asgi'))
    return 'falcon.asgi.App';
  if (binding.from === undefined || binding.original === undefined) return undefined;
  const source = fileOf(absolute(binding.from, path), scans);
  return source === undefined ? undefined : asgiOf(binding.original, source, scans, depth + 1);
}
