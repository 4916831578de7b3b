import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listFiles, readArchive, writeArchive } from '../../src/handover/archive.ts';
import { cliPath, runCli } from '../helpers/cli.ts';
import { containersNamed, docker, networksOf, removeAllOf } from '../helpers/docker.ts';
import { makeProject, type TestProject } from '../helpers/project.ts';
import { PROMPT } from '../helpers/prompt.ts';
import { key, openTerminal } from '../helpers/pty.ts';

const application = `\
import os


def application(environ, start_response):
    items = environ["QUERY_STRING"].split(",")
    total = sum(int(item) for item in items) + 1
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(total).encode()]
`;
const scenario = (name: string, total: number) => `name: ${name}
steps:
  - request: GET /?1,2
  - stop: {commands: [p items, {run: p total, expect: "${total}"}]}
  - response: 200
`;

const BUILD_MS = 300_000;
let project: TestProject;
/** Where other people stand. */
let elsewhere: string;
const again = `e2e-again-${process.pid}`;

beforeAll(async () => {
  project = makeProject(
    {
      'wsgi.py': application,
      'wsgi-dev.yaml': 'env_file: [deploy/settings]\n',
      'deploy/settings': 'SECRET_KEY=hunter2\n',
      'server.pem': 'hunter3',
      'ignored.txt': 'hunter4',
      '.gitignore': 'ignored.txt\n',
      'wrong.scenario.yaml': scenario('totals', 3),
      'right.scenario.yaml': scenario('as it is', 4),
    },
    { shared: true, owner: process.getuid?.() ?? 0 },
  );
  elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'wsgi-dev-elsewhere-')));
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'all');
  project.write({ 'wsgi.py': `${application}# changed since\n`, 'server.pem': 'hunter5' });
  const { code, stdout, stderr } = await project.run(['ci', '.', '--output', 'report']);
  expect({ code, stdout, stderr }).toMatchObject({ code: 1, stdout: expect.stringContaining('1 failed, 1 passed') });
  for (const name of ['totals', 'as-it-is']) {
    expect(await project.run(['ci', 'pack', `report/${name}`])).toMatchObject({ code: 0 });
  }
}, BUILD_MS);
afterAll(async () => {
  await removeAllOf(again, join(elsewhere, again));
  await project.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

function git(...args: readonly string[]): void {
  execFileSync('git', args, { cwd: project.directory });
}

const packed = (name: string) => join(project.directory, 'report', `${name}.tar.gz`);

/** Nobody's directory, for one test. */
function place(name: string): string {
  const directory = join(elsewhere, name);
  mkdirSync(directory);
  return directory;
}

/** Under the name of the project, whose image is there. */
const reproduce = (cwd: string, ...args: readonly string[]) =>
  runCli(['reproduce', '--project-name', project.name, ...args], { cwd });

test('an archive has the source, the evidence and the changes, and no secrets; twice it is the same', async () => {
  const bytes = readFileSync(packed('totals'));
  const { manifest, files } = await readArchive(bytes, 'totals');
  expect([...files.keys()]).toEqual([
    'evidence/environment.json',
    'evidence/result.json',
    'evidence/session.cast',
    'evidence/transcript.txt',
    'revision.patch',
    'source/.gitignore',
    'source/right.scenario.yaml',
    'source/wrong.scenario.yaml',
    'source/wsgi-dev.yaml',
    'source/wsgi.py',
  ]);
  expect(manifest).toMatchObject({
    outcome: 'failed',
    revision: { changed: true, commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
    leftOut: ['deploy/settings', 'server.pem'],
    envFiles: [{ path: 'deploy/settings', names: ['SECRET_KEY'] }],
  });
  expect(gunzipSync(bytes).toString('latin1')).not.toMatch(/hunter/);
  expect(files.get('revision.patch')?.content.toString()).toMatch(/^diff --git a\/wsgi\.py[\s\S]*\+# changed since\n$/);

  const { code, stdout, stderr } = await project.run(['ci', 'pack', 'report', '-o', join(elsewhere, 'second.tar.gz')]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('second.tar.gz') });
  expect(stderr).toContain('Left out, as they may hold secrets: deploy/settings, server.pem');
  expect(readFileSync(join(elsewhere, 'second.tar.gz'))).toEqual(bytes);
});

test(
  'another directory reproduces it, as a project of its own',
  async () => {
    const { code, stdout, stderr } = await runCli(['reproduce', packed('as-it-is'), '--directory', again], {
      cwd: elsewhere,
    });
    expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok {4}as it is/) });
    expect(stdout).toMatch(/^reproduced: it passed in the same way\n$/m);
    expect(stderr).toMatch(/is code from elsewhere \(e2e-\S+ at [0-9a-f]+-dirty, packed by wsgi-dev \S+\)/);
    expect(stderr).toContain('Not in it, as they may hold secrets: deploy/settings, server.pem');
    const report = join(elsewhere, again, '.wsgi-dev/report/as-it-is');
    for (const file of ['transcript.txt', 'result.json']) expect(existsSync(join(report, file))).toBe(true);
    expect(await docker.listImages({ filters: { reference: [`wsgi-dev/${again}-source`] } })).toEqual([]);
    const transcript = (directory: string) => readFileSync(join(directory, 'transcript.txt'), 'utf8');
    expect(transcript(report)).toBe(transcript(join(project.directory, 'report/as-it-is')));
  },
  BUILD_MS,
);

test('a failure that comes again is reproduced; the person stands where it failed, and leaves nothing', async () => {
  const cwd = place('interactive');
  const args = ['reproduce', packed('totals'), '--interactive', '--project-name', project.name];
  const terminal = await openTerminal([process.execPath, cliPath, ...args], { cwd });
  onTestFinished(() => terminal.close());
  await terminal.until(/FAIL {2}totals/, 60_000);
  await terminal.until(/reproduced: it failed in the same way/);
  await terminal.until(/Standing where it stopped \(Ctrl-P Ctrl-Q ends it\)/, 60_000);
  await terminal.until(PROMPT);
  terminal.type('p items, total\r');
  await terminal.until(/\(\['1', '2'\], 4\)/);
  terminal.type(key.detach);
  const { code, modesAfter, modesBefore } = await terminal.ended;
  expect({ code, modes: modesAfter }).toEqual({ code: 0, modes: modesBefore });
  expect(await containersNamed(`${project.name}-ci-`)).toEqual([]);
  expect(await networksOf(project.name)).toEqual([]);
});

test('of one that passed, the person stands at its last stop', async () => {
  const cwd = place('passed');
  const args = ['reproduce', packed('as-it-is'), '-i', '--project-name', project.name];
  const { code, stdout, stderr } = await runCli(args, { cwd, input: 'p total * 2\nc\n' });
  expect(stdout).toMatch(
    /reproduced: it passed[\s\S]*> \/app\/wsgi\.py\(8\)application\(\)[\s\S]*\(Pdb\) p total \* 2\n8\n/,
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(await containersNamed(`${project.name}-ci-`)).toEqual([]);
});

test('what ends another way here is not reproduced, and the difference is named', async () => {
  const { manifest, files } = await readArchive(readFileSync(packed('totals')), 'totals');
  const mended = [...files.values()].map((file) =>
    file.path === 'source/wsgi.py'
      ? { ...file, content: Buffer.from(file.content.toString().replace(' + 1', '')) }
      : file,
  );
  const cwd = place('mended');
  writeFileSync(join(cwd, 'mended.tar.gz'), await writeArchive({ ...manifest, files: listFiles(mended) }, mended));
  const { code, stdout } = await reproduce(cwd, 'mended.tar.gz', '--output', 'report');
  expect(stdout).toMatch(/^not reproduced: the outcome differs:\n {2}packed: failed at step 2: p total\n/m);
  expect(stdout).toMatch(/^ {2}here: {3}passed$/m);
  expect(code).toBe(1);
  expect(existsSync(join(cwd, 'report/totals/report.html'))).toBe(true);
});

test('an altered archive is refused, and leaves nothing', async () => {
  const cwd = place('altered');
  const { manifest, files } = await readArchive(readFileSync(packed('totals')), 'totals');
  const altered = [...files.values()].map((file) =>
    file.path === 'source/wsgi.py' ? { ...file, content: Buffer.from('import this\n') } : file,
  );
  writeFileSync(join(elsewhere, 'altered.tar.gz'), await writeArchive(manifest, altered));
  const { code, stderr } = await reproduce(cwd, '../altered.tar.gz');
  expect(stderr).toContain('../altered.tar.gz: `source/wsgi.py` was altered: its digest is wrong');
  expect(code).toBe(2);
  expect(await reproduce(cwd, 'nowhere.tar.gz')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no such file/),
  });
  expect(readdirSync(cwd)).toEqual([]);
});

test('one whose configuration leads out is refused, and leaves nothing', async () => {
  const cwd = place('leading-out');
  const { manifest, files } = await readArchive(readFileSync(packed('totals')), 'totals');
  const leading = [...files.values()].map((file) =>
    file.path === 'source/wsgi-dev.yaml' ? { ...file, content: Buffer.from('mounts: ["../..:/up"]\n') } : file,
  );
  writeFileSync(
    join(elsewhere, 'leading.tar.gz'),
    await writeArchive({ ...manifest, files: listFiles(leading) }, leading),
  );
  const { code, stderr } = await reproduce(cwd, '../leading.tar.gz');
  expect(stderr).toMatch(/The archive is refused: mounts: \.\.\/\.\. is not a directory inside the project/);
  expect(code).toBe(2);
  expect(readdirSync(cwd)).toEqual([]);
});

test('a source that was changed since the run is not packed', async () => {
  project.write({ 'added.py': '' });
  const { code, stderr } = await project.run(['ci', 'pack', 'report/totals']);
  rmSync(join(project.directory, 'added.py'));
  expect(stderr).toMatch(/is not the one that was run: it was changed since/);
  expect(code).toBe(2);
});

test('of a directory of several runs, the scenario of the last one is meant', async () => {
  expect(await project.run(['ci', '.', '--output', 'several'])).toMatchObject({ code: 1 });
  expect(await project.run(['ci', 'right.scenario.yaml', '--output', 'several'])).toMatchObject({ code: 0 });
  expect(await project.run(['ci', 'pack', 'several'])).toMatchObject({
    code: 0,
    stdout: 'several/as-it-is.tar.gz\n',
  });
  rmSync(join(project.directory, 'several'), { recursive: true });
});

test('there must be evidence, of one scenario', async () => {
  expect(await project.run(['ci', 'pack', '.'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/holds no evidence of a scenario that was run/),
  });
});
