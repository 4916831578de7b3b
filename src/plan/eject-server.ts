import { quoted } from '../shell.ts';

/** Where modules lie beside the directory of the server's own that its Apache names: Debian, Red Hat, SUSE, Alpine, … */
const PLACES = [
  '/usr/lib/apache2/modules',
  '/usr/lib64/httpd/modules',
  '/usr/lib/httpd/modules',
  '/usr/lib64/apache2/modules',
  '/usr/lib64/apache2-prefork',
  '/usr/lib64/apache2',
  '/usr/lib/apache2',
  '/usr/local/apache2/modules',
  '/usr/local/libexec/apache24',
  '/opt/homebrew/lib/httpd/modules',
  '/usr/libexec/apache2',
];
const TYPES = ['/etc/mime.types', '$root/conf/mime.types', '$root/mime.types', '/etc/apache2/mime.types'];
/** Built into Debian's Apache, modules of others. */
const ELSEWHERE_MODULES = ['log_config', 'logio', 'unixd', 'version'];
/** Blocks SIGWINCH, and becomes the command that follows. */
const BLOCKING = [
  'import os, signal, sys',
  'signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGWINCH])',
  'os.execvp(sys.argv[1], sys.argv[1:])',
].join('; ');

/** What a configuration takes from the script's environment: where the server has its files, and where it logs. */
export const SERVER = {
  root: '$'.concat('{WSGI_DEBUG_ROOT}'),
  types: '$'.concat('{WSGI_DEBUG_TYPES}'),
  errors: '$'.concat('{WSGI_DEBUG_ERRORS}'),
  requests: '$'.concat('{WSGI_DEBUG_REQUESTS}'),
} as const;

/** Lines of the shell that refuse what can't work, before anything is written. */
export function refusals(user: string): readonly string[] {
  return [
    'say() { echo "$0: $*" >&2; }',
    'fail() { say "$@"; exit 1; }',
    `[ "$(id -u)" != 0 ] || fail 'Apache runs no application as root: sudo -u ${user} sh' "$0"`,
  ];
}

/** Lines of the shell that find Apache and what the configuration asks of the server, on whichever system. */
export function findsApache(): readonly string[] {
  return [
    '# Apache itself: apache2 on Debian, httpd elsewhere. APACHE=FILE names another one.',
    'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/apache2/bin',
    `APACHE=\${APACHE:-$(command -v apache2 || command -v httpd || true)}`,
    `[ -n "$APACHE" ] || fail 'no Apache is here, neither apache2 (Debian) nor httpd (Red Hat and others): APACHE=FILE says where it is'`,
    'made=$("$APACHE" -f /dev/null -V 2>/dev/null || true)',
    `case $made in *'Server version: Apache/2.4'*) ;; *) fail "$APACHE is no Apache 2.4" ;; esac`,
    `root=$(printf '%s\\n' "$made" | sed -n 's/^ -D HTTPD_ROOT="\\(.*\\)"$/\\1/p')`,
    'WSGI_DEBUG_ROOT=$root',
    '[ -d "$root" ] || WSGI_DEBUG_ROOT=$WSGI_DEBUG_DIR',
    'WSGI_DEBUG_TYPES=/dev/null',
    `for file in ${TYPES.map((file) => `"${file}"`).join(' ')}; do`,
    '  if [ -r "$file" ]; then WSGI_DEBUG_TYPES=$file; break; fi',
    'done',
    '# The terminal; where it is another user’s, as under su, a program that has it open already writes there.',
    'WSGI_DEBUG_ERRORS=/dev/stderr WSGI_DEBUG_REQUESTS=/dev/stdout',
    "if ! { true >>/dev/stderr && true >>/dev/stdout; } 2>/dev/null; then WSGI_DEBUG_ERRORS='|$cat >&2' WSGI_DEBUG_REQUESTS='|$cat'; fi",
    'export WSGI_DEBUG_ROOT WSGI_DEBUG_TYPES WSGI_DEBUG_ERRORS WSGI_DEBUG_REQUESTS',
  ];
}

/** Lines of the shell that leave LoadModule lines for `modules` in modules.conf; `wsgi` is where mod_wsgi is said to be. */
export function findsModules(modules: readonly string[], wsgi: string | undefined): readonly string[] {
  const others = new Set(
    [...ELSEWHERE_MODULES, ...modules].filter((name) => name !== 'wsgi' && name !== 'mpm_prefork'),
  );
  return [
    '# Its modules, which it has built in or in files. APACHE_MODULES=DIRECTORY names another place.',
    'inside=$("$APACHE" -l)',
    `places="\${APACHE_MODULES-} $(apxs -q LIBEXECDIR 2>/dev/null || true) $root/modules`,
    ...PLACES.map((place, at) => `  ${place}${at === PLACES.length - 1 ? '"' : ''}`),
    'module() {',
    '  for place in $places; do',
    '    for file in "$place/mod_$1.so" "$place/mod_$1"_python3*.so; do',
    '      if [ -f "$file" ]; then echo "$file"; return; fi',
    '    done',
    '  done',
    '}',
    'case $inside in',
    '  *" prefork.c"*) ;;',
    '  *" worker.c"*|*" event.c"*) fail "$APACHE has threads built in, and debugging needs the prefork MPM: APACHE=FILE names one with that" ;;',
    '  *) prefork=$(module mpm_prefork)',
    '    [ -n "$prefork" ] || fail "mod_mpm_prefork.so is nowhere in" $places',
    '    echo "LoadModule mpm_prefork_module \\"$prefork\\"" >"$WSGI_DEBUG_DIR/modules.conf" ;;',
    'esac',
    `for name in ${[...others].join(' ')}; do`,
    '  case $inside in *" mod_$name.c"*) continue ;; esac',
    '  file=$(module "$name")',
    `  if [ -n "$file" ]; then echo "LoadModule \${name}_module \\"$file\\"" >>"$WSGI_DEBUG_DIR/modules.conf"`,
    `  else case $name in ${ELSEWHERE_MODULES.join('|')}) ;; *) say "mod_$name.so isn't on this server, and is left out" ;; esac; fi`,
    'done',
    "# mod_wsgi: an active virtual environment's, or the server's. MOD_WSGI=FILE names another one.",
    'express() { "$@" module-location 2>/dev/null || true; }',
    ...(wsgi === undefined ? [] : [`[ ! -f ${quoted(wsgi)} ] || MOD_WSGI=\${MOD_WSGI:-${quoted(wsgi)}}`]),
    `[ -z "\${VIRTUAL_ENV-}" ] || MOD_WSGI=\${MOD_WSGI:-$(express "$VIRTUAL_ENV/bin/mod_wsgi-express")}`,
    `MOD_WSGI=\${MOD_WSGI:-$(module wsgi)}`,
    `MOD_WSGI=\${MOD_WSGI:-$(express mod_wsgi-express)}`,
    `[ -n "$MOD_WSGI" ] || fail "mod_wsgi isn't on this server: libapache2-mod-wsgi-py3 (Debian), python3-mod_wsgi (Red Hat) or 'pip install mod_wsgi' brings it; MOD_WSGI=FILE says where it is"`,
    'echo "LoadModule wsgi_module \\"$MOD_WSGI\\"" >>"$WSGI_DEBUG_DIR/modules.conf"',
  ];
}

/** Lines of the shell that become Apache in one process, which a change of the terminal's size doesn't end. */
export function runsApache(): readonly string[] {
  return [
    "# A change of the terminal's size would end Apache gracefully.",
    'if env --block-signal=WINCH true 2>/dev/null; then set -- env --block-signal=WINCH',
    `elif python3 -c '' 2>/dev/null; then set -- python3 -c '${BLOCKING}'`,
    `else say "leave the terminal's size as it is: a change ends the server"; set --; fi`,
    '"$@" "$APACHE" -X -DONE_PROCESS -f "$WSGI_DEBUG_DIR/httpd.conf"',
  ];
}
