import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckReport } from '../../src/report/check.ts';
import { makeProject, type TestProject } from '../helpers/project.ts';
import { openTerminal } from '../helpers/pty.ts';
import { CLI } from '../helpers/session-project.ts';

const APPS = join(import.meta.dirname, 'check-apps');

/** The files of a project in check-apps, under their names there. */
function filesOf(name: string): Readonly<Record<string, string>> {
  const directory = join(APPS, name);
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(directory, path)).isFile() && !path.includes('__pycache__'));
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

/** What the marks in a file say is found, or noted, there: "file:line kind". */
function marked(path: string, mark = 'finds'): readonly string[] {
  const lines = readFileSync(join(APPS, 'bad', path), 'utf8').split('\n');
  return lines.flatMap((text, index) =>
    (new RegExp(`# ${mark}: (.*)$`).exec(text)?.[1] ?? '')
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
    expect(found(report, 'note').filter((one) => one.endsWith(' wsgi'))).toEqual(marked('serving.py', 'notes'));
    const header = report.findings.find(({ source }) => source?.includes('("Content-Type",)'));
    expect(header?.message).toBe('a header that start_response gets is not a pair of a name and a value');
    expect(code).toBe(1);
    expect(report.answers.map(({ path }) => path)).toEqual(paths);
    expect(report.answers.filter(({ status }) => status !== 200)).toEqual([
      { request: 'GET /fails', path: '/fails', status: 500 },
      { request: 'GET /hangs', path: '/hangs', status: null },
      { request: 'GET /crashes', path: '/crashes', status: null },
      { request: 'GET /leaves', path: '/leaves', status: null },
    ]);
    expect(report.needs).toEqual(['home=DIRECTORY', 'lang=C.UTF-8 locale=C.UTF-8']);
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
    const wanted = ['importing.py', 'prints.py', 'replaced.py', 'site.conf'].flatMap((path) => marked(path));
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
    expect(report.answers).toEqual([{ request: 'GET /', path: '/', status: null }]);
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

  test('compiled code that has no source or is out of date, code and directories that its user can not read', async () => {
    const compile = `
import os, py_compile
os.makedirs("packed")
for name in ("closed", "gone", "stale"):
    with open(f"packed/{name}.py", "w") as file:
        file.write("VALUE = 1\\n")
py_compile.compile("packed/gone.py", cfile="packed/gone.pyc")
os.remove("packed/gone.py")
os.chmod(py_compile.compile("packed/closed.py"), 0)
py_compile.compile("packed/stale.py")
with open("packed/stale.py", "a") as file:
    file.write("MORE = 2\\n")
os.makedirs("secret")
os.chmod("secret", 0)
open("hidden.py", "w").close()
os.chmod("hidden.py", 0)
`;
    const [image] = await project.images();
    const mounted = ['-v', `${project.directory}:/app`, '-w', '/app'];
    execFileSync('docker', ['run', '--rm', '-u', '0', ...mounted, image ?? '', 'python3', '-c', compile]);
    const { report } = await check(project, '--app', 'compiled.py', '/');
    const own = found(report).filter((one) => !/^(site\.conf|closed|__pycache__)/.test(one));
    expect([...own].sort()).toEqual(
      [
        ...marked('compiled.py'),
        'hidden.py:null permission',
        'packed/__pycache__/closed.cpython-311.pyc:null pyc',
        'packed/__pycache__/stale.cpython-311.pyc:null pyc',
        'packed/gone.pyc:null pyc',
        'secret:null permission',
      ].sort(),
    );
    for (const path of ['packed', 'secret', 'hidden.py']) rmSync(join(project.directory, path), { recursive: true });
  });

  test('a pass that can not run is told, and the others do', async () => {
    const { report, code } = await check(project, '--app', 'blocking.py', '/');
    const unchecked = report.findings.filter(({ kind }) => kind === 'unchecked');
    expect(unchecked.map(({ message }) => message)).toEqual([expect.stringMatching(/^cgi: .*File exists/)]);
    expect(report.passes).toEqual(['observe', 'files', 'validate', 'parallel', 'restricted', 'deployed']);
    expect(code).toBe(1);
  });

  test('requests with a method and a body, on the command line and of a scenario file', async () => {
    const requests = ['POST /takes item=7', 'DELETE /takes', 'orders.scenario.yaml'];
    const { code, stdout, stderr } = await project.run(['check', '--format', 'json', ...requests]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/orders\.scenario\.yaml:6: left out: \$\{order\} is of an earlier response/);
    const report = JSON.parse(stdout) as CheckReport;
    expect(report.answers.map(({ request, status }) => `${request} ${status}`)).toEqual([
      'POST /takes 200',
      'DELETE /takes 200',
      'POST /takes (2) 200',
    ]);
    const line =
      filesOf('bad')
        ['serving.py']?.split('\n')
        .findIndex((text) => text.includes('print(environ["CON')) ?? 0;
    const own = found(report).filter((one) => !one.startsWith('site.conf'));
    expect(own).toEqual(['stdout', 'cgi', 'restricted'].map((kind) => `serving.py:${line + 1} ${kind}`));
    const client = report.findings.find(({ kind }) => kind === 'cgi');
    expect(client?.client?.at(-1)).toBe("application/x-www-form-urlencoded b'item=7'");
    expect(client?.also).toEqual(['POST /takes (2)']);
  });

  test('beside an Apache configuration --app names what is checked', async () => {
    const configured = join(project.directory, 'apache.yaml');
    writeFileSync(configured, 'server: {apache_config: site.conf}\n');
    const run = (...args: readonly string[]) =>
      project.run(['-f', 'apache.yaml', 'check', '--format', 'json', ...args]);
    const refused = await run('/');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('`check` runs one application') });
    const { stdout } = await run('--app', 'quiet.py', '/');
    expect((JSON.parse(stdout) as CheckReport).answers).toMatchObject([{ request: 'GET /', status: 200 }]);
    rmSync(configured);
  });

  test('on a terminal: the pass that runs, and for how long', async () => {
    const argv = [process.execPath, CLI, '--ansi', 'always', 'check', '--app', 'quiet.py', '/'];
    const terminal = await openTerminal(argv, { cwd: project.directory });
    await terminal.until(/Checking \S+ with GET \/ {2}\d+ s/);
    await terminal.until(/7\/7 in a daemon process of mod_wsgi/);
    await terminal.until(/Checking \S+ with GET \/: done in \d+ s/);
    expect((await terminal.ended).code).toBe(1);
  });

  test('as text: by place, with the source, the reason and the remedy', async () => {
    const { code, stdout, stderr } = await project.run(['check', '--app', 'remapped.py', '/']);
    expect(code).toBe(1);
    expect(stderr).toContain('GET /');
    expect(stdout).toMatch(/^remapped\.py:4 {2}sys\.stdout = sys\.stderr/m);
    expect(stdout).toMatch(/^ {6}\| HTTP\/1\.1 500 Internal Server Error$/m);
    expect(stdout).toMatch(/^ {4}do: {2}Remove it\.$/m);
    expect(stdout).not.toContain('its site needs');
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
    expect(report.passes).toEqual(['observe', 'files', 'validate', 'parallel', 'cgi', 'restricted', 'deployed']);
  });

  test('what a library itself needs is a note: Django, with WSGIRestrictStdout On', async () => {
    const { report } = await check(projects.get('django') as TestProject);
    expect(report.findings.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      "note: under WSGIRestrictStdout On: django uses it; the application can't be loaded",
    ]);
  });
});
