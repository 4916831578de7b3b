import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckReport } from '../../src/report/check.ts';
import { makeProject, type TestProject } from '../helpers/project.ts';

const APPS = join(import.meta.dirname, 'check-apps');

/** The files of a project in check-apps, under their names there. */
function filesOf(name: string): Readonly<Record<string, string>> {
  const directory = join(APPS, name);
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(directory, path)).isFile() && !path.includes('__pycache__'));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

/** What the marks in a file say is found there: "file:line kind". */
function marked(path: string): readonly string[] {
  const lines = readFileSync(join(APPS, 'bad', path), 'utf8').split('\n');
  return lines.flatMap((text, index) =>
    (/# finds: (.*)$/.exec(text)?.[1] ?? '')
      .split(' ')
      .filter((kind) => kind !== '')
      .map((kind) => `${path}:${index + 1} ${kind}`),
  );
}

function found({ findings }: CheckReport, level = 'problem'): readonly string[] {
  return findings.filter((one) => one.level === level).map(({ file, line, kind }) => `${file}:${line} ${kind}`);
}

async function check(
  project: TestProject,
  ...args: readonly string[]
): Promise<{ report: CheckReport; code: number | null }> {
  const { code, stdout, stderr } = await project.run(['check', '--format', 'json', '--limit', '5', ...args]);
  if (stdout === '') throw new Error(`no report:\n${stderr}`);
  return { report: JSON.parse(stdout) as CheckReport, code };
}

function leftNothing(project: TestProject): void {
  const containers = execFileSync('docker', ['ps', '-aq', '--filter', `name=${project.name}-check`], {
    encoding: 'utf8',
  });
  expect(containers).toBe('');
  expect(project.listing(true).filter(({ path }) => /\.wsgi-dev\/check\/./.test(path))).toEqual([]);
}

describe('a project with faults', () => {
  let project: TestProject;
  /** Each function of serving.py that has a mark answers the path of its name. */
  const pages = filesOf('bad')['serving.py']?.matchAll(/^def (\w+)\(environ, start_response\)/gm) ?? [];
  const paths = [...pages].map(([, name]) => `/${name}`).filter((path) => path !== '/application');

  beforeAll(async () => {
    const listed = `check:\n  paths: [${paths.join(', ')}]\n`;
    project = makeProject({ ...filesOf('bad'), 'wsgi-dev.yaml': `app: serving.py\n${listed}` }, { shared: true });
    chmodSync(join(project.directory, 'closed.txt'), 0);
    const { code, stderr } = await project.run(['build']);
    if (code !== 0) throw new Error(stderr);
  }, 600_000);
  afterAll(() => project.remove());

  test('in requests: each finding at its line, and no other', async () => {
    const { report, code } = await check(project);
    expect([...found(report)].sort()).toEqual([...marked('serving.py'), ...marked('site.conf')].sort());
    expect(code).toBe(1);
    expect(report.answers.map(({ path }) => path)).toEqual(paths);
    expect(report.answers.filter(({ status }) => status !== 200)).toEqual([
      { path: '/fails', status: 500 },
      { path: '/hangs', status: null },
      { path: '/crashes', status: null },
      { path: '/leaves', status: null },
    ]);
    const client = (kind: string, path: string) =>
      report.findings.find((one) => one.kind === kind && one.when === `GET ${path}`)?.client ?? [];
    // What was printed and not flushed comes last, behind the body; what was flushed is taken for a header.
    expect(client('cgi', '/prints').slice(-2)).toEqual(['fine', 'debug: a visitor']);
    expect(client('cgi', '/flushes')).toContain('X-Debug: on');
    expect(client('cgi', '/logs')[0]).toBe('HTTP/1.1 500 Internal Server Error');
    leftNothing(project);
  });

  test('at import: in all files, also by a library for a line of the project', async () => {
    const { report, code } = await check(project, '--app', 'importing.py', '/');
    const wanted = ['importing.py', 'prints.py', 'replaced.py', 'site.conf'].flatMap(marked);
    expect([...found(report)].sort()).toEqual([...wanted].sort());
    expect(code).toBe(1);
    const library = report.findings.find(({ source }) => source?.startsWith('import noisy'));
    expect(library?.message).toBe('writes to stdout, through noisy');
  });

  test('sys.stdout = sys.stderr takes the response of a CGI script with it', async () => {
    const { report } = await check(project, '--app', 'remapped.py', '/');
    expect([...found(report)].sort()).toEqual([...marked('remapped.py'), ...marked('site.conf')].sort());
  });

  test.each(['unloadable.py', 'waits.py'])('%s: what is wrong with it, and no more', async (app) => {
    const { report, code } = await check(project, '--app', app, '/');
    expect([...found(report)].sort()).toEqual([...marked(app), ...marked('site.conf')].sort());
    expect(code).toBe(1);
    expect(report.answers).toEqual([{ path: '/', status: null }]);
  });

  test('compiled code that is not of its source', async () => {
    const compile =
      "import py_compile as p; p.compile('old.py', invalidation_mode=p.PycInvalidationMode.UNCHECKED_HASH); " +
      "open('old.py', 'w').write('VALUE = 3\\n')";
    const [image] = await project.images();
    execFileSync('docker', [
      'run',
      '--rm',
      '-u',
      '1234',
      '-v',
      `${project.directory}:/app`,
      '-w',
      '/app',
      image ?? '',
      'python3',
      '-c',
      compile,
    ]);
    const { report } = await check(project, '--app', 'quiet.py', '/');
    const compiled = found(report).filter((one) => !one.startsWith('site.conf'));
    expect(compiled).toEqual([expect.stringMatching(/^__pycache__\/old\.cpython-311\.pyc:null pyc$/)]);
  });

  test('as text: by place, with the source, the reason and the remedy', async () => {
    const { code, stdout, stderr } = await project.run(['check', '--app', 'remapped.py', '/']);
    expect(code).toBe(1);
    expect(stderr).toContain('GET /');
    expect(stdout).toMatch(/^remapped\.py:4 {2}sys\.stdout = sys\.stderr/m);
    expect(stdout).toMatch(/^ {6}\| HTTP\/1\.1 500 Internal Server Error$/m);
    expect(stdout).toMatch(/^ {4}do: {2}Remove it\.$/m);
    expect(stdout).toMatch(/^3 problems in 2 files \(GET \/ 200; [\d.]+ s\)$/m);
  });

  test('Ctrl-C ends it, and leaves nothing', async () => {
    const running = project.start(['check', '--app', 'waits.py', '--limit', '60']);
    await running.stderrSays(/Checking/);
    running.child.kill('SIGINT');
    expect((await running.result).code).toBe(130);
    leftNothing(project);
  });

  test('a path that is none', async () => {
    const { code, stderr } = await project.run(['check', 'cart']);
    expect(code).toBe(2);
    expect(stderr).toContain('"cart" is no path such as /cart?item=7');
  });
});

describe('a project without', () => {
  const projects = new Map<string, TestProject>();
  beforeAll(async () => {
    for (const name of ['flask', 'django']) {
      const project = makeProject({ ...filesOf(name), '.env': '' }, { shared: true });
      projects.set(name, project);
      const { code, stderr } = await project.run(['build']);
      if (code !== 0) throw new Error(stderr);
    }
  }, 600_000);
  afterAll(async () => {
    for (const project of projects.values()) await project.remove();
  });

  test.each([
    ['flask', ['/', '/api', '/stream', '/missing']],
    ['django', ['/', '/late', '/admin/login/', '/missing']],
  ])('%s: no problems, exit code 0', async (name, paths) => {
    const project = projects.get(name) as TestProject;
    const { report, code } = await check(project, ...paths);
    expect(found(report)).toEqual([]);
    expect(code).toBe(0);
    expect(report.answers.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
    expect(report.passes).toEqual(['observe', 'files', 'validate', 'cgi', 'restricted', 'deployed']);
  });

  test('what a library itself needs is a note: Django, with WSGIRestrictStdout On', async () => {
    const { report } = await check(projects.get('django') as TestProject);
    expect(report.findings.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "note: under WSGIRestrictStdout On: django uses it; the application can't be loaded",
    ]);
  });
});
