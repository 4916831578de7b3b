import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { testedOn } from '../helpers/pythons.ts';
import { type SessionProject, useProject } from '../helpers/session-project.ts';

const APPS = join(import.meta.dirname, 'debugger-apps');
const sourceOf = (file: string): string => readFileSync(join(APPS, file), 'utf8');
const OWNER = 1234;

/** The source lines of `file` that the HTML report in `directory` shows as run. */
function ran(directory: string, file: string): readonly string[] {
  const page = readdirSync(directory).find((name) => name.endsWith(`${file.replace('.', '_')}.html`)) ?? '';
  const html = readFileSync(join(directory, page), 'utf8');
  const numbers = [...html.matchAll(/<p class="run[^"]*"><span class="n"><a id="t(\d+)"/g)].map(([, n]) => Number(n));
  const lines = sourceOf(file).split('\n');
  return numbers.map((number) => (lines[number - 1] ?? '').trim());
}

/** The functions of the project in a profile, with the calls and the seconds of each. */
function profiled(directory: string): Record<string, readonly [calls: number, seconds: number]> {
  const paths = readdirSync(directory).map((name) => join(directory, name));
  const script =
    'import json, pstats, sys\n' +
    's = pstats.Stats(*sys.argv[1:]).stats\n' +
    'print(json.dumps({k[2]: [v[1], v[3]] for k, v in s.items() if k[0].startswith("/app/")}))';
  return JSON.parse(execFileSync('python3', ['-c', script, ...paths], { encoding: 'utf8' }));
}

async function stopIdle(terminal: Terminal): Promise<void> {
  terminal.type(key.ctrlC);
  await terminal.until(/Press Ctrl-C again/);
  terminal.type(key.ctrlC);
  expect((await terminal.ended).code).toBe(0);
}

function write(project: SessionProject, python: string): void {
  project.write('measured.py', sourceOf('measured.py'));
  project.write('work.py', sourceOf('work.py'));
  project.write('wsgi-dev.yaml', `name: ${project.name}\napp: measured.py\npython: "${python}"\n`);
}

describe.each(testedOn('3.11'))('on Python %s', (python) => {
  const project = useProject();
  const coverage = (): string => join(project.directory, '.wsgi-dev/coverage');

  beforeAll(async () => {
    write(project, python);
    await project.build();
    // Builds the image with coverage.py in it.
    await project.run(['up', '--debug', '-d', '--port', '0', '--enable-coverage']);
    await project.run(['down']);
  });
  afterEach(() => project.clear());

  test('coverage: what ran before, between and after stops and edits is in the report', async () => {
    const terminal = await project.up(['--enable-coverage']);
    expect((await project.get('/')).body).toBe('quick');
    const stopped = await stoppedAt(project, terminal, '/stop');
    await command(terminal, 'before', /'before'\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'before after' });
    // A process of its own, whose data is joined with the first one's.
    const again = project.nextReady();
    project.write('work.py', sourceOf('work.py'));
    await again;
    expect((await project.get('/slow')).body).toBe('slow');
    await stopIdle(terminal);
    expect(terminal.screen.text()).toMatch(/Coverage: \d+ % of the project's lines, see .*\/coverage\/index\.html/);
    const index = join(coverage(), 'index.html');
    expect(statSync(index).uid).toBe(OWNER);
    const lines = ran(coverage(), 'measured.py');
    expect(lines).toContain('import work');
    expect(lines).toContain('body = work.quick()');
    expect(lines).toContain('before = "before"');
    expect(lines).toContain('time.sleep(0.2)');
    expect(lines).not.toContain('return "never"');
    expect(ran(coverage(), 'work.py')).toEqual(
      expect.arrayContaining(['return "quick"', 'words = [before, "after"]', 'return " ".join(words)']),
    );
    expect(ran(coverage(), 'work.py')).not.toContain('return "unused"');
    // Before Python 3.14 what is left of a function that stopped can't be seen.
    expect(lines.includes('return after')).toBe(python === '3.14');
    expect(readFileSync(index, 'utf8')).not.toContain('site-packages');
  });

  test('coverage: taken down at a prompt, the report has what ran so far, where it was asked to be', async () => {
    const terminal = await project.up(['--enable-coverage', '--coverage-directory', 'report/lines']);
    await stoppedAt(project, terminal, '/stop');
    const { code, stderr } = await project.run(['down']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/Coverage: \d+ % .*report\/lines\/index\.html/);
    await terminal.ended;
    const directory = join(project.directory, 'report/lines');
    expect(ran(directory, 'measured.py')).toContain('before = "before"');
    expect(statSync(directory).uid).toBe(OWNER);
  });

  test('profiler: the functions of requests, without the time at a prompt', async () => {
    const terminal = await project.up(['--enable-profiler']);
    await project.get('/slow');
    await project.get('/slow');
    const stopped = await stoppedAt(project, terminal, '/stop');
    await command(terminal, 'import time; time.sleep(2); print(6*7)', /\n42\n\(Pdb\) $/);
    await goOn(terminal, stopped);
    await stopIdle(terminal);
    expect(terminal.screen.text()).toMatch(
      /Profile: .*\/profile\/\*\.prof; .*\n(.*\n)*?.* \d\.\d{3} s .* 2 calls .*slow/,
    );
    const { slow, stopped: view, after } = profiled(join(project.directory, '.wsgi-dev/profile'));
    expect(slow?.[0]).toBe(2);
    expect(slow?.[1]).toBeGreaterThan(0.39);
    expect(after?.[0]).toBe(1);
    expect(view?.[1]).toBeLessThan(1.9);
  });

  test('recorder: each request and its response, with their bodies', async () => {
    const terminal = await project.up(['--enable-recorder']);
    expect((await project.get('/?word=quince')).body).toBe('quick');
    await terminal.until(/"GET [^\n]*ms\n/);
    const directory = join(project.directory, '.wsgi-dev/recorder/recorded');
    const [name = ''] = readdirSync(directory);
    const file = join(directory, name);
    expect(statSync(file)).toMatchObject({ uid: OWNER, mode: 0o100600 });
    const record = JSON.parse(readFileSync(file, 'utf8'));
    expect(record).toMatchObject({ method: 'GET', target: '/?word=quince', response: { status: 200, complete: true } });
    expect(Buffer.from(record.response.body, 'base64').toString()).toBe('quick');
  });

  test('up that is ended by a signal tells of them too', async () => {
    const terminal = await project.up(['--enable-coverage', '--enable-profiler']);
    process.kill(terminal.pid, 'SIGTERM');
    await terminal.ended;
    expect(terminal.screen.text()).toMatch(/Coverage: \d+ %/);
    expect(terminal.screen.text()).toContain('Profile: no request ran any code of the project');
    expect(existsSync(join(coverage(), 'index.html'))).toBe(true);
  });
});

describe('what makes no sense', () => {
  const project = useProject();

  test.each([
    [['up', '--enable-coverage'], '--enable-coverage: needs debug mode: add --debug'],
    [['up', '--enable-profiler'], '--enable-profiler: needs debug mode: add --debug'],
    [['up', '--debug', '--coverage-directory', 'x'], 'has no effect without --enable-coverage'],
  ])('%j', async (args, message) => {
    const { code, stderr } = await project.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
