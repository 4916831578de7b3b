import { expect, test } from 'vitest';
import { editablesIn, needsUv, uvScript } from '../../src/plan/uv.ts';

test.each([
  [['requirements.txt'], 'flask\n', false],
  [['requirements.txt'], '-e git+https://example.org/shop#egg=shop\n', false],
  [['requirements.txt'], '-e .\n', true],
  [['requirements.txt'], '--editable=./libs/cart[fast] # ours\n', true],
  [['pyproject.toml'], '', true],
  [['deploy/uv.lock'], '', true],
  [['pylock.web.toml'], '', true],
])('%j with %j takes uv: %s', (named, content, expected) => {
  expect(needsUv(named, [{ path: 'requirements.txt', content }])).toBe(expected);
});

test('the directories that are installed as they are edited', () => {
  const text = '-e .\n--editable ./libs/cart[fast]\n-e file:///srv/x\n# -e no\nflask\n-e git+ssh://host/x\n';
  expect(editablesIn(text)).toEqual(['.', './libs/cart']);
});

/** The commands of a script, without what all of them share. */
const commands = (request: Partial<Parameters<typeof uvScript>[0]>): readonly string[] =>
  uvScript({ named: [], groups: [], extras: [], ...request })
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace('uv pip install --python /opt/venv/bin/python3', 'install'));

test('one resolution for all that can be resolved together', () => {
  const named = ['requirements.txt', 'pyproject.toml', "it's.txt"];
  expect(commands({ named, groups: ['dev'], extras: ['pg'] })).toEqual([
    String.raw`install --extra 'pg' --group 'pyproject.toml:dev' -r 'requirements.txt' -r 'it'\''s.txt' -r 'pyproject.toml'`,
  ]);
});

test('a lock of uv is exported as it is, with its groups and extras', () => {
  const [exported = '', install] = commands({ named: ['web/uv.lock'], groups: ['dev'], extras: ['pg'] });
  expect(exported).toMatch(/^uv export .*--frozen .*--project 'web' --group 'dev' --extra 'pg' --output-file (\S+) /);
  expect(install).toBe("install -r '/tmp/uv-lock-0.txt'");
});

test('a pylock.toml is installed by itself', () => {
  expect(commands({ named: ['pylock.toml', 'requirements.txt'] })).toEqual([
    "install -r 'pylock.toml'",
    "install -r 'requirements.txt'",
  ]);
});
