import { expect, test } from 'vitest';
import { indexOptions, lockedParts, parseDistribution } from '../../src/plan/locked.ts';
import { lockedBase, repositoryOf } from '../../src/plan/locked-base.ts';
import { lock, sha } from './locks.ts';

const file = (content: string) => [{ path: 'requirements.txt', content }];

test('what apt-get and pip are given', () => {
  expect(lockedParts(lock, file('--extra-index-url https://pypi.example/simple\nbottle\n'))).toEqual({
    apt: '--allow-downgrades apache2=2.4.71-1~deb12u1 hello=2.10-3 login=1:4.13+dfsg1-1',
    requirements: [
      '--extra-index-url https://pypi.example/simple',
      `bottle==0.13.4 --hash=${sha('3')}`,
      `zope.interface==8.7 --hash=${sha('4')}`,
      '',
    ].join('\n'),
    modWsgi: '4.9.4-1+b2',
  });
});

test('nothing from pip: the file is empty, and the step is passed over', () => {
  expect(lockedParts({ ...lock, pip: [] }, file('--pre\n')).requirements).toBe('');
});

test('a mod_wsgi that is compiled has its hash', () => {
  expect(lockedParts({ ...lock, mod_wsgi: `6.1.1 ${sha('5')}` }, []).modWsgi).toBe(`6.1.1 --hash=${sha('5')}`);
});

test('one that has an address is installed from there; several hashes are all good', () => {
  const line = `shop==1.0 ${sha('5')} ${sha('6')} https://example.org/shop-1.0.tar.gz`;
  expect(parseDistribution(line)).toEqual({
    name: 'shop',
    version: '1.0',
    hashes: [sha('5'), sha('6')],
    url: 'https://example.org/shop-1.0.tar.gz',
  });
  expect(lockedParts({ ...lock, pip: [line] }, []).requirements).toBe(
    `shop @ https://example.org/shop-1.0.tar.gz --hash=${sha('5')} --hash=${sha('6')}\n`,
  );
});

test.each([
  ['-i https://pypi.example/simple\nflask\n', '-i https://pypi.example/simple\n'],
  ['-ihttps://pypi.example/simple\r\nflask\r\n', '-ihttps://pypi.example/simple\n'],
  ['  --index-url=https://pypi.example/simple\n', '--index-url=https://pypi.example/simple\n'],
  ['--only-binary \\\n  :all:\n--pre\n', '--only-binary   :all:\n--pre\n'],
  ['-r base.txt\n-c limits.txt\n-e .\n--require-hashes\n# --pre\nflask --hash=sha256:1\n', ''],
  ['--prefer-binary\n--trusted-host pypi.example\n', '--prefer-binary\n--trusted-host pypi.example\n'],
])('%j says of indexes %j', (text, expected) => {
  expect(indexOptions(file(text))).toBe(expected);
});

test.each([
  ['debian:bookworm-slim', 'debian'],
  ['debian@sha256:0', 'debian'],
  ['docker.io/library/python:3.12-slim', 'python'],
  ['registry.example:5000/team/shop', 'registry.example:5000/team/shop'],
  ['registry.example:5000/team/shop:2@sha256:0', 'registry.example:5000/team/shop'],
])('%s is of the repository %s', (ref, expected) => {
  expect(repositoryOf(ref)).toBe(expected);
});

const made = { ref: 'wsgi-dev/base:bookworm', suite: 'bookworm' };

test.each([
  ['made from the archive', made.ref, [], { suite: 'bookworm' }],
  [
    'from a registry',
    'debian:bookworm-slim',
    ['debian@sha256:9'],
    { image: 'debian:bookworm-slim', digest: 'sha256:9' },
  ],
  [
    'from one of several registries',
    'r.example/a:1',
    ['r.example/b@sha256:8', 'r.example/a@sha256:9'],
    { image: 'r.example/a:1', digest: 'sha256:9' },
  ],
  ['from nowhere else', 'mine:1', ['other@sha256:9'], { image: 'mine:1', id: 'sha256:7' }],
])('a base %s', (_name, ref, digests, expected) => {
  expect(lockedBase(ref, { id: 'sha256:7', digests }, made)).toEqual(expected);
});
