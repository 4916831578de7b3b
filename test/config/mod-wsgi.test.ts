import { expect, test } from 'vitest';
import { parseModWsgi } from '../../src/config/mod-wsgi.ts';
import { suitePythons } from '../../src/config/parsers.ts';
import { resolveConfig } from '../../src/config/resolve.ts';
import { faultLines, project } from './project.ts';

const projectWith = (modWsgi: string) =>
  project({ 'wsgi.py': 'application = 1\n', 'wsgi-dev.yaml': `server: {mod_wsgi: "${modWsgi}"}\n` });

test.each([
  ['distro', { kind: 'distro' }],
  ['pypi', { kind: 'pypi', version: undefined }],
  ['pypi==6.1.1', { kind: 'pypi', version: '6.1.1' }],
  ['pypi == 6.1', { kind: 'pypi', version: '6.1' }],
])('%j is read', (text, value) => expect(parseModWsgi(text)).toEqual({ value }));

test.each([
  '',
  'Distro',
  'pypi==',
  'pypi==6',
  'pypi=6.1.1',
  'pypi==6.1.*',
  'pypi==1.2.3.4',
  ' pypi',
  'pypi==6.1.1 -r x',
])('%j is refused', (text) =>
  expect(parseModWsgi(text)).toEqual({ fault: expect.stringMatching(/^expected distro, pypi or pypi==/) }),
);

test.each([
  ['3.9', 'distro', { kind: 'distro' }],
  // 6.0.0 and later want Python 3.10.
  ['3.9', 'pypi', { kind: 'pypi', version: '5.0.2' }],
  ['3.9', 'pypi==4.6.8', { kind: 'pypi', version: '4.6.8' }],
  ['3.9', 'pypi==5.1', { kind: 'pypi', version: '5.1' }],
  ['3.11', 'pypi', { kind: 'pypi', version: '6.1.1' }],
  ['3.11', 'pypi==4.9.1', { kind: 'pypi', version: '4.9.1' }],
  ['3.13', 'pypi==5.0.1', { kind: 'pypi', version: '5.0.1' }],
  ['3.13', 'pypi==10.0', { kind: 'pypi', version: '10.0' }],
  ['3.14', 'pypi', { kind: 'pypi', version: '6.1.1' }],
])('Python %s with %s', async (python, modWsgi, expected) => {
  const { config } = await resolveConfig({ python }, {}, projectWith(modWsgi));
  expect(config.base).toEqual({ kind: 'suite', python, modWsgi: expected });
});

test.each([
  ['3.9', '4.6.7', 'too old for Python 3.9 (--python 3.9), which needs 4.6.8 or newer; write pypi==5.0.2'],
  ['3.9', '6.0', 'too new for Python 3.9 (--python 3.9), which needs one before 6.0.0; write pypi==5.0.2'],
  ['3.11', '4.8.0', 'too old for Python 3.11 (--python 3.11), which needs 4.9.1 or newer; write pypi==6.1.1'],
  ['3.13', '4.9.4', 'too old for Python 3.13 (--python 3.13), which needs 5.0.1 or newer'],
  ['3.14', '5.0', 'too old for Python 3.14 (--python 3.14), which needs 5.0.1 or newer'],
])('Python %s with mod_wsgi %s', async (python, version, expected) => {
  const [line] = await faultLines(resolveConfig({ python }, {}, projectWith(`pypi==${version}`)));
  expect(line).toContain(`wsgi-dev.yaml:1:20: mod_wsgi ${version} is ${expected}`);
});

test('the override goes before the file, and is named', async () => {
  const directory = project({
    'wsgi.py': 'application = 1\n',
    'wsgi-dev.yaml': 'python: 3.13\nserver: {mod_wsgi: pypi}\n',
    'wsgi-dev.override.yaml': 'server:\n  mod_wsgi: pypi==4.9.4\n',
  });
  expect(await faultLines(resolveConfig({}, {}, directory))).toEqual([
    expect.stringMatching(/^wsgi-dev\.override\.yaml:2:13: mod_wsgi 4\.9\.4 is too old for Python 3\.13 \(wsgi-dev/),
  ]);
});

test('every Python has its mod_wsgi', async () => {
  for (const python of suitePythons) {
    const { config } = await resolveConfig({ python }, {}, projectWith('pypi'));
    expect(config.base.modWsgi).toMatchObject({ kind: 'pypi' });
  }
});
