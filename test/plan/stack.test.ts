import { describe, expect, test } from 'vitest';
import type { ImageBase } from '../../src/config/config.ts';
import { suitePythons } from '../../src/config/parsers.ts';
import type { Contents, FoundPython } from '../../src/plan/contents.ts';
import { pythonOfRelease, releaseOf } from '../../src/plan/releases.ts';
import { imageStack, suiteStack } from '../../src/plan/stack.ts';

const python = (path: string, version: string, rest: Partial<FoundPython> = {}): FoundPython => ({
  path,
  version,
  lacks: [],
  sitePackages: undefined,
  ...rest,
});
const official = python('/usr/local/bin/python3.12', '3.12');
const debian = python('/usr/bin/python3.11', '3.11', { lacks: ['Python.h', 'its shared library'] });

const contents = (...pythons: readonly FoundPython[]): Contents => ({
  os: 'Debian GNU/Linux 12 (bookworm)',
  codename: 'bookworm',
  apt: true,
  pythons,
});

const image = { value: 'team/shop:2', where: 'wsgi-dev.yaml:1:8' };
const base = (parts: Partial<Omit<ImageBase, 'kind'>> = {}): ImageBase => ({
  kind: 'image',
  image,
  python: undefined,
  modWsgi: undefined,
  ...parts,
});
const wanted = (value: string) => ({ python: { value, where: 'wsgi-dev.yaml:2:9' } });
const distro = { modWsgi: { value: { kind: 'distro' }, where: 'wsgi-dev.yaml:3:20' } } as const;
const pypi = (version?: string) =>
  ({ modWsgi: { value: { kind: 'pypi', version }, where: 'wsgi-dev.yaml:3:20' } }) as const;

test.each([
  ['3.9', 'bullseye', '-o Acquire::Check-Valid-Until=false'],
  ['3.11', 'bookworm', ''],
  ['3.13', 'trixie', ''],
  ['3.14', 'forky', '-o Acquire::Check-Valid-Until=false'],
])('Python %s is of %s', (version, suite, aptOptions) => {
  expect(releaseOf(version)).toBe(suite);
  expect(suiteStack({ kind: 'suite', python: version, modWsgi: { kind: 'distro' } })).toEqual({
    python: version,
    interpreter: '/usr/bin/python3',
    distribution: true,
    modWsgi: { kind: 'distro' },
    aptOptions,
    inherits: false,
    sitePackages: undefined,
  });
});

test('every Python of the suites is that of its release', () => {
  expect(suitePythons.map((version) => pythonOfRelease(releaseOf(version)))).toEqual(suitePythons);
});

describe('an image', () => {
  test.each([
    ['the official Python', base(), [official], '/usr/local/bin/python3.12', { kind: 'pypi', version: '6.1.1' }],
    ['the distribution’s', base(), [debian], '/usr/bin/python3', { kind: 'distro' }],
    ['the first on PATH', base(), [official, debian], '/usr/local/bin/python3.12', { kind: 'pypi', version: '6.1.1' }],
    ['the one that was asked for', base(wanted('3.11')), [official, debian], '/usr/bin/python3', { kind: 'distro' }],
    ['none: the release’s', base(), [], '/usr/bin/python3', { kind: 'distro' }],
    ['none: the release’s, asked for', base(wanted('3.11')), [], '/usr/bin/python3', { kind: 'distro' }],
    ['pypi for the distribution’s', base(pypi()), [debian], '/usr/bin/python3', { kind: 'pypi', version: '6.1.1' }],
    ['a version', base(pypi('5.0.2')), [official], '/usr/local/bin/python3.12', { kind: 'pypi', version: '5.0.2' }],
    ['distro', base(distro), [debian], '/usr/bin/python3', { kind: 'distro' }],
    ['a newer Python', base(), [python('/p/3.16', '3.16')], '/p/3.16', { kind: 'pypi', version: '6.1.1' }],
  ])('%s', (_name, given, pythons, interpreter, modWsgi) => {
    expect(imageStack(given, contents(...pythons))).toMatchObject({ interpreter, modWsgi, inherits: true });
  });

  test('of a virtual environment: its Python, and what is installed in it', () => {
    const sitePackages = '/srv/env/lib/python3.12/site-packages';
    expect(imageStack(base(), contents({ ...official, sitePackages }))).toMatchObject({
      interpreter: '/usr/local/bin/python3.12',
      sitePackages,
    });
  });

  test.each<[string, ImageBase, Contents, string]>([
    [
      'not of Debian’s kind',
      base(),
      { os: 'Alpine Linux v3.20', codename: '', apt: false, pythons: [official] },
      'wsgi-dev.yaml:1:8: team/shop:2 (Alpine Linux v3.20) has no apt-get and dpkg; choose an image that is built on ' +
        'Debian or Ubuntu, such as python:3.11-slim',
    ],
    [
      'nothing in it',
      base(wanted('3.12')),
      { os: undefined, codename: '', apt: false, pythons: [] },
      'wsgi-dev.yaml:1:8: team/shop:2 (an unknown system) has no apt-get and dpkg; choose an image that is built on ' +
        'Debian or Ubuntu, such as python:3.12-slim',
    ],
    [
      'no Python, of an unknown release',
      base(),
      { ...contents(), codename: 'zesty', os: 'Ubuntu 17.04' },
      'wsgi-dev.yaml:1:8: team/shop:2 (Ubuntu 17.04) has no Python 3 that an unprivileged user may run; choose an image ' +
        'that has one, such as python:3.13-slim',
    ],
    [
      'too old',
      base(),
      contents(python('/usr/bin/python3.7', '3.7')),
      'wsgi-dev.yaml:1:8: team/shop:2 has Python 3.7 (/usr/bin/python3.7), which is too old; choose an image with 3.9 or newer',
    ],
    [
      'another Python',
      base(wanted('3.13')),
      contents(official, debian),
      'wsgi-dev.yaml:2:9: Python 3.13 is not in team/shop:2 (wsgi-dev.yaml:1:8), which has Python 3.12 ' +
        '(/usr/local/bin/python3.12) and Python 3.11 (/usr/bin/python3.11); write python: 3.12 or leave it out, or ' +
        'choose an image with Python 3.13',
    ],
    [
      'another than the release’s',
      base(wanted('3.13')),
      contents(),
      'wsgi-dev.yaml:2:9: Python 3.13 is not in team/shop:2 (wsgi-dev.yaml:1:8), which has Python 3.11 ' +
        '(/usr/bin/python3); write python: 3.11 or leave it out, or choose an image with Python 3.13',
    ],
    [
      'distro for another Python',
      base(distro),
      contents(official, debian),
      "wsgi-dev.yaml:3:20: the mod_wsgi of Debian GNU/Linux 12 (bookworm) can't serve Python 3.12 " +
        '(/usr/local/bin/python3.12) of team/shop:2; write pypi, or leave it out',
    ],
    [
      'too old a mod_wsgi',
      base(pypi('4.9.4')),
      contents(official),
      'wsgi-dev.yaml:3:20: mod_wsgi 4.9.4 is too old for Python 3.12 (team/shop:2), which needs 5.0.0 or newer; write ' +
        'pypi==6.1.1 or pypi',
    ],
    [
      'too new a mod_wsgi',
      base(pypi('6.1.1')),
      contents(python('/usr/local/bin/python3.9', '3.9')),
      'wsgi-dev.yaml:3:20: mod_wsgi 6.1.1 is too new for Python 3.9 (team/shop:2), which needs one before 6.0.0; write ' +
        'pypi==5.0.2 or pypi',
    ],
    [
      'a Python that nothing can be embedded with',
      base(),
      contents({ ...official, lacks: ['Python.h', 'its shared library'] }),
      'wsgi-dev.yaml:1:8: Python 3.12 (/usr/local/bin/python3.12) of team/shop:2 lacks Python.h, its shared library; choose ' +
        'an image whose Python was built with --enable-shared, such as the official python images',
    ],
    [
      'a virtual environment where ours lies',
      base(),
      contents({ ...official, sitePackages: '/opt/venv/lib/python3.12/site-packages' }),
      'wsgi-dev.yaml:1:8: team/shop:2 has a virtual environment in /opt/venv, where wsgi-dev puts its own; choose the ' +
        'image that it is built on, and name its requirements in packages.pip',
    ],
  ])('%s: a fault with code 2', (_name, given, found, line) => {
    expect(() => imageStack(given, found)).toThrow(
      expect.objectContaining({ code: 2, message: `1 fault in the configuration:\n${line}` }),
    );
  });
});
