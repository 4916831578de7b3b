import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { troubleIn } from '../../src/plan/trouble.ts';

const recorded = resolve(import.meta.dirname, '../fixtures/pip');
const bare = { apt: [], distribution: true };
const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** What pip 23.0 on bookworm said of each package that it compiled, and the Debian packages that cure it. */
const table: readonly (readonly [string, string, string])[] = [
  ['GDAL', 'gdal-config', 'libgdal-dev'],
  ['M2Crypto', 'swig', 'swig'],
  ['Pillow', 'jpeg', 'libjpeg-dev, zlib1g-dev'],
  ['PyGObject', 'pkg-config', 'libgirepository1.0-dev, libcairo2-dev, pkg-config'],
  ['cffi', 'ffi.h', 'libffi-dev'],
  ['confluent-kafka', 'librdkafka/rdkafka.h', 'librdkafka-dev'],
  ['cryptography', 'Rust', 'libssl-dev, cargo, rustc'],
  ['dbus-python', 'pkg-config', 'libdbus-1-dev, libglib2.0-dev, pkg-config'],
  ['gmpy2', 'gmp.h', 'libgmp-dev'],
  ['gssapi', 'krb5-config', 'libkrb5-dev'],
  ['kerberos', 'krb5-config', 'libkrb5-dev'],
  ['lxml', 'libxml2 and libxslt development packages', 'libxml2-dev, libxslt1-dev'],
  ['mysqlclient', 'pkg-config', 'default-libmysqlclient-dev, pkg-config'],
  ['psycopg2', 'pg_config', 'libpq-dev'],
  ['pycairo', 'pkg-config', 'libcairo2-dev, pkg-config'],
  ['pycups', 'cups/http.h', 'libcups2-dev'],
  ['pycurl', 'curl-config', 'libcurl4-openssl-dev, libssl-dev'],
  ['pylibmc', 'libmemcached/memcached.h', 'libmemcached-dev'],
  ['pyodbc', 'sql.h', 'unixodbc-dev'],
  ['pysqlite3', 'sqlite3.h', 'libsqlite3-dev'],
  ['python-ldap', 'lber.h', 'libldap2-dev, libsasl2-dev'],
  ['python-snappy', 'snappy-c.h', 'libsnappy-dev'],
  ['systemd-python', 'pkg-config', 'libsystemd-dev, pkg-config'],
  ['xmlsec', 'pkg-config', 'libxml2-dev, libxmlsec1-dev, pkg-config'],
];

test('every recorded failure is in the table', () => {
  const names = readdirSync(recorded).map((file) => basename(file, '.txt'));
  expect(names.toSorted()).toEqual(table.map(([name]) => name).toSorted());
});

test.each(table)('%s misses %s: add %s', (name, what, packages) => {
  expect(troubleIn(linesOf(readFileSync(join(recorded, `${name}.txt`), 'utf8')), bare)).toEqual({
    reason: `${name} could not be installed: its build needs ${what}`,
    remedy: `Add to wsgi-dev.yaml: packages: {apt: [${packages}, build-essential, python3-dev]}`,
  });
});

test.each([
  ["Collecting uwsgi==2.0.25\n  error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory\n", 'uwsgi'],
  [
    'Collecting x\n  fatal error: Python.h: No such file or directory\n  ERROR: Failed building wheel for zope.proxy\n',
    'zope',
  ],
  ["× Failed to build `x==1`\n  error: command 'gcc' failed: No such file or directory\n", 'x'],
])('a compiler and headers of Python: %j', (text, name) => {
  const trouble = troubleIn(linesOf(text), bare);
  expect(trouble?.reason).toMatch(new RegExp(`^${name}`));
  expect(trouble?.remedy).toContain('{apt: [build-essential, python3-dev]}');
});

test.each([
  [
    'Collecting uwsgi\n      Exception: you need a C compiler to build uWSGI\n  error: legacy-install-failure\n',
    'uwsgi',
    'C',
  ],
  ['Collecting x\n  configure: error: no acceptable C compiler found in $PATH\n', 'x', 'C'],
  ['Collecting x\n  No CMAKE_C_COMPILER could be found.\n', 'x', 'C'],
  ['Collecting x\n  No CMAKE_CXX_COMPILER could be found.\n', 'x', 'C++'],
])('a compiler that is asked for in words: %j', (text, name, language) => {
  expect(troubleIn(linesOf(text), bare)).toEqual({
    reason: `${name} could not be installed: its build needs a ${language} compiler`,
    remedy: 'Add to wsgi-dev.yaml: packages: {apt: [build-essential, python3-dev]}',
  });
});

test('what pip calls a failure of every old build is no reason', () => {
  const text =
    'Collecting old\n  error: subprocess-exited-with-error\n  RuntimeError: no luck\nerror: legacy-install-failure\n';
  expect(troubleIn(linesOf(text), bare)?.reason).toBe(
    'old could not be installed: its build failed with RuntimeError: no luck',
  );
});

test('a linker that finds no library', () => {
  const text =
    'Collecting x\n  /usr/bin/ld: cannot find -lpq: No such file or directory\n  error: subprocess-exited-with-error\n';
  expect(troubleIn(linesOf(text), bare)?.remedy).toContain('[libpq-dev, build-essential');
});

test('what packages.apt has already is kept, and not asked for twice', () => {
  const lines = linesOf(readFileSync(join(recorded, 'psycopg2.txt'), 'utf8'));
  const context = { apt: ['curl', 'build-essential'], distribution: false };
  expect(troubleIn(lines, context)?.remedy).toContain('{apt: [curl, build-essential, libpq-dev]}');
  expect(troubleIn(lines, { ...context, apt: ['libpq-dev', 'build-essential'] })?.remedy).toMatch(/don't have it/);
});

test.each<[string, string, RegExp, RegExp]>([
  [
    'no such package',
    'ERROR: Could not find a version that satisfies the requirement flaskk==3.9 (from versions: none)\nERROR: No matching distribution found for flaskk==3.9\n',
    /^flaskk==3\.9 could not be installed: the index has no package of that name$/,
    /Check the name/,
  ],
  [
    'an index that asks who it is',
    'Looking in indexes: http://10.0.0.1:81/simple\nUser for 10.0.0.1:81: WARNING: 401 Error, Credentials not correct for http://me:secret@10.0.0.1:81/simple/inhouse/\nERROR: Could not find a version that satisfies the requirement inhouse (from versions: none)\nERROR: No matching distribution found for inhouse\n',
    /^The index at 10\.0\.0\.1:81 wants a name and a password, .*401/,
    /password in the URL/,
  ],
  [
    'the same from uv',
    '  × No solution found when resolving dependencies:\n  ╰─▶ Because inhouse was not found in the package registry and you require inhouse.\n\n      hint: An index URL (https://10.0.0.1/simple) could not be queried due to a lack of valid\n      authentication credentials (401 Unauthorized).\n',
    /^The index at 10\.0\.0\.1 wants a name and a password/,
    /password in the URL/,
  ],
  [
    'an index that answers otherwise',
    'Looking in indexes: http://10.0.0.1:81/simple\nERROR: Could not find a version that satisfies the requirement inhouse (from versions: none)\nERROR: No matching distribution found for inhouse\n',
    /^inhouse could not be installed: the index has no package of that name, or has refused to answer$/,
    /does that index answer/,
  ],
  [
    'an index without TLS',
    "Looking in indexes: http://10.0.0.1/simple\nWARNING: The repository located at 10.0.0.1 is not a trusted or secure host and is being ignored. If this repository is available via HTTPS we recommend you use HTTPS instead, otherwise you may silence this warning and allow it anyway with '--trusted-host 10.0.0.1'.\nERROR: Could not find a version that satisfies the requirement inhouse (from versions: none)\nERROR: No matching distribution found for inhouse\n",
    /^inhouse could not be installed: pip ignores the index at 10\.0\.0\.1, which is asked without TLS$/,
    /: --trusted-host 10\.0\.0\.1$/,
  ],
  [
    'no such version',
    'ERROR: Could not find a version that satisfies the requirement bottle==9.9 (from versions: 0.12.25, 0.13.3, 0.13.4)\nERROR: No matching distribution found for bottle==9.9\n',
    /no such version for this Python \(the newest are 0\.12\.25, 0\.13\.3, 0\.13\.4\)/,
    /a version of bottle that is there/,
  ],
  [
    'another Python',
    'ERROR: Ignored the following versions that require a different python version: 5.1 Requires-Python >=3.10; 5.2 Requires-Python >=3.10\nERROR: Could not find a version that satisfies the requirement Django==5.2 (from versions: 4.1, 4.2)\nERROR: No matching distribution found for Django==5.2\n',
    /^Django==5\.2 .*need another Python \(>=3\.10\)$/,
    /--python/,
  ],
  [
    'two that do not go together',
    'ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.\n\nThe conflict is caused by:\n    a 1 depends on c<2\n    b 2 depends on c>=2\n',
    /^a==1 and b==2 can't be installed together \(a 1 depends on c<2; b 2 depends on c>=2\)$/,
    /Loosen/,
  ],
  [
    'the same from uv',
    '  × No solution found when resolving dependencies:\n  ╰─▶ Because only werkzeug==3.0 is available and you require\n      werkzeug<2, your requirements are unsatisfiable.\n',
    /^The requirements don't go together: Because only werkzeug==3\.0 is .* unsatisfiable\.$/,
    /Loosen/,
  ],
  [
    'no such package, from uv',
    '  × No solution found when resolving dependencies:\n  ╰─▶ Because flaskk was not found in the package registry and you require\n      flaskk, we can conclude that your requirements are unsatisfiable.\n',
    /^flaskk could not be installed: the index has no package of that name$/,
    /Check the name/,
  ],
  [
    'another file than the hash says',
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n    bottle==0.13.4 from https://x:\n        Expected sha256 aaaa\n             Got        bbbb\n',
    /^bottle==0\.13\.4 is another file than its hash says$/,
    /find out which/,
  ],
  [
    'a hash that is missing',
    'ERROR: Hashes are required in --require-hashes mode, but they are missing from some requirements.\n    itsdangerous==2.2.0 --hash=sha256:c6\n',
    /^itsdangerous==2\.2\.0 has no hash/,
    /generate-hashes/,
  ],
  [
    'a certificate',
    "WARNING: Retrying after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed'))'\nERROR: No matching distribution found for flask\n",
    /CERTIFICATE_VERIFY_FAILED/,
    /ca_certificates: \[corp-root\.pem\]/,
  ],
  [
    'no network',
    "WARNING: Retrying after connection broken by 'NewConnectionError(': Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/flask/\nERROR: No matching distribution found for flask\n",
    /can't be reached: Temporary failure in name resolution/,
    /HTTPS_PROXY/,
  ],
  ['a package that apt lacks', 'E: Unable to locate package libqp5\n', /apt knows no package libqp5/, /packages\.apt/],
  [
    'one that only the name is left of',
    "E: Package 'python2' has no installation candidate\n",
    /apt knows no package python2/,
    /packages\.apt/,
  ],
  [
    'an archive out of reach',
    "Err:1 http://deb.debian.org/debian bookworm InRelease\n  Temporary failure resolving 'deb.debian.org'\nE: Failed to fetch http://deb.debian.org/x\n",
    /apt can't reach deb\.debian\.org/,
    /HTTP_PROXY/,
  ],
  [
    'a build that fails in its own way',
    "Collecting shapely\n  error: subprocess-exited-with-error\n  ModuleNotFoundError: No module named 'pkg_resources'\n",
    /^shapely .*its build failed with ModuleNotFoundError/,
    /wheel/,
  ],
  [
    'no git',
    "Collecting git+https://example.org/click\n  ERROR: Error [Errno 2] No such file or directory: 'git' while executing command git version\nERROR: Cannot find command 'git' - do you have 'git' installed and in your PATH?\n",
    /needs git$/,
    /\{apt: \[git\]\}$/,
  ],
])('%s', (_what, text, reason, remedy) => {
  expect(troubleIn(linesOf(text), bare)).toEqual({
    reason: expect.stringMatching(reason),
    remedy: expect.stringMatching(remedy),
  });
});

test('of what nothing is known nothing is said', () => {
  expect(troubleIn(['make: *** [all] Error 2'], bare)).toBeUndefined();
});
