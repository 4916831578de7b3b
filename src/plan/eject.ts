import type { AppTarget } from '../config/config.ts';

/** What was made of a configuration for a server where everything lies as it says. */
interface Ejected {
  readonly configuration: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly effects: {
    readonly python_path: readonly string[];
    readonly cwd: string | null;
    readonly umask: number | null;
  };
}

/** A project without a configuration of its own: its application, and the names of variables that nobody prints. */
interface OwnProject {
  readonly name: string;
  readonly app: AppTarget;
  readonly configuration: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** The parts of a script that differ. */
interface Parts {
  readonly what: string;
  readonly usage: string;
  readonly configuration: readonly string[];
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

/** A shell script that runs the configuration in one process on the terminal; `path` names it for people. */
export function byHand({ configuration, environment, effects }: Ejected, path: string): string {
  const { 'python-home': home, ...variables } = environment;
  const text = adapted(configuration);
  const python = [
    ...(home === undefined ? [] : [`WSGIPythonHome "${home}"`]),
    ...(effects.python_path.length === 0 ? [] : [`WSGIPythonPath "${effects.python_path.join(':')}"`]),
  ];
  const modules = text.findLastIndex((line) => line.startsWith('LoadModule ')) + 1;
  return script({
    what: path,
    usage: 'Run it as the user that the application runs as, such as: sudo -u www-data sh debug.sh',
    configuration: [...text.slice(0, modules), ...python, ...text.slice(modules)],
    before: [],
    behind: [
      ...exported({ ...('LANG' in variables ? {} : { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' }), ...variables }),
      ...(effects.umask === null ? [] : [`umask ${effects.umask.toString(8).padStart(4, '0')}`]),
      ...(effects.cwd === null ? [] : [`cd ${quoted(effects.cwd)}`]),
    ],
  });
}

/** The same for a project whose configuration wsgi-dev makes. */
export function ownByHand({ name, app, configuration, environment, secrets }: OwnProject): string {
  return script({
    what: name,
    usage:
      'Run it as the user that the application runs as, in the project or with its directory: sh debug.sh /srv/shop',
    configuration: adapted(configuration).map((line) =>
      line.replace(new RegExp(`"${ROOT}(?=[/"])`, 'g'), `"${PROJECT}`),
    ),
    before: [`WSGI_DEBUG_PROJECT=$(cd "\${1:-.}" && pwd)`, 'export WSGI_DEBUG_PROJECT'],
    behind: [
      '# The packages of a virtual environment that is active.',
      `[ -z "\${VIRTUAL_ENV-}" ] || echo "WSGIPythonHome \\"$VIRTUAL_ENV\\"" >>"$WSGI_DEBUG_DIR/httpd.conf"`,
      `cat >"$WSGI_DEBUG_DIR/entry.wsgi" <<'END_OF_SCRIPT'`,
      ...entry(app),
      'END_OF_SCRIPT',
      ...exported({ LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...environment }),
      ...secrets.map((secret) => `: "\${${secret}:?is a secret that this script doesn't have: export it before}"`),
      'cd "$WSGI_DEBUG_PROJECT"',
    ],
  });
}

function script({ what, usage, configuration, before, behind }: Parts): string {
  return [
    '#!/bin/sh',
    `# Debugs ${what} in one process on this terminal: breakpoint() in the application opens pdb.`,
    `# ${usage}`,
    '# Ctrl-C ends the server, at a prompt too; a request that stops goes on with c.',
    'set -eu',
    'WSGI_DEBUG_DIR=$(mktemp -d)',
    `trap 'rm -rf "$WSGI_DEBUG_DIR"' EXIT`,
    ...before,
    `cat >"$WSGI_DEBUG_DIR/httpd.conf" <<'END_OF_APACHE'`,
    ...configuration.filter((line, at, all) => line !== '' || at < all.length - 1),
    'END_OF_APACHE',
    'APACHE_RUN_USER=$(id -un 2>/dev/null || echo "#$(id -u)")',
    'APACHE_RUN_GROUP=$(id -gn 2>/dev/null || echo "#$(id -g)")',
    'APACHE_RUN_DIR=$WSGI_DEBUG_DIR APACHE_LOCK_DIR=$WSGI_DEBUG_DIR APACHE_LOG_DIR=$WSGI_DEBUG_DIR',
    'APACHE_PID_FILE=$WSGI_DEBUG_DIR/httpd.pid',
    'export WSGI_DEBUG_DIR APACHE_RUN_USER APACHE_RUN_GROUP APACHE_RUN_DIR APACHE_LOCK_DIR APACHE_LOG_DIR APACHE_PID_FILE',
    ...behind,
    "# A change of the terminal's size would end Apache gracefully.",
    'env --block-signal=WINCH apache2 -X -DONE_PROCESS -f "$WSGI_DEBUG_DIR/httpd.conf"',
    '',
  ].join('\n');
}

/** The lines of a configuration of the runner's, without what is the runner's own. */
function adapted(configuration: string): readonly string[] {
  return configuration
    .split('\n')
    .filter((line) => !/^WSGI(ImportScript \/tmp\/wsgi-dev\/|PythonHome )/.test(line))
    .map((line) => line.replaceAll(RUNTIME, HERE).replace(/^Listen 0\.0\.0\.0:/, 'Listen 127.0.0.1:'));
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

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
