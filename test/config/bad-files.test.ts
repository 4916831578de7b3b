import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { excerpt } from '../../src/config/excerpt.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { ExitCode } from '../../src/errors.ts';
import { faultLines, faultOf, project } from './project.ts';

const around = {
  'wsgi.py': 'application = 1\n',
  'real/': '',
  'notes.txt': '',
  'bad.env': 'A=1\n= 2\n',
  'poetry.lock': '',
  Pipfile: '',
  'uv.lock': 'version = 1\n',
  'setup.py': '',
  'own.key': '-----BEGIN PRIVATE KEY-----\n',
  'real/pyproject.toml': '[tool.poetry.dependencies]\nflask = "*"\n',
};

/** Text of wsgi-dev.yaml, and the beginning of each expected line after "wsgi-dev.yaml:". */
const table: readonly (readonly [string, readonly string[]])[] = [
  // Unknown keys
  ['sever: {port: 1}', ['1:1: unknown key `sever`; did you mean `server`?']],
  ['zzz: 1', ['1:1: unknown key `zzz`']],
  ['server:\n  prot: 1', ['2:3: unknown key `server.prot`; did you mean `port`?']],
  ['packages:\n  npm: []', ['2:3: unknown key `packages.npm`; the keys there are pip, groups, extras, apt']],
  [
    'debug:\n  verbosity: 3',
    [
      '2:3: unknown key `debug.verbosity`; the keys there are debugger, debugger_port, break, break_at_start, notify, post_mortem, compare',
    ],
  ],
  ['port: 8000', ['1:1: unknown key `port`; did you mean `server.port`?']],
  ['packages: {break: [a.py:1]}', ['1:12: unknown key `packages.break`; did you mean `debug.break`?']],
  ['paths: [/]', ['1:1: unknown key `paths`; did you mean `server.paths` or `check.paths`?']],
  ['Name: shop', ['1:1: unknown key `Name`; did you mean `name`?']],
  ['x-note: 1', ['1:1: unknown key `x-note`']],
  ['nmae: a\nruut: b', ['1:1: unknown key `nmae`', '2:1: unknown key `ruut`; did you mean `root`?']],
  // Wrong types
  ['name: 7', ['1:7: `name` should be text, not a number (7)']],
  ['name: [a]', ['1:7: `name` should be text, not a list']],
  ['app: true', ['1:6: `app` should be text, not a boolean (true)']],
  ['server: 8000', ['1:9: `server` should be a map, not a number (8000)']],
  ['server: [1]', ['1:9: `server` should be a map, not a list']],
  ['server:\n  port: {a: 1}', ['2:9: `server.port` should be text, not a map']],
  ['packages: {pip: req.txt}', ['1:17: `packages.pip` should be a list, not text ("req.txt"): write [req.txt]']],
  ['packages: {apt: [3]}', ['1:18: `packages.apt[0]` should be text, not a number (3)']],
  ['packages: {apt: [git, ~]}', ['1:23: `packages.apt[1]` should be text, not nothing']],
  ['env: [A=1]', ['1:6: `env` should be a map, not a list: write A: … and not A=…']],
  ['env: [A]', ['1:6: `env` should be a map, not a list']],
  ['env:\n  A: "x\\0y"', ['2:6: `env.A`: no variable can hold a NUL']],
  ['env:\n  A: [1]', ['2:6: `env.A` should be text, not a list']],
  ['env_file: .env', ['1:11: `env_file` should be a list, not text (".env")']],
  ['mounts: ./a:/b', ['1:9: `mounts` should be a list, not text ("./a:/b"): write ["./a:/b"]']],
  ['python: [3]', ['1:9: `python` should be text, not a list']],
  // Values
  ['name: My Shop', ['1:7: `name`: "My Shop" cannot be a project name']],
  ['name: shop_', ['1:7: `name`: "shop_" cannot be a project name']],
  ['python: 3.8', ['1:9: `python`: Python "3.8" is not available; choose 3.9, 3.11, 3.13 or 3.14, or another']],
  ['image: 3.12', ['1:8: `image` should be text, not a number']],
  ['image: "python: 3.12"', ['1:8: `image`: "python: 3.12" is not the name of an image, such as python:3.12-slim']],
  [
    'python: 3.12\nserver: {mod_wsgi: distro}',
    ['2:20: Debian has mod_wsgi for Python 3.9, 3.11, 3.13 or 3.14, not for 3.12 (wsgi-dev.yaml:1:9); write pypi'],
  ],
  [
    'python: 3.12\nserver: {mod_wsgi: pypi==4.9.4}',
    ['2:20: mod_wsgi 4.9.4 is too old for Python 3.12 (wsgi-dev.yaml:1:9), which needs 5.0.0 or newer'],
  ],
  ['python: "2.7"', ['1:9: `python`: Python "2.7" is not available']],
  ['python: 3.11.4', ['1:9: `python`: give the version as 3.11, without patch level']],
  ['server: {port: 99999}', ['1:16: `server.port`: a port lies between 1 and 65535']],
  ['server: {port: -1}', ['1:16: `server.port`: expected a port number, not "-1"']],
  ['server: {port: 80.5}', ['1:16: `server.port`: expected a port number']],
  ['server: {port: "web:80"}', ['1:16: `server.port`: the host must be an IP address or localhost, not "web"']],
  ['server: {mount: shop}', ['1:17: `server.mount`: a URL path starts with "/"']],
  ['server: {mount: /a/../b}', ['1:17: `server.mount`: "/a/../b" is not a plain URL path']],
  ['server: {static: {static: real}}', ['1:19: `server.static.static`: a URL path starts with "/"']],
  ['server: {static: {/s: real, /s/: real}}', ['1:34: /s/ and /s are the same URL path']],
  ['server: {mod_wsgi: pip}', ['1:20: `server.mod_wsgi`: expected distro, pypi or pypi==VERSION, such as pypi==6.1.1']],
  ['server: {mod_wsgi: pypi>=5}', ['1:20: `server.mod_wsgi`: expected distro, pypi or pypi==VERSION']],
  ['server: {mod_wsgi: "pypi==6; rm"}', ['1:20: `server.mod_wsgi`: expected distro, pypi or pypi==VERSION']],
  ['server: {mod_wsgi: 6.1}', ['1:20: `server.mod_wsgi` should be text, not a number (6.1)']],
  [
    'server: {mod_wsgi: pypi==4.9.0}',
    ['1:20: mod_wsgi 4.9.0 is too old for Python 3.11 (the default), which needs 4.9.1 or newer; write pypi==6.1.1'],
  ],
  [
    'python: 3.13\nserver: {mod_wsgi: pypi==5.0.0}',
    ['2:20: mod_wsgi 5.0.0 is too old for Python 3.13 (wsgi-dev.yaml:1:9), which needs 5.0.1 or newer'],
  ],
  [
    'python: 3.9\nserver: {mod_wsgi: pypi==6.1.1}',
    [
      '2:20: mod_wsgi 6.1.1 is too new for Python 3.9 (wsgi-dev.yaml:1:9), which needs one before 6.0.0; write pypi==5.0.2',
    ],
  ],
  ['packages: {apt: ["lib pq"]}', ['1:18: `packages.apt[0]`: "lib pq" is not a Debian package name']],
  ['packages: {apt: ["-y"]}', ['1:18: `packages.apt[0]`: "-y" is not a Debian package name']],
  ['packages:\n  apt:\n    - git; rm', ['3:7: `packages.apt[0]`: "git; rm" is not']],
  ['env: {"A B": 1}', ['1:7: `env.A B`: "A B" is not a variable name']],
  ['app: "shop:"', ['1:6: `app`: expected a name after ":"']],
  ['app: shop-x:app', ['1:6: `app`: "shop-x:app" is not module:callable']],
  ['mounts: [media]', ['1:10: `mounts[0]`: expected SOURCE:TARGET']],
  ['mounts: ["data:/var/lib"]', ['1:10: `mounts[0]`: named volumes are not supported; for the directory write ./data']],
  ['mounts: ["./real:x"]', ['1:10: `mounts[0]`: the target must be an absolute path']],
  ['mounts: ["./real:/app"]', ['1:10: `mounts[0]`: the target must not be /app']],
  ['mounts: ["./real:/opt"]', ['1:10: `mounts[0]`: the target must not be /opt: wsgi-dev has its own /opt/venv']],
  ['mounts: ["./real:/m:rx"]', ['1:10: `mounts[0]`: expected ro or rw at the end, not "rx"']],
  // What they name
  ['root: nowhere', ['1:7: `root`: the directory nowhere does not exist']],
  ['root: notes.txt', ['1:7: `root`: notes.txt is no directory, expected a directory']],
  ['root: ..', ['1:7: `root`: .. lies outside of the project directory']],
  ['packages: {pip: [reqs.txt]}', ['1:18: `packages.pip[0]`: the file reqs.txt does not exist']],
  [
    'packages: {pip: flask}',
    [
      '1:17: `packages.pip` should be a list, not text ("flask"): it names requirements files; write [requirements.txt], and flask on a line of that file',
    ],
  ],
  [
    'packages: {pip: ["flask[async]>=3"]}',
    [
      '1:18: `packages.pip[0]`: the file flask[async]>=3 does not exist; requirements files go here, and flask[async]>=3 on a line of one',
    ],
  ],
  ['packages: {pip: [real]}', ['1:18: `packages.pip[0]`: real is a directory, expected a file']],
  [
    'packages: {pip: [poetry.lock]}',
    ["1:18: `packages.pip[0]`: poetry.lock can't be read here; export it: poetry export -f"],
  ],
  [
    'packages: {pip: [Pipfile]}',
    ["1:18: `packages.pip[0]`: Pipfile can't be read here; export it: pipenv requirements >"],
  ],
  ['packages: {pip: [uv.lock]}', ['1:18: `packages.pip[0]`: uv.lock needs the pyproject.toml that it was made from']],
  ['packages: {pip: [setup.py]}', ['1:18: `packages.pip[0]`: setup.py is no list of requirements; write `-e .`']],
  [
    'packages: {pip: [real/pyproject.toml]}',
    ['1:18: `packages.pip[0]`: real/pyproject.toml names its requirements for Poetry'],
  ],
  ['packages: {groups: dev}', ['1:20: `packages.groups` should be a list, not text ("dev")']],
  [
    'packages: {groups: ["a b"]}',
    ['1:21: `packages.groups[0]`: "a b" is not the name of a dependency group or an extra'],
  ],
  ['packages: {extras: [3]}', ['1:21: `packages.extras[0]` should be text, not a number (3)']],
  ['env_file: [.env]', ['1:12: `env_file[0]`: the file .env does not exist']],
  ['mounts: ["./media:/m"]', ['1:10: `mounts[0]`: the path ./media does not exist']],
  ['server: {static: {/s/: ./css}}', ['1:24: `server.static./s/`: the directory ./css does not exist']],
  ['root: real\nserver: {static: {/s: .}}', ['2:23: ']],
  ['app: wsgy:application', ['1:6: there is no module wsgy (wsgy.py)']],
  ['app: wsgy.py', ['1:6: the file wsgy.py does not exist; did you mean wsgi.py?']],
  ['server: {apache_config: gone.conf}', ['1:25: `server.apache_config`: the path gone.conf does not exist']],
  ['server: {paths: {srv: .}}', ['1:18: `server.paths.srv`: "srv" is no absolute path of a deployment']],
  ['server: {paths: {/srv: ./gone}}', ['1:24: `server.paths./srv`: the directory ./gone does not exist']],
  ['root: real\nserver: {paths: {/srv: .}}', ['2:24: ']],
  ['compose: {service: a/b}', ['1:20: `compose.service`: "a/b" is not the name of a compose service']],
  ['compose: {file: c.yaml}', ['1:17: `compose.file`: the file c.yaml does not exist']],
  ['compose: {servic: web}', ['1:11: unknown key `compose.servic`; did you mean `service`?']],
  // Hooks
  // Authorities
  ['ca_certificates: corp.pem', ['1:18: `ca_certificates` should be a list, not text ("corp.pem")']],
  ['ca_certificates: [a.pem]', ['1:19: `ca_certificates[0]`: the file a.pem does not exist']],
  ['ca_certificates: [notes.txt]', ['1:19: `ca_certificates[0]`: notes.txt has no certificate in it; expected PEM']],
  [
    'ca_certificates: [host, own.key]',
    ['1:25: `ca_certificates[1]`: own.key has no certificate in it, but a private key'],
  ],
  ['ca_certificates: [real]', ['1:19: `ca_certificates[0]`: real is a directory, expected a file']],
  ['hooks: {before_start: migrate}', ['1:23: `hooks.before_start` should be a list, not text ("migrate")']],
  ['hooks: {before_start: [" "]}', ['1:24: `hooks.before_start[0]`: expected a command']],
  ['hooks: {after_stop: [x]}', ['1:9: unknown key `hooks.after_stop`; the keys there are before_start']],
  [
    'debug: {debugger: ipbd}',
    [
      '1:19: `debug.debugger`: "ipbd" is no debugger that wsgi-dev knows; choose pdb, ipdb, pudb or debugpy; did you mean `ipdb`?',
    ],
  ],
  [
    'debug: {break: ["a.py"]}',
    [
      '1:17: `debug.break[0]`: expected FILE:LINE or MODULE:FUNCTION, such as shop/views.py:42 or "shop.views:cart if total > 10"',
    ],
  ],
  [
    'check: {paths: [cart]}',
    ['1:17: `check.paths[0]`: "cart" is no path such as /cart?item=7, nor a request such as POST /cart item=7'],
  ],
  ['check: {paths: ["GET /cart item=7"]}', ['1:17: `check.paths[0]`: "GET /cart item=7": GET has no body']],
  ['check: {path: /}', ['1:9: unknown key `check.path`; did you mean `paths`?']],
  ['debug: {break_at_start: 1}', ['1:25: `debug.break_at_start` should be true or false']],
  ['debug: {compare: once}', ['1:18: `debug.compare` should be true or false']],
  ['debug: {notify: loud}', ['1:17: `debug.notify` should be true or false']],
  ['debug: {post_mortem: maybe}', ['1:22: `debug.post_mortem` should be true or false']],
  // YAML itself
  ['a: [1\n', ['2:1: not valid YAML: ']],
  ['name: "x\n', ['2:1: not valid YAML: missing closing "quote']],
  ['name: a: b', ['1:7: not valid YAML: ']],
  ['server:\n\tport: 1', ['2:1: tabs are not allowed as indentation; use spaces']],
  ['env: {A: $1, B: [}', ['1:18: not valid YAML: ']],
  ['name: a\nname: b', ['2:1: `name` is given twice, first on line 1']],
  ['env:\n  A: 1\n  B: 2\n  A: 3', ['4:3: `A` is given twice, first on line 2']],
  ['name: a\n---\nname: b', ['2:1: more than one document; remove the `---` line']],
  ['- a\n- b', ['1:1: expected a map of keys, not a list']],
  ['just words', ['1:1: expected a map of keys, not text ("just words")']],
  ['name: !secret x', ['1:7: ']],
  ['name: *a', ['1:7: ']],
  ['env: &e {A: *e}', ['1:13: *e contains itself']],
  ['env: {<<: {A: 1}}', ['1:7: the key `<<` is not supported']],
  ['? [a]\n: 1', ['1:3: expected a plain word as key']],
  ['__proto__: {a: 1}', ['1:1: the key `__proto__` is not supported']],
  // Interpolation
  [`name: "\${NAME:?give one}"`, ['1:7: the variable NAME must be set: give one']],
  ['name: "${"', ['1:7: invalid interpolation "${"; write $$ for a dollar sign']],
  ['packages: {apt: ["$1"]}', ['1:18: invalid interpolation "$1"']],
];

it.each(table)('%j', async (text, expected) => {
  const lines = await faultLines(resolveConfig({}, {}, project({ ...around, 'wsgi-dev.yaml': text })));
  expect(lines.map((line, index) => line.slice(0, `wsgi-dev.yaml:${expected[index]}`.length))).toEqual(
    expected.map((line) => `wsgi-dev.yaml:${line}`),
  );
});

it('reports everything at once: flags, both files, env files', async () => {
  const directory = project({
    ...around,
    'wsgi-dev.yaml': 'sever: 1\nenv_file: [bad.env]\napp: nothing:app\npackages: {pip: [no.txt]}\n',
    'wsgi-dev.override.yaml': 'python: 4\n',
  });
  const fault = await faultOf(resolveConfig({ port: '99999', user: 'me' }, { WSGI_DEV_PYTHON: '2' }, directory));
  expect(fault.code).toBe(ExitCode.usage);
  expect(fault.hint).toContain('docs/configuration.md');
  const lines = fault.message.split('\n').filter((line) => !line.startsWith('    '));
  expect(lines.map((line) => line.split(': ')[0])).toEqual([
    '8 faults in the configuration:',
    'WSGI_DEV_PYTHON=2',
    '--port 99999',
    '--user me',
    'wsgi-dev.yaml:1:1',
    'wsgi-dev.yaml:4:18',
    'bad.env:2:1',
    'wsgi-dev.override.yaml:1:9',
    'wsgi-dev.yaml:3:6',
  ]);
});

it.each([
  ['not UTF-8', Buffer.from('name: a\nroot: \xff\n', 'latin1'), 'wsgi-dev.yaml:2:7: is not UTF-8 text'],
  ['UTF-16', Buffer.from('name: a\n', 'utf16le'), 'wsgi-dev.yaml:1:2: is not UTF-8 text'],
  ['huge', 'a'.repeat(2 ** 21), 'wsgi-dev.yaml:1:1: is larger than 1 MiB'],
])('refuses a file that is %s', async (_, content, expected) => {
  const directory = project({ 'wsgi-dev.yaml': content });
  expect(await faultLines(resolveConfig({}, {}, directory))).toEqual([expected]);
});

it('refuses a directory in the place of the file', async () => {
  const directory = project({ 'wsgi-dev.yaml/': '' });
  expect(await faultLines(resolveConfig({}, {}, directory))).toEqual([
    'wsgi-dev.yaml:1:1: is a directory, expected a file',
  ]);
});

it('refuses a link to nowhere in the place of the file, and does not look further up', async () => {
  const directory = project({ 'wsgi-dev.yaml': 'name: above\n', 'inner/': '' });
  symlinkSync('nowhere.yaml', join(directory, 'inner/wsgi-dev.yaml'));
  expect(await faultLines(resolveConfig({}, {}, join(directory, 'inner')))).toEqual([
    'wsgi-dev.yaml:1:1: is a link to a file that does not exist',
  ]);
});

it('stops an alias bomb early', async () => {
  const levels = Array.from({ length: 12 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}]`);
  const directory = project({ 'wsgi-dev.yaml': ['l0: &l0 [x]', ...levels].join('\n') });
  const lines = await faultLines(resolveConfig({}, {}, directory));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('more than 10000 values');
});

it('shows the line of the file, and a caret below the fault', async () => {
  const directory = project({ ...around, 'wsgi-dev.yaml': 'name: shop\nserver:\n  prot: 1\n' });
  expect((await faultOf(resolveConfig({}, {}, directory))).message.split('\n')).toEqual([
    '1 fault in the configuration:',
    'wsgi-dev.yaml:3:3: unknown key `server.prot`; did you mean `port`?',
    '      prot: 1',
    '      ^',
  ]);
});

it.each([
  ['a tab counts as one', 'a\tb: c', 3, '    a b: c\n      ^'],
  ['wide characters take two columns', '名前: x', 5, '    名前: x\n          ^'],
  ['combining marks take none', 'e\u0301: x', 5, '    e\u0301: x\n       ^'],
  ['what a terminal would obey is left out', 'a: "\u001b[31m\u202e"', 4, '    a: "\uFFFD[31m\uFFFD"\n       ^'],
  ['a fault behind the end of the line', 'a: [1', 6, '    a: [1\n         ^'],
  ['a blank line shows nothing', '  ', 1, undefined],
  [
    'a long line is cut',
    `${'x'.repeat(500)}!${'y'.repeat(500)}`,
    501,
    `    ${'x'.repeat(50)}!${'y'.repeat(49)}\n${' '.repeat(54)}^`,
  ],
])('the line of a fault: %s', (_, line, column, expected) => {
  expect(excerpt(line, column)).toBe(expected);
});

it.each([
  ['lists', '['.repeat(500_000)],
  ['maps', '{a: '.repeat(100_000)],
  ['items', '- '.repeat(100_000)],
  ['lines', Array.from({ length: 1000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
])('refuses %s that nest too deeply', async (_, text) => {
  const lines = await faultLines(resolveConfig({}, {}, project({ 'wsgi-dev.yaml': text })));
  expect(lines).toEqual([expect.stringMatching(/^wsgi-dev\.yaml:\d+:\d+: nested too deeply$/)]);
});
