import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runUser, serverUser } from '../../src/project/owner.ts';
import { prepareState, writeSettings } from '../../src/project/state.ts';
import { directoryOf } from './files.ts';

const asRoot = process.getuid?.() === 0;

test.each([
  ['1000:100', '1000:100'],
  ['1000', '1000:1000'],
])('--user %s decides', async (user, expected) => {
  expect(await runUser({ user, root: '/none' })).toBe(expected);
});

test.each([
  ['serve', '0', false],
  ['serve', '0:33', false],
  ['serve', '33:0', true],
  ['debug', '0:0', true],
] as const)('a server in %s mode as %s', async (mode, user, runs) => {
  const asked = serverUser({ mode, user, root: '/none' });
  if (runs) expect(await asked).toBe(user);
  else await expect(asked).rejects.toMatchObject({ code: 2, hint: expect.stringContaining('--debug') });
});

describe.runIf(asRoot)("for root's eyes", () => {
  test('the state directory goes from one user to another, and back to root', async () => {
    const directory = directoryOf();
    for (const id of [33, 0, 4321]) {
      const { uid, gid } = statSync(await prepareState(directory, `${id}:${id}`));
      expect([uid, gid]).toEqual([id, id]);
    }
  });

  test('the owner of the directory', async () => {
    const root = directoryOf();
    chownSync(root, 1234, 5678);
    expect(await runUser({ user: undefined, root })).toBe('1234:5678');
  });

  test("root's own: www-data, where it can read everything but hidden files and caches", async () => {
    const root = directoryOf({ 'a/b.py': '', '.env': '', 'node_modules/x': '', '__pycache__/y': '' });
    chmodSync(root, 0o755);
    for (const path of ['.env', 'node_modules', '__pycache__']) chmodSync(join(root, path), 0o700);
    expect(await runUser({ user: undefined, root })).toBe('33:33');
  });

  test('a recording, which is for its owner alone, is nothing that it has to read', async () => {
    const text = '# A scenario for `wsgi-dev ci`, recorded by `wsgi-dev up --debug --record`.\n';
    const root = directoryOf({ 'begun.yaml': '', 'bug.yaml': text, 'settings.yaml': 'debug: true\n' });
    chmodSync(root, 0o755);
    for (const path of ['begun.yaml', 'bug.yaml']) chmodSync(join(root, path), 0o600);
    expect(await runUser({ user: undefined, root })).toBe('33:33');
    chmodSync(join(root, 'settings.yaml'), 0o600);
    await expect(runUser({ user: undefined, root })).rejects.toThrow(/settings\.yaml belongs to root/);
  });

  test.each([
    ['a file', 'a/b.py', 0o600, 'a/b.py'],
    ['a directory', 'a', 0o700, 'a'],
    ['a directory that can be listed but not entered', 'a', 0o744, 'a'],
  ])('%s that it can’t read is named', async (_name, path, mode, shown) => {
    const root = directoryOf({ 'a/b.py': '' });
    chmodSync(root, 0o755);
    chmodSync(join(root, path), mode);
    await expect(runUser({ user: undefined, root })).rejects.toThrow(
      expect.objectContaining({
        code: 2,
        message: expect.stringContaining(`${shown} belongs to root`),
        hint: expect.stringContaining('--user'),
      }),
    );
  });

  test('what its group or it itself may read is readable', async () => {
    const root = directoryOf({ 'own.py': '', 'group.py': '' });
    chmodSync(root, 0o755);
    chownSync(join(root, 'own.py'), 33, 0);
    chownSync(join(root, 'group.py'), 0, 33);
    chmodSync(join(root, 'own.py'), 0o400);
    chmodSync(join(root, 'group.py'), 0o040);
    expect(await runUser({ user: undefined, root })).toBe('33:33');
  });

  test("the state directory is the runner's, what is around it the owner's, the settings nobody else's", async () => {
    const directory = directoryOf();
    chownSync(directory, 1234, 5678);
    const state = await prepareState(directory, '33:33');
    await writeSettings(state, {} as Parameters<typeof writeSettings>[1]);
    const owner = (path: string) => [statSync(path).uid, statSync(path).gid, statSync(path).mode & 0o777];
    expect(owner(join(directory, '.wsgi-dev')).slice(0, 2)).toEqual([1234, 5678]);
    expect(owner(join(directory, '.wsgi-dev/.gitignore')).slice(0, 2)).toEqual([1234, 5678]);
    expect(owner(state)).toEqual([33, 33, 0o755]);
    expect(owner(join(state, 'settings.json'))).toEqual([33, 33, 0o600]);
  });
});

test('a state directory that can’t be made', async () => {
  const directory = directoryOf({ '.wsgi-dev': 'a file' });
  await expect(prepareState(directory, '33:33')).rejects.toThrow(
    expect.objectContaining({
      code: 2,
      message: expect.stringContaining(".wsgi-dev can't be written"),
      hint: expect.any(String),
    }),
  );
});
