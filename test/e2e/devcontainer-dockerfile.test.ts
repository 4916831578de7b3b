import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setJsonc } from '../../src/jsonc.ts';
import { type Devcontainer, devcontainerIn, runArgs } from '../helpers/devcontainer.ts';
import { ensureSuite } from '../helpers/images.ts';
import { developer, makeProject, type TestProject } from '../helpers/project.ts';
import { get } from '../helpers/session-project.ts';

const JSON_FILE = '.devcontainer/devcontainer.json';
const APP = [
  'import markupsafe',
  '',
  '',
  'def application(environ, start_response):',
  '    text = markupsafe.escape("<b>")',
  '    breakpoint()',
  '    start_response("200 OK", [])',
  '    return [str(text).encode()]',
  '',
].join('\n');
const SETTINGS = [
  'image: wsgi-dev/base:bookworm',
  // PyPI is behind a proxy of this machine's, or not: as on a developer's.
  'ca_certificates: [host]',
  'packages: {apt: [tree]}',
  '',
].join('\n');

let project: TestProject;
let dev: Devcontainer;
beforeAll(async () => {
  await ensureSuite('bookworm');
  project = makeProject(
    { 'app.py': APP, 'requirements.txt': 'markupsafe==2.1.5\n', 'wsgi-dev.yaml': SETTINGS },
    { shared: true },
  );
  dev = devcontainerIn(project.directory, developer);
  const { code, stderr } = await project.run(['devcontainer', 'init', '--dockerfile']);
  if (code !== 0) throw new Error(stderr);
  const written = readFileSync(join(project.directory, JSON_FILE), 'utf8');
  project.write({ [JSON_FILE]: setJsonc(written, ['runArgs'], runArgs(project.directory)) });
  await dev.up();
});
afterAll(async () => {
  dev?.remove();
  await project?.remove();
});

test('the devcontainer CLI builds it; inside, a request stops at the prompt', async () => {
  const terminal = await dev.terminal([
    ...['wsgi-dev', 'up', '--debug', '--port', '0.0.0.0:8000', '--allow-remote-debug'],
  ]);
  await terminal.until(/Ready: /, 30_000);
  const response = get(dev.url('/'));
  await terminal.until(/> \/workspaces\/[^\n]*app\.py\(\d+\)application\(\)\n/);
  await terminal.until(/\(Pdb\) $/);
  terminal.type('p text\r');
  await terminal.until(/Markup\('&lt;b&gt;'\)/);
  terminal.type('c\r');
  expect(await response).toEqual({ status: 200, body: '&lt;b&gt;' });
  expect((await dev.exec('wsgi-dev', 'down')).code).toBe(0);
});

test('its user works as the project’s owner, and may install', async () => {
  const ran = await dev.exec(
    'sh',
    '-c',
    'id -un; id -u; command -v tree; command -v git; wsgi-dev install six==1.17.0 >&2',
  );
  expect([ran.code, ran.stdout.split('\n')]).toEqual([0, ['dev', `${developer}`, '/usr/bin/tree', '/usr/bin/git', '']]);
});

test('a second init has nothing to write; a changed package is shown, and asked about', async () => {
  const again = await project.run(['devcontainer', 'init']);
  expect([again.code, again.stderr]).toEqual([0, 'Everything is as it should be: nothing to write\n']);
  project.write({ 'wsgi-dev.yaml': SETTINGS.replace('tree', 'file') });
  const changed = await project.run(['devcontainer', 'init']);
  expect([changed.code, changed.stderr]).toEqual([2, expect.stringContaining('+ARG APT_PACKAGES=file')]);
  project.write({ 'wsgi-dev.yaml': SETTINGS });
});

test('it is for a new devcontainer', async () => {
  const own = makeProject({ 'app.py': APP, [JSON_FILE]: '{ "image": "debian:bookworm" }\n' });
  const refused = await own.run(['devcontainer', 'init', '--dockerfile']);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    expect.stringContaining('--dockerfile is for a new devcontainer'),
  ]);
});

test('requirements that can’t be had are told; the devcontainer is there, and later commands run', async () => {
  const json = readFileSync(join(project.directory, JSON_FILE), 'utf8');
  project.write({
    'requirements.txt': 'no-such-package-of-anybody==1.0\n',
    [JSON_FILE]: setJsonc(json, ['postStartCommand'], 'touch /tmp/later'),
  });
  dev.docker('rm', '-f', await dev.up());
  await dev.up();
  expect(dev.said).toMatch(
    /requirements\.txt could not be installed into \/opt\/wsgi-dev-venv: what failed stands above/,
  );
  expect(dev.said).toContain('wsgi-dev install -r requirements.txt debugpy');
  const ran = await dev.exec('sh', '-c', 'ls /tmp/later; /opt/wsgi-dev-venv/bin/python3 -c "import debugpy"');
  expect([ran.code, ran.stdout]).toEqual([0, '/tmp/later\n']);
});
