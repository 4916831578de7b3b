import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { expect, onTestFinished, test } from 'vitest';
import { DEVCONTAINER } from '../helpers/devcontainer.ts';
import { developer, hello, makeProject, type TestProject } from '../helpers/project.ts';
import { openTerminal } from '../helpers/pty.ts';
import { CLI } from '../helpers/session-project.ts';

const JSON_FILE = '.devcontainer/devcontainer.json';
const own = '{\n  // ours\n  "image": "debian:bookworm"\n}\n';
const read = ({ directory }: TestProject, path = JSON_FILE): string => readFileSync(join(directory, path), 'utf8');

test('a new one is written, the person’s own, and the devcontainer CLI reads it', async () => {
  const project = makeProject({ 'app.py': hello(), 'requirements.txt': '', 'wsgi-dev.yaml': 'python: "3.13"\n' });
  const { code, stderr } = await project.run(['devcontainer', 'init']);
  expect([code, stderr]).toEqual([0, expect.stringContaining(`Wrote ${JSON_FILE}`)]);
  expect(stderr).toMatch(/^\+ {2}"image": "mcr\.microsoft\.com\/devcontainers\/python:3\.13"/m);
  expect(stderr).toMatch(/^\.devcontainer\/wsgi-dev\/runner\/wsgi_dev_runner\/: \d+ of wsgi-dev's own files$/m);
  expect(new Set(project.listing().map(({ uid }) => uid))).toEqual(new Set([developer]));
  expect(statSync(join(project.directory, '.devcontainer/wsgi-dev/install.sh')).mode & 0o777).toBe(0o755);
  expect(project.listing().map(({ path }) => path)).toContain(
    '.devcontainer/wsgi-dev/runner/wsgi_dev_runner/check/main.py',
  );
  expect(parse(read(project, '.vscode/launch.json')).configurations).toHaveLength(1);

  const args = [DEVCONTAINER, 'read-configuration', '--workspace-folder', project.directory];
  const { configuration } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }));
  expect(configuration).toMatchObject({
    features: { './wsgi-dev': {} },
    forwardPorts: [8000],
    postCreateCommand: 'wsgi-dev install -r requirements.txt debugpy || true',
  });
  const again = await project.run(['devcontainer', 'init']);
  expect([again.code, again.stderr]).toEqual([0, 'Everything is as it should be: nothing to write\n']);
});

test('one that is there changes with --yes only, where nobody can be asked', async () => {
  const project = makeProject({ 'app.py': hello(), [JSON_FILE]: own });
  const refused = await project.run(['devcontainer', 'init']);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--yes writes it')]);
  expect(refused.stderr).toMatch(/^\+ {2}"forwardPorts": \[$/m);
  expect(read(project)).toBe(own);
  expect(existsSync(join(project.directory, '.vscode'))).toBe(false);

  expect((await project.run(['devcontainer', 'init', '--yes'])).code).toBe(0);
  expect(read(project)).toContain('  // ours\n  "image": "debian:bookworm",\n');
});

test.each([
  ['n', 1, 'Nothing was written'],
  ['y', 0, `Wrote ${JSON_FILE}`],
])('asked on a terminal, %s', async (answer, wanted, said) => {
  const project = makeProject({ 'app.py': hello(), [JSON_FILE]: own });
  const terminal = await openTerminal([process.execPath, CLI, 'devcontainer', 'init'], { cwd: project.directory });
  onTestFinished(terminal.close);
  await terminal.until(/\+ {2}"features": \{/);
  await terminal.until(/Write this\? \[y\/N\] $/);
  terminal.type(`${answer}\r`);
  await terminal.until(new RegExp(said.replaceAll('.', '\\.')));
  expect((await terminal.ended).code).toBe(wanted);
  expect(read(project) === own).toBe(wanted === 1);
});

test('what can’t be merged is told with its place, and stays', async () => {
  const project = makeProject({ 'app.py': hello(), [JSON_FILE]: '{\n  "image": \n}\n' });
  const broken = await project.run(['devcontainer', 'init', '--yes']);
  expect([broken.code, broken.stderr]).toEqual([2, expect.stringContaining(`${JSON_FILE}:3:1: this is no JSON`)]);
  const other = makeProject({ 'app.py': hello(), [JSON_FILE]: own });
  const image = await other.run(['devcontainer', 'init', '--image', 'python:3.12']);
  expect([image.code, image.stderr]).toEqual([2, expect.stringContaining('--image is for a new devcontainer')]);
});
