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

/** Where the runner keeps its files, in the configuration that it made. */
const RUNTIME = '/tmp/wsgi-dev';
/** Where they are by hand: a variable that Apache takes from the environment. */
const HERE = '$'.concat('{WSGI_DEBUG_DIR}');

/** A shell script that runs the configuration in one process on the terminal; `path` names it for people. */
export function byHand({ configuration, environment, effects }: Ejected, path: string): string {
  const { 'python-home': home, ...variables } = environment;
  const text = configuration
    .split('\n')
    .filter((line) => !/^WSGI(ImportScript \/tmp\/wsgi-dev\/|PythonHome )/.test(line))
    .map((line) => line.replaceAll(RUNTIME, HERE).replace(/^Listen 0\.0\.0\.0:/, 'Listen 127.0.0.1:'));
  const python = [
    ...(home === undefined ? [] : [`WSGIPythonHome "${home}"`]),
    ...(effects.python_path.length === 0 ? [] : [`WSGIPythonPath "${effects.python_path.join(':')}"`]),
  ];
  const modules = text.findLastIndex((line) => line.startsWith('LoadModule ')) + 1;
  return [
    '#!/bin/sh',
    `# Debugs ${path} in one process on this terminal: breakpoint() in the application opens pdb.`,
    '# Run it as the user that the application runs as, such as: sudo -u www-data sh debug.sh',
    '# Ctrl-C ends the server, at a prompt too; a request that stops goes on with c.',
    'set -eu',
    'WSGI_DEBUG_DIR=$(mktemp -d)',
    `trap 'rm -rf "$WSGI_DEBUG_DIR"' EXIT`,
    `cat >"$WSGI_DEBUG_DIR/httpd.conf" <<'END_OF_APACHE'`,
    ...text.slice(0, modules),
    ...python,
    ...text.slice(modules).filter((line, at, all) => line !== '' || at < all.length - 1),
    'END_OF_APACHE',
    'APACHE_RUN_USER=$(id -un 2>/dev/null || echo "#$(id -u)")',
    'APACHE_RUN_GROUP=$(id -gn 2>/dev/null || echo "#$(id -g)")',
    'APACHE_RUN_DIR=$WSGI_DEBUG_DIR APACHE_LOCK_DIR=$WSGI_DEBUG_DIR APACHE_LOG_DIR=$WSGI_DEBUG_DIR',
    'APACHE_PID_FILE=$WSGI_DEBUG_DIR/httpd.pid',
    'export WSGI_DEBUG_DIR APACHE_RUN_USER APACHE_RUN_GROUP APACHE_RUN_DIR APACHE_LOCK_DIR APACHE_LOG_DIR APACHE_PID_FILE',
    ...Object.entries({ LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', ...variables }).map(
      ([name, value]) => `export ${name}=${quoted(value)}`,
    ),
    ...(effects.umask === null ? [] : [`umask ${effects.umask.toString(8).padStart(4, '0')}`]),
    ...(effects.cwd === null ? [] : [`cd ${quoted(effects.cwd)}`]),
    "# A change of the terminal's size would end Apache gracefully.",
    'env --block-signal=WINCH apache2 -X -DONE_PROCESS -f "$WSGI_DEBUG_DIR/httpd.conf"',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
