/** What a compiler, a linker or a package's own set-up missed, and the Debian packages that have it. */
export interface Missing {
  /** As the output names it: "pg_config", "ffi.h". */
  readonly what: string;
  readonly packages: readonly string[];
}

/** Headers, by how their path begins. */
const HEADERS: readonly (readonly [RegExp, ...string[]])[] = [
  [/^Python\.h$/, 'python3-dev'],
  [/^libpq-fe\.h|^postgres/, 'libpq-dev'],
  [/^(mysql|mariadb)/, 'default-libmysqlclient-dev', 'pkg-config'],
  [/^ffi\.h/, 'libffi-dev'],
  [/^openssl\//, 'libssl-dev'],
  [/^libxml\//, 'libxml2-dev'],
  [/^libxslt\//, 'libxslt1-dev'],
  [/^xmlsec\//, 'libxmlsec1-dev', 'pkg-config'],
  [/^(jpeglib|jconfig)\.h/, 'libjpeg-dev'],
  [/^z(lib|conf)\.h/, 'zlib1g-dev'],
  [/^png\.h/, 'libpng-dev'],
  [/^(ft2build|freetype)/, 'libfreetype-dev'],
  [/^(lber|ldap)\.h/, 'libldap2-dev', 'libsasl2-dev'],
  [/^sasl\//, 'libsasl2-dev'],
  [/^(krb5|gssapi)/, 'libkrb5-dev'],
  [/^sqlite3\.h/, 'libsqlite3-dev'],
  [/^sql(ext)?\.h/, 'unixodbc-dev'],
  [/^curl\//, 'libcurl4-openssl-dev'],
  [/^yaml\.h/, 'libyaml-dev'],
  [/^cairo/, 'libcairo2-dev', 'pkg-config'],
  [/^libmemcached\//, 'libmemcached-dev'],
  [/^librdkafka\//, 'librdkafka-dev'],
  [/^geos_c\.h/, 'libgeos-dev'],
  [/^gdal/, 'libgdal-dev'],
  [/^gmp\.h/, 'libgmp-dev'],
  [/^bzlib\.h/, 'libbz2-dev'],
  [/^lzma\.h/, 'liblzma-dev'],
  [/^snappy/, 'libsnappy-dev'],
  [/^zmq\.h/, 'libzmq3-dev'],
  [/^systemd\//, 'libsystemd-dev', 'pkg-config'],
  [/^cups\//, 'libcups2-dev'],
];

/** Libraries, by the name that a linker asks for. */
const LIBRARIES: Readonly<Record<string, string>> = {
  pq: 'libpq-dev',
  ssl: 'libssl-dev',
  crypto: 'libssl-dev',
  ffi: 'libffi-dev',
  z: 'zlib1g-dev',
  xml2: 'libxml2-dev',
  xslt: 'libxslt1-dev',
  jpeg: 'libjpeg-dev',
  ldap: 'libldap2-dev',
  lber: 'libldap2-dev',
  sqlite3: 'libsqlite3-dev',
  mysqlclient: 'default-libmysqlclient-dev',
  curl: 'libcurl4-openssl-dev',
  odbc: 'unixodbc-dev',
  yaml: 'libyaml-dev',
};

/** What packages say in words of their own; the group is what they miss, else the whole match. */
const WORDS: readonly (readonly [RegExp, ...string[]])[] = [
  [/(pg_config) executable not found|No such file or directory: '?(pg_config)/, 'libpq-dev'],
  [
    /(mysql_config|mariadb_config)\b.*not found|Can not find valid (pkg-config) name/,
    'default-libmysqlclient-dev',
    'pkg-config',
  ],
  [/make sure the (libxml2 and libxslt development packages) are installed/, 'libxml2-dev', 'libxslt1-dev'],
  [/headers or library files could not be found for (jpeg)/, 'libjpeg-dev', 'zlib1g-dev'],
  [/headers or library files could not be found for (zlib)/, 'zlib1g-dev', 'libjpeg-dev'],
  [/(krb5-config): (?:command )?not found|(krb5-config):: linker input file|Command 'krb5-config/, 'libkrb5-dev'],
  [/Could not run (curl-config)/, 'libcurl4-openssl-dev', 'libssl-dev'],
  [/(gdal-config): (?:command )?not found|No such file or directory: '(gdal-config)'/, 'libgdal-dev'],
  [/(geos-config)\b.*not found|No such file or directory: '(geos-config)'/, 'libgeos-dev'],
  [/Dependency "?(cairo)"? not found/, 'libcairo2-dev', 'pkg-config'],
  [
    /Dependency '?(girepository-2\.0)'? (?:is required but )?not found/,
    'libgirepository-2.0-dev',
    'libcairo2-dev',
    'pkg-config',
  ],
  [
    /Dependency '?(gobject-introspection-1\.0|girepository-1\.0)'? (?:is required but )?not found/,
    'libgirepository1.0-dev',
    'libcairo2-dev',
    'pkg-config',
  ],
  [/Dependency '?"?(dbus-1)"?'? not found|No package '(dbus-1)' found/, 'libdbus-1-dev', 'pkg-config'],
  [/No package '(xmlsec1)' found/, 'libxmlsec1-dev', 'pkg-config'],
  [/Package (libffi) was not found|No package '(libffi)' found/, 'libffi-dev', 'pkg-config'],
  [
    /Could not find directory of (OpenSSL) installation|Could not find (openssl) via pkg-config/i,
    'libssl-dev',
    'pkg-config',
  ],
  [
    /Did not find (pkg-config)|Found (pkg-config): NO|'?(pkg-config)'?:? (?:command )?not found|No such file or directory: '(pkg-config)'|Unable to invoke (pkg-config)/,
    'pkg-config',
  ],
  [
    /can't find (Rust) compiler|(Cargo), the Rust package manager, is not installed|error: could not find `?(cargo)/,
    'cargo',
    'rustc',
  ],
  [/CMake must be installed|No such file or directory: '(cmake)'|Problem with the (CMake) installation/, 'cmake'],
  [/Unknown compiler\(s\): \[\['(gfortran)'|(gfortran): (?:command )?not found/, 'gfortran'],
  [
    /command '(?:\S*-)?(gcc|cc|clang)' failed: (?:No such file|Permission)|unable to execute '?\S*(gcc|cc)'?|Unknown compiler\(s\): \[\['(cc)'|(gcc): (?:command )?not found|need a (C compiler)|no acceptable (C compiler) found|No (CMAKE_C_COMPILER) could be found/,
    'gcc',
  ],
  [
    /command '(?:\S*-)?(g\+\+|c\+\+)' failed: No such file|cannot execute '?(cc1plus)|(g\+\+): (?:command )?not found|No (CMAKE_CXX_COMPILER) could be found/,
    'g++',
  ],
  [/command '(swig|flex|bison|cmake|make|patch)' failed: No such file/, '$1'],
  [/Cannot find command '(git|hg|svn)'/, '$1'],
  [/Git (?:executable|operation).*not found|No such file or directory: '(git)'/i, 'git'],
];

/** Packages that ask for pkg-config first, and only then for what they are for. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  'dbus-python': ['libdbus-1-dev', 'libglib2.0-dev'],
  pycairo: ['libcairo2-dev'],
  pygobject: ['libgirepository1.0-dev', 'libcairo2-dev'],
  'systemd-python': ['libsystemd-dev'],
  xmlsec: ['libxml2-dev', 'libxmlsec1-dev'],
  mysqlclient: ['default-libmysqlclient-dev'],
  cryptography: ['libssl-dev'],
};

/** The Debian packages that a package of PyPI is known to be built with. */
export function builtWith(name: string): readonly string[] {
  return BY_NAME[name.toLowerCase().replace(/[-_.]+/g, '-')] ?? [];
}

const IN_WORDS: Readonly<Record<string, string>> = {
  'C compiler': 'a C compiler',
  CMAKE_C_COMPILER: 'a C compiler',
  CMAKE_CXX_COMPILER: 'a C++ compiler',
};

const REAL_NAMES: Readonly<Record<string, string>> = { hg: 'mercurial', svn: 'subversion' };

/** The first thing in a build's output that was missed and whose Debian package is known. */
export function missingIn(lines: readonly string[]): Missing | undefined {
  for (const line of lines) {
    const missing = inHeader(line) ?? inLibrary(line) ?? inWords(line);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function inHeader(line: string): Missing | undefined {
  const what = /fatal error: '?([\w./+-]+\.h(?:pp)?)'?(?:: No such file or directory| file not found)/.exec(line)?.[1];
  if (what === undefined) return undefined;
  const [, ...packages] = HEADERS.find(([pattern]) => pattern.test(what)) ?? [];
  return packages.length === 0 ? undefined : { what, packages };
}

function inLibrary(line: string): Missing | undefined {
  const name = /cannot find -l(\w+)/.exec(line)?.[1];
  const found = name === undefined ? undefined : LIBRARIES[name];
  return found === undefined ? undefined : { what: `lib${name}`, packages: [found] };
}

function inWords(line: string): Missing | undefined {
  for (const [pattern, ...packages] of WORDS) {
    const match = pattern.exec(line);
    if (match === null) continue;
    const what = match.slice(1).find((group) => group !== undefined) ?? match[0];
    return {
      what: IN_WORDS[what] ?? what,
      packages: packages.map((name) => (name === '$1' ? (REAL_NAMES[what] ?? what) : name)),
    };
  }
  return undefined;
}
