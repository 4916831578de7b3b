import type { AppTarget } from '../config/config.ts';
import { quoted } from '../shell.ts';
import { findsApache, findsModules, refusals, runsApache, SERVER } from './eject-server.ts';
import { withCertificates } from './eject-tls.ts';

/** What was made of a configuration for a server where everything lies as it says. */
interface Ejected {
  readonly configuration: string;
  readonly urls: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly effects: {
    readonly python_path: readonly string[];
    readonly cwd: string | null;
    readonly umask: number | null;
  };
}

/** The application's environment, and the names of its variables that nobody prints. */
interface Said {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** A project without a configuration of its own: its application. */
interface OwnProject extends Said {
  readonly name: string;
  readonly app: AppTarget;
  readonly configuration: string;
  readonly url: string;
}

/** The parts of a script that differ. */
interface Parts {
  readonly what: string;
  readonly usage: string;
  /** For somebody who is root: whom to be instead. */
  readonly user: string;
  readonly configuration: readonly string[];
  /** Where it will be reached. */
  readonly urls: readonly string[];
  /** Short names of the modules that it needs, and where mod_wsgi is said to lie. */
  readonly modules: readonly string[];
  readonly wsgi: string | undefined;
  /** Lines of the shell, before and behind the configuration. */
  readonly before: readonly string[];
  readonly behind: readonly string[];
}

/** Where the runner keeps its files, in the configuration that it made, and the project. */
const RUNTIME = '/tmp/wsgi-dev';
const ROOT = '/app';
/** Where they are by hand: variables that Apache takes from the environment. */
const HERE = '$'.concat('{WSGI_DEBUG_DIR}');
const PROJECT = '$'.concat('{WSGI_DEBUG_PROJECT}');
/** Lines of the runner's that are otherwise on a server. */
const ON_SERVER: ReadonlyMap<string, string> = new Map([
  ...['ServerRoot /etc/apache2', 'ServerRoot "/etc/apache2"'].map(
    (line) => [line, `ServerRoot "${SERVER.root}"`] as const,
  ),
  ['TypesConfig /etc/mime.types', `TypesConfig "${SERVER.types}"`],
  ['ErrorLog /dev/stderr', `ErrorLog "${SERVER.errors}"`],
  ['CustomLog /dev/stdout requests', `CustomLog "${SERVER.requests}" requests`],
]);

/** A shell script that runs the configuration in one process on the terminal; `path` names it for people, `own` is the project's. */
export function byHand({ configuration, urls, environment, effects }: Ejected, path: string, own: Said): string {
  const { 'python-home': home, 'run-user': user = 'www-data', 'mod-wsgi': wsgi, ...variables } = environment;
  const { lines, modules } = adapted(configuration);
  const { configuration: withTls, behind: tls } = withCertificates(lines);
  const python = [
    ...(home === undefined ? [] : [`WSGIPythonHome "${home}"`]),
    ...(effects.python_path.length === 0 ? [] : [`WSGIPythonPath "${effects.python_path.join(':')}"`]),
  ];
  return script({
    what: path,
    usage: `Run it as the user that the application runs as: sudo -u ${user} sh debug.sh`,
    user,
    configuration: [...python, ...withTls],
    urls,
    modules,
    wsgi,
    before: [],
    behind: [
      ...tls,
      ...exported({
        ...own.environment,
        // What the configuration says goes before.
        ...('LANG' in variables ? {} : { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' }),
        ...variables,
      }),
      ...asked(own.secrets),
      ...(effects.umask === null ? [] : [`umask ${effects.umask.toString(8).padStart(4, '0')}`]),
      ...(effects.cwd === null ? [] : [`cd ${quoted(effects.cwd)}`]),
    ],
  });
}

/** The same for a project whose configuration wsgi-dev makes. */
export function ownByHand({ name, app, configuration, url, environment, secrets }: OwnProject): string {
  const { lines, modules } = adapted(configuration);
  return script({
    what: name,
    usage:
      'Run it as the user that the application runs as, in the project or with its directory: sh debug.sh /srv/shop',
    user: 'www-data',
    configuration: lines.map((line) => line.replace(new RegExp(`"${ROOT}(?=[/"])`, 'g'), `"${PROJECT}`)),
    urls: [url],
    modules,
    wsgi: undefined,
    before: [`WSGI_DEBUG_PROJECT=$(cd "\${1:-.}" && pwd)`, 'export WSGI_DEBUG_PROJECT'],
    behind: [
      '# The packages of a virtual environment that is active.',
      `[ -z "\${VIRTUAL_ENV-}" ] || echo "WSGIPythonHome \\"$VIRTUAL_ENV\\"" >>"$WSGI_DEBUG_DIR/httpd.conf"`,
      `cat >"$WSGI_DEBUG_DIR/entry.wsgi" <<'END_OF_SCRIPT'`,
      ...entry(app),
      'END_OF_SCRIPT',
      ...exported({ LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...environment }),
      ...asked(secrets),
      'cd "$WSGI_DEBUG_PROJECT"',
    ],
  });
}

function script({ what, usage, user, configuration, urls, modules, wsgi, before, behind }: Parts): string {
  return [
    '#!/bin/sh',
    `# Debugs ${what} in one process on this terminal: breakpoint() in the application opens pdb.`,
    `# ${usage}`,
    '# Ctrl-C ends the server, at a prompt too; a request that stops goes on with c.',
    'set -eu',
    ...refusals(user),
    'WSGI_DEBUG_DIR=$(mktemp -d)',
    `trap 'rm -rf "$WSGI_DEBUG_DIR"' EXIT`,
    ...before,
    ...findsApache(),
    ...findsModules(modules, wsgi),
    `cat >"$WSGI_DEBUG_DIR/httpd.conf" <<'END_OF_APACHE'`,
    `Include "${HERE}/modules.conf"`,
    ...configuration.filter((line, at, all) => line !== '' || at < all.length - 1),
    'END_OF_APACHE',
    'APACHE_RUN_USER=$(id -un 2>/dev/null || echo "#$(id -u)")',
    'APACHE_RUN_GROUP=$(id -gn 2>/dev/null || echo "#$(id -g)")',
    'APACHE_RUN_DIR=$WSGI_DEBUG_DIR APACHE_LOCK_DIR=$WSGI_DEBUG_DIR APACHE_LOG_DIR=$WSGI_DEBUG_DIR',
    'APACHE_PID_FILE=$WSGI_DEBUG_DIR/httpd.pid',
    'export WSGI_DEBUG_DIR APACHE_RUN_USER APACHE_RUN_GROUP APACHE_RUN_DIR APACHE_LOCK_DIR APACHE_LOG_DIR APACHE_PID_FILE',
    ...behind,
    `say ${quoted(`${urls.join(' ')} in a moment`)}`,
    ...runsApache(),
    '',
  ].join('\n');
}

/** The lines of a configuration of the runner's without what is the runner's own or the container's, and its modules. */
function adapted(configuration: string): { lines: readonly string[]; modules: readonly string[] } {
  const all = configuration.split('\n');
  const modules = all.map((line) => /^LoadModule (\w+)_module /.exec(line)?.[1]).filter((name) => name !== undefined);
  const lines = all
    .filter((line) => !/^(WSGI(ImportScript \/tmp\/wsgi-dev\/|PythonHome )|LoadModule )/.test(line))
    .map((line) => line.replaceAll(RUNTIME, HERE))
    .map((line) => ON_SERVER.get(line) ?? line);
  return { lines, modules };
}

/** The Python that finds the application. */
function entry(app: AppTarget): readonly string[] {
  const found =
    app.kind === 'module'
      ? [`module = importlib.import_module(${JSON.stringify(app.module)})`]
      : [
          `loader = importlib.machinery.SourceFileLoader("wsgi_script", os.path.join(root, ${JSON.stringify(app.path)}))`,
          'module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))',
          'sys.modules[loader.name] = module',
          'loader.exec_module(module)',
        ];
  return [
    'import importlib.machinery',
    'import importlib.util',
    'import operator',
    'import os',
    'import sys',
    '',
    'root = os.environ["WSGI_DEBUG_PROJECT"]',
    'sys.path.insert(0, root)',
    ...found,
    `application = operator.attrgetter(${JSON.stringify(app.callable)})(module)${app.factory ? '()' : ''}`,
  ];
}

function exported(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
}

function asked(secrets: readonly string[]): readonly string[] {
  return secrets.map((secret) => `: "\${${secret}:?is a secret that this script doesn't have: export it before}"`);
}
