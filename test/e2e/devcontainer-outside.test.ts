import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { DEVCONTAINER } from '../helpers/devcontainer.ts';
import { docker, inContainer } from '../helpers/docker.ts';
import { ensureSuite } from '../helpers/images.ts';
import { developer, get, hello, makeProject, type TestProject, type Up } from '../helpers/project.ts';

const BIN = join(import.meta.dirname, '../../node_modules/.bin');
const WITH = { PATH: `${BIN}:${process.env.PATH}` };
/** No devcontainer CLI on it. */
const WITHOUT = { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin` };
const PORT = 18_765;

const feature = JSON.stringify({
  id: 'tool',
  version: '1.0.0',
  name: 'tool',
  containerEnv: { TOOL: 'feature' },
  postCreateCommand: 'echo from-the-feature >>/tmp/order',
});
const files = (keys: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> => ({
  'app.py': hello("f\"{__import__('os').environ.get('SHOP')} {open('/tmp/order').read().split()}\""),
  'env.py': hello("f\"{env['SHOP']} {env['FROM']} {open('/tool').read().strip()}\"", 'from os import environ as env'),
  '.devcontainer/Dockerfile': `FROM wsgi-dev/base:bookworm\nRUN useradd -m -u ${developer} dev\n`,
  '.devcontainer/tool/devcontainer-feature.json': feature,
  '.devcontainer/tool/install.sh': '#!/bin/sh\necho installed >/tool\n',
  '.devcontainer/devcontainer.json': `// ours\n${JSON.stringify({ build: { dockerfile: 'Dockerfile' }, ...keys })}`,
});

let project: TestProject;
beforeAll(async () => {
  await ensureSuite('bookworm');
  project = makeProject(
    files({
      features: { './tool': {} },
      remoteUser: 'dev',
      containerEnv: { SHOP: `\${localEnv:SHOP_NAME:none}` },
      remoteEnv: { FROM: `\${containerEnv:TOOL}-remote` },
      mounts: [
        `type=bind,source=\${localWorkspaceFolder},target=/bound`,
        `type=volume,source=\${localWorkspaceFolderBasename}-cache,target=/cache`,
        'type=tmpfs,target=/scratch',
      ],
      runArgs: ['--hostname', 'shop', '--privileged'],
      forwardPorts: [PORT],
      onCreateCommand: 'echo created >>/tmp/order',
      postStartCommand: { one: ['sh', '-c', 'echo started >>/tmp/order'] },
      anything: 1,
    }),
    { shared: true },
  );
  const built = await project.run(['build'], { env: { ...WITH, SHOP_NAME: 'Ada' } });
  if (built.code !== 0) throw new Error(built.stderr);
});
afterEach(async () => {
  await project.run(['down']);
});
afterAll(async () => {
  const images = await docker.listImages({ filters: { reference: [`wsgi-dev/${project.name}-devcontainer`] } });
  await project.remove();
  await docker.getVolume(`${project.name}-cache`).remove();
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  await Promise.all(tags.map((tag) => docker.getImage(tag).remove({ force: true, noprune: true })));
});

const up = (...args: readonly string[]) =>
  project.run(['up', '-d', '--format', 'json', ...args], { env: { ...WITHOUT, SHOP_NAME: 'Ada' } });

test('up runs what devcontainer.json describes, without asking its CLI again', async () => {
  const { code, stdout, stderr } = await up();
  expect([code, stderr]).toEqual([0, expect.stringContaining('Using .devcontainer/devcontainer.json')]);
  expect(stderr).toContain('runArgs: --privileged has no effect');
  expect(stderr).toContain('anything is not known here, and has no effect');
  const { container, url } = JSON.parse(stdout) as Up;
  expect(Number(new URL(url).port)).toBeGreaterThanOrEqual(PORT);
  expect((await get(url)).body).toBe("Ada ['created', 'from-the-feature', 'started']");
  const seen = await inContainer(container, [
    ...['sh', '-c'],
    'id -un; hostname; cat /tool; ls /bound/app.py /workspaces/*/app.py; echo $FROM $HOME; grep CapEff /proc/1/status; mountpoint -q /cache && stat -fc %T /scratch',
  ]);
  expect(seen.trim().split('\n')).toEqual([
    ...['dev', 'shop', 'installed', '/bound/app.py', `/workspaces/${project.name}/app.py`],
    ...['feature-remote /home/dev', `CapEff:\t${'0'.repeat(16)}`, 'tmpfs'],
  ]);
  const { Mounts } = await docker.getContainer(container).inspect();
  expect(Mounts.find(({ Destination }) => Destination === '/cache')?.Name).toBe(`${project.name}-cache`);
  expect((JSON.parse((await up()).stdout) as Up).changed).toEqual([]);

  // A stopped one that starts again is not created again.
  await project.run(['stop']);
  await project.run(['start']);
  expect((await get(url)).body).toBe("Ada ['created', 'from-the-feature', 'started', 'started']");
});

test('editors know it, the devcontainer CLI leaves it alone, and down takes it away', async () => {
  const { container } = JSON.parse((await up()).stdout) as Up;
  const { Labels } = (await docker.getContainer(container).inspect()).Config;
  expect(Labels['devcontainer.local_folder']).toBe(project.directory);
  expect(JSON.parse(Labels['devcontainer.metadata'] ?? '')).toEqual(
    expect.arrayContaining([expect.objectContaining({ remoteUser: 'dev' })]),
  );
  const exec = promisify(execFile)(process.execPath, [
    ...[DEVCONTAINER, 'exec', '--workspace-folder', project.directory, 'true'],
  ]);
  await expect(exec).rejects.toThrow(/Dev container not found/);
  expect((await project.run(['down'])).stderr).toContain(`Took down ${project.name}`);
  expect(await project.containers()).toEqual([]);
});

describe('the other commands have the same image and environment', () => {
  const env = { ...WITHOUT, SHOP_NAME: 'Ada' };

  test('run, shell and check', async () => {
    const ran = await project.run(['run', 'sh', '-c', 'cat /tool; echo $SHOP $FROM'], { env });
    expect([ran.code, ran.stdout], ran.stderr).toEqual([0, 'installed\nAda feature-remote\n']);
    const shell = await project.run(['shell', '-T'], { env, input: 'echo $SHOP\n' });
    expect([shell.code, shell.stdout], shell.stderr).toEqual([0, 'Ada\n']);
    const checked = await project.run(['check', '--app', 'env.py', '--format', 'json'], { env });
    expect(JSON.parse(checked.stdout).answers, checked.stderr).toEqual([{ request: 'GET /', path: '/', status: 200 }]);
  });

  test('lock, and what is frozen, until a file of it changes', async () => {
    const locked = await project.run(['lock'], { env });
    expect(locked.code, locked.stderr).toBe(0);
    const lock = readFileSync(join(project.directory, 'wsgi-dev.lock'), 'utf8');
    expect(lock).toMatch(/^ {2}devcontainer: sha256:[0-9a-f]{64}$/m);
    expect(lock).toMatch(/^base:\n {2}devcontainer: \.devcontainer\/devcontainer\.json$/m);
    const { stdout, stderr } = await up('--frozen', '--app', 'env.py');
    expect((await get((JSON.parse(stdout) as Up).url)).body, stderr).toBe('Ada feature-remote installed');

    project.write({ 'wsgi-dev.lock': lock.replace(/(devcontainer: sha256:)\w{6}/, '$1000000') });
    const refused = await up('--frozen');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/ {2}devcontainer: sha256:000000\w{6}… → sha256:\w{12}…/),
    ]);
    project.write({ 'wsgi-dev.lock': lock });
  });

  test('a scenario, without mounts and commands; it can’t be handed over', async () => {
    const steps = 'steps: [{request: GET /}, {response: {status: 200, body: Ada feature-remote installed}}]\n';
    project.write({ 'a.scenario.yaml': `config: {app: env.py}\n${steps}` });
    for (const args of [[], ['--frozen']]) {
      const { code, stdout, stderr } = await project.run(['ci', 'a.scenario.yaml', ...args], { env });
      expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^ok {4}/m)]);
      expect(stderr).toMatch(/a scenario has its image and environment, and neither mounts nor commands/);
    }
    const packed = await project.run(['ci', 'pack', '.wsgi-dev/report'], { env });
    expect([packed.code, packed.stderr]).toEqual([
      2,
      expect.stringContaining('ran on the image of .devcontainer/devcontainer.json'),
    ]);
  });
});

test('--no-devcontainer, and a Python that is named, leave it out', async () => {
  for (const args of [['--no-devcontainer'], ['--python', '3.11']]) {
    const { stdout, stderr } = await up('--dry-run', ...args);
    expect(stderr).not.toContain('devcontainer.json');
    expect(stdout).not.toContain('/bound');
  }
  expect((await up('--dry-run')).stdout).toContain('/bound');
});

test('where the CLI is not there it is said how to get it, and all else works', async () => {
  const other = makeProject(files({}));
  const left = await other.run(['up', '--dry-run'], { env: WITHOUT });
  expect([left.code, left.stderr]).toEqual([0, expect.stringContaining('npm install -g @devcontainers/cli')]);
  const asked = await other.run(['up', '-d', '--devcontainer'], { env: WITHOUT });
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('npm install -g @devcontainers/cli')]);
  const none = await makeProject({ 'app.py': hello() }).run(['up', '-d', '--devcontainer'], { env: WITH });
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('wsgi-dev devcontainer init')]);
});

test('what the CLI can’t build ends with its words', async () => {
  const broken = makeProject({ ...files({}), '.devcontainer/Dockerfile': 'FROM wsgi-dev/base:bookworm\nRUN exit 7\n' });
  const { code, stderr } = await broken.run(['up', '-d'], { env: WITH });
  expect([code, stderr]).toEqual([4, expect.stringMatching(/devcontainer build failed[\s\S]*--no-devcontainer/)]);
  expect(await broken.containers()).toEqual([]);
});
