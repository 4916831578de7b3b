import { callableIn, type FoundCallable } from './callables.ts';
import { fileOf, type ProjectFile, type Scans } from './modules.ts';

/** A module, or a file at a known path, with its callable. */
export interface Named {
  readonly module: string;
  /** undefined: the module's file was not among those read. */
  readonly path: string | undefined;
  readonly callable: FoundCallable;
}

const application: FoundCallable = { name: 'application', factory: false, asgi: undefined };

/** The WSGI module of the Django project whose manage.py lies at the root. */
export function djangoApp(files: readonly ProjectFile[], scans: Scans): Named | undefined {
  const manage = files.find(({ path }) => path === 'manage.py')?.text ?? '';
  const settings = /^[^#\n]*\bDJANGO_SETTINGS_MODULE['"]\s*(?:,|\]\s*=)\s*['"]([\w.]+)['"]/m.exec(manage)?.[1];
  if (settings === undefined) return undefined;
  const named = wsgiApplication(settings, files);
  const module = named?.module ?? `${settings.split('.')[0]}.wsgi`;
  const path = fileOf(module, scans);
  // Files deeper than one package are not read; what the settings say of them is trusted.
  if (path === undefined && (named === undefined || module.split('.').length < 3)) return undefined;
  const found = path === undefined ? undefined : callableIn(path, scans);
  const callable = named === undefined ? (found ?? application) : { ...application, name: named.name };
  return { module, path, callable };
}

/** WSGI_APPLICATION of the settings module, or of another module of the same settings package. */
function wsgiApplication(
  settings: string,
  files: readonly ProjectFile[],
): { module: string; name: string } | undefined {
  const base = settings.split('.').join('/');
  const folder = base.slice(0, base.lastIndexOf('/') + 1);
  const rank = (path: string) => (path === `${base}.py` || path === `${base}/__init__.py` ? 0 : 1);
  const candidates = files
    .filter(({ path }) => rank(path) === 0 || path.startsWith(`${base}/`) || (folder !== '' && path.startsWith(folder)))
    .toSorted((a, b) => rank(a.path) - rank(b.path));
  for (const { text } of candidates) {
    const match = /^WSGI_APPLICATION\s*=\s*['"]([\w.]+)\.(\w+)['"]/m.exec(text);
    if (match !== null) return { module: match[1] ?? '', name: match[2] ?? '' };
  }
  return undefined;
}

/** What the `web` line of a Procfile starts with gunicorn, waitress, uwsgi, mod_wsgi-express or an ASGI server. */
export function procfileApp(files: readonly ProjectFile[], scans: Scans): Named | undefined {
  const procfile = files.find(({ path }) => path === 'Procfile')?.text ?? '';
  const command = /^web:\s*(.*)$/m.exec(procfile)?.[1] ?? '';
  // Another directory would change what the module's name means.
  if (/--chdir|--pythonpath|\bcd\s/.test(command)) return undefined;
  const words = command.match(/"[^"]*"|'[^']*'|\S+/g)?.map((word) => word.replace(/^(['"])(.*)\1$/, '$2')) ?? [];
  const start = words.findIndex((word) =>
    /(^|\/)(gunicorn|waitress(-serve)?|uwsgi|mod_wsgi-express|uvicorn|hypercorn|daphne)$/.test(word),
  );
  if (start === -1) return undefined;
  const asgi = /\b(uvicorn|hypercorn|daphne)\b/i.exec(words.slice(start).join(' '))?.[1];
  const called = words.includes('--call');
  for (const word of words.slice(start + 1)) {
    const match = /^(?:--(?:module|wsgi|call|app)=)?([A-Za-z_][\w.]*)(?::([A-Za-z_]\w*)(\(\))?)?$/.exec(word);
    if (match === null) continue;
    const [, module = '', name, brackets] = match;
    const path = fileOf(module, scans);
    if (name !== undefined)
      return { module, path, callable: { name, factory: called || brackets !== undefined, asgi } };
    if (path !== undefined) return { module, path, callable: callableIn(path, scans) ?? { ...application, asgi } };
  }
  return undefined;
}
