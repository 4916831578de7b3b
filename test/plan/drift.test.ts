import { describe, expect, test } from 'vitest';
import { buildDrift, describeDrift, installedDrift, madeFromDrift } from '../../src/plan/drift.ts';
import type { Installed } from '../../src/plan/installed.ts';
import type { MadeFrom } from '../../src/plan/lock.ts';
import { lock, sha } from './locks.ts';

const told = (drift: Parameters<typeof describeDrift>[0][]): readonly string[] => drift.map(describeDrift);

test.each<[string, Partial<MadeFrom>, readonly string[]]>([
  ['nothing', {}, []],
  ['the Python', { python: '3.13' }, ['python: 3.11 → 3.13']],
  ['mod_wsgi', { mod_wsgi: 'pypi==6.1.1' }, ['mod_wsgi: distro → pypi==6.1.1']],
  ['the image', { image: 'python:3.12' }, ['image: none → python:3.12']],
  ['a Debian package more', { apt: ['curl', 'hello'] }, ['packages.apt curl: none → wanted']],
  ['a Debian package less', { apt: [] }, ['packages.apt hello: wanted → none']],
  [
    'a requirement',
    { pip: { 'requirements.txt': sha('9') } },
    ['requirements.txt: sha256:111111111111… → sha256:999999999999…'],
  ],
  [
    'a requirements file',
    { pip: { 'dev.txt': sha('9'), 'requirements.txt': sha('1') } },
    ['dev.txt: none → sha256:999999999999…'],
  ],
  ['several', { python: '3.13', apt: [] }, ['python: 3.11 → 3.13', 'packages.apt hello: wanted → none']],
])('the configuration: %s', (_name, changed, expected) => {
  expect(told([...madeFromDrift(lock.from, { ...lock.from, ...changed })])).toEqual(expected);
});

test('of a base image that isn’t there yet, its Python and mod_wsgi are not judged', () => {
  const { apt, pip } = lock.from;
  expect(madeFromDrift(lock.from, { apt, pip })).toEqual([]);
});

const installed: Installed = {
  architecture: 'amd64',
  python: '3.11.2',
  apache: '2.4.71-1~deb12u1',
  modWsgi: '4.9.4-1+b2',
  apt: lock.apt,
  pip: ['bottle==0.13.4', 'pip==23.0.1', 'zope.interface==8.7'],
};

test.each<[string, Partial<Installed>, readonly string[]]>([
  ['nothing', {}, []],
  ['a name that is written otherwise', { pip: ['Bottle==0.13.4', 'pip==23.0.1', 'zope-interface==8.7'] }, []],
  ['the architecture', { architecture: 'arm64' }, ['architecture: amd64 → arm64']],
  ['the Python', { python: '3.11.9' }, ['python: 3.11.2 → 3.11.9']],
  ['Apache', { apache: '2.4.72-1' }, ['apache: 2.4.71-1~deb12u1 → 2.4.72-1']],
  ['mod_wsgi', { modWsgi: '5.0.2-1' }, ['mod_wsgi: 4.9.4-1+b2 → 5.0.2-1']],
  [
    'Debian packages: another version, one less, one more',
    { apt: ['apache2=2.4.71-1~deb12u1', 'curl=8.1-1', 'hello=2.10-4'] },
    ['apt curl: none → 8.1-1', 'apt hello: 2.10-3 → 2.10-4', 'apt login: 1:4.13+dfsg1-1 → none'],
  ],
  [
    'distributions: another version, one less, one more',
    { pip: ['bottle==0.13.5', 'flask==3.1.3', 'zope.interface==8.7'] },
    ['pip bottle: 0.13.4 → 0.13.5', 'pip flask: none → 3.1.3', 'pip pip: 23.0.1 → none'],
  ],
])('what is installed: %s', (_name, changed, expected) => {
  expect(told([...installedDrift(lock, { ...installed, ...changed })])).toEqual(expected);
});

test('a mod_wsgi that was compiled is compared without its hash', () => {
  const compiled = { ...lock, mod_wsgi: `6.1.1 ${sha('5')}` };
  expect(installedDrift(compiled, { ...installed, modWsgi: '6.1.1' })).toEqual([]);
});

describe('a build that fails', () => {
  test('versions that the archive has no more', () => {
    const lines = [
      'Building dependency tree...',
      "E: Version '2.10-3' for 'hello' was not found",
      'E: Unable to locate package login',
    ];
    expect(told([...buildDrift(lock, lines)])).toEqual([
      'apt hello: 2.10-3 → not in the archive',
      'apt login: 1:4.13+dfsg1-1 → not in the archive',
    ]);
  });

  test('versions that no index has', () => {
    const lines = [
      'ERROR: Could not find a version that satisfies the requirement bottle==0.99 (from versions: 0.13.4)',
      'ERROR: No matching distribution found for bottle==0.99 (from -r wsgi-dev.txt (line 1))',
    ];
    expect(told([...buildDrift(lock, lines)])).toEqual(['pip bottle: 0.99 → on no index']);
  });

  test.each([
    ['pip 20.3', 'bottle==0.13.4 from https://files.example/bottle.whl#sha256=3 (from -r wsgi-dev.txt (line 1)):'],
    ['an address', 'bottle @ https://files.example/bottle.whl from https://files.example/bottle.whl:'],
    ['pip 26', 'bottle==0.13.4 from https://files.example/bottle.whl (from -r wsgi-dev.txt (line 1)):'],
  ])('a hash that is another, as told of %s', (_name, headline) => {
    const lines = [
      'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated…',
      `    ${headline}`,
      `        Expected sha256 ${'3'.repeat(64)}`,
      `        Expected     or ${'4'.repeat(64)}`,
      `             Got        ${'9'.repeat(64)}`,
    ];
    expect(told([...buildDrift(lock, lines)])).toEqual(['pip bottle: sha256:333333333333… → sha256:999999999999…']);
  });

  test('anything else is no drift', () => {
    expect(buildDrift(lock, ['E: Unable to correct problems', 'error: gcc is missing'])).toEqual([]);
  });
});
