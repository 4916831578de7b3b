import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { answers, get, hello, makeProject } from '../helpers/project.ts';
import { command, PROMPT, requested } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/crashes.py'), 'utf8');
const lineOf = (mark: string): number => SOURCE.split('\n').findIndex((line) => line.endsWith(`# here ${mark}`)) + 1;

const versions = (process.env.WSGI_DEV_TEST_PYTHONS ?? '3.11').split(',');

describe.each(versions)('a crash in debug mode, on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  beforeAll(async () => {
    project.write('wsgi.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: wsgi.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up(['--break', 'wsgi:counted if calls == 7']);
  }, 400_000);
  afterAll(() => project.clear());

  test.each([
    ['segmentation', 'SIGSEGV', 'Segmentation fault'],
    ['abort', 'SIGABRT', 'Aborted'],
    ['illegal', 'SIGILL', 'Illegal instruction'],
    ['bus', 'SIGBUS', 'Bus error'],
  ])('%s: %s, the request, the stacks of all threads, and the next request is served', async (path, name, words) => {
    const again = project.nextReady();
    await expect(project.get(`/${path}?a=b`)).rejects.toThrow();
    const shown = await terminal.until(
      new RegExp(
        `wsgi-dev: Apache was ended by ${name} in \\[\\d+\\] GET /${path}\\n([\\s\\S]*)wsgi-dev: starting it again\\n`,
      ),
    );
    expect(shown[1]).toMatch(new RegExp(`^Fatal Python error: ${words}`));
    expect(shown[1]).toContain(`"/app/wsgi.py", line ${lineOf(path)} in ${path}\n`);
    expect(shown[1]).not.toMatch(/wsgi_dev_runner|threading\.py/);
    await again;
    expect(await project.get('/')).toEqual({ status: 200, body: '1 ' });
    expect(terminal.modes()).toMatch(/-icanon.* -echo /s);
  });

  test('in a thread: both stacks', async () => {
    const again = project.nextReady();
    await expect(project.get('/thread')).rejects.toThrow();
    const [shown] = await terminal.until(/SIGSEGV in \[\d+\] GET \/thread\n[\s\S]*starting it again\n/);
    expect(shown).toContain(`line ${lineOf('thread')} in in_thread\n`);
    expect(shown).toContain(`line ${lineOf('waits')} in thread\n`);
    await again;
  });

  test.each([
    ['leave', /Apache ended with exit code 3 in \[\d+\] GET \/leave\n/],
    ['memory', /Apache was ended by SIGKILL \(was it out of memory\?\) in \[\d+\] GET \/memory\n/],
  ])('%s leaves no stack: it is told how it ended', async (path, told) => {
    const again = project.nextReady();
    await expect(project.get(`/${path}`)).rejects.toThrow();
    await terminal.until(told);
    await again;
  });

  test('long stacks are cut on the terminal and whole in the state directory', async () => {
    const again = project.nextReady();
    await expect(project.get('/deep')).rejects.toThrow();
    await terminal.until(/ {2}… \d+ lines more in \.wsgi-dev\/run\/crash\.txt\n/);
    await again;
    const whole = readFileSync(join(project.directory, '.wsgi-dev/run/crash.txt'), 'utf8');
    expect(whole.match(/ in recurse\n/g)?.length).toBeGreaterThan(90);
  });

  test('SystemExit in a request ends the request only', async () => {
    const stopped = requested(project, '/leaves_python');
    await terminal.until(/SystemExit: 4[\s\S]*\(Pdb\) $/);
    terminal.type('c\r');
    expect(await stopped.response).toMatchObject({ status: 500 });
    expect(await project.get('/')).toMatchObject({ status: 200 });
  });

  test('at the prompt, with a terminal as before; breakpoints from outside stay', async () => {
    for (let count = 2; count <= 7; count += 1) expect(await project.get('/')).toMatchObject({ status: 200 });
    const stopped = requested(project, '/');
    await terminal.until(PROMPT);
    terminal.type('ctypes.string_at(0)\r');
    await expect(stopped.response).rejects.toThrow();
    const again = project.nextReady();
    await terminal.until(/SIGSEGV in \[\d+\] GET \/\nFatal [\s\S]*starting it again\n/);
    await again;
    for (let count = 1; count <= 7; count += 1) expect(await project.get('/')).toMatchObject({ body: `${count} ` });
    const once = requested(project, '/');
    await terminal.until(PROMPT);
    await command(terminal, 'p calls', /\n7\n\(Pdb\) $/);
    terminal.type('c\r');
    expect(await once.response).toMatchObject({ body: '8 ' });
  });

  test('crashing as it is loaded after an edit: the next save is waited for', async () => {
    project.write('wsgi.py', `import ctypes\nctypes.string_at(0)\n${SOURCE}`);
    const failed = project.nextFailed();
    // The script itself is loaded anew in the process that is there, by this request.
    await expect(project.get('/')).rejects.toThrow();
    await terminal.until(/SIGSEGV in [\s\S]*line 2 in <module>[\s\S]*starting it again\n/);
    await terminal.until(
      /Apache was ended by SIGSEGV\n[\s\S]*line 2 in <module>[\s\S]*not loading the application before the next save\n/,
    );
    await failed;
    expect(await project.get('/')).toMatchObject({ status: 500, body: expect.stringContaining('could not be loaded') });
    expect(JSON.parse((await project.run(['ps', '--format', 'json'])).stdout)).toMatchObject({ state: 'failed' });
    const again = project.nextReady();
    project.write('wsgi.py', SOURCE);
    await again;
    expect(await project.get('/')).toMatchObject({ status: 200 });
  });
});

describe('a crash as the application is loaded for the first time', () => {
  test.each(['--debug', '--reload'])('up -d %s ends with 1 and shows the stack', async (option) => {
    const project = makeProject({ 'wsgi.py': hello('""', 'import ctypes\nctypes.string_at(0)') });
    const { code, stderr } = await project.run(['up', '-d', '-p', '0', option]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Fatal Python error: Segmentation fault[\s\S]*"\/app\/wsgi\.py", line 2 in <module>/);
    expect(await project.containers()).toEqual([]);
  });
});

describe('a crash in serve mode', () => {
  const project = makeProject({ 'wsgi.py': SOURCE }, { shared: true });
  let url = '';
  beforeAll(async () => {
    ({ url } = await project.up());
  });
  afterAll(project.remove);
  afterEach(async () => {
    expect(await answers(url, /^\d+ $/)).toMatchObject({ status: 200 });
  });

  test('the stacks of all threads are in the log, and Apache starts another process', async () => {
    const log = project.start(['logs', '-f']);
    expect(await get(url, '/segmentation')).toMatchObject({ status: 500 });
    const said = await log.stdoutSays(
      /wsgi-dev: the application's process was ended by SIGSEGV\n[\s\S]* in application\n/,
    );
    expect(said).toContain(`"/app/wsgi.py", line ${lineOf('segmentation')} in segmentation\n`);
    expect(said).not.toContain('wsgi_dev_runner');
  });

  test('os._exit is told too', async () => {
    const log = project.start(['logs', '-f']);
    expect(await get(url, '/leave')).toMatchObject({ status: 500 });
    await log.stdoutSays(/wsgi-dev: the application's process ended unexpectedly\n/);
  });

  test('crashing as it is loaded after an edit answers 500 until the next save', async () => {
    project.write({ 'wsgi.py': 'import ctypes\nctypes.string_at(0)\n' });
    expect(await answers(url, /could not be loaded/)).toMatchObject({ status: 500 });
    expect((await project.run(['ps'])).stdout).toMatch(/failed/);
    project.write({ 'wsgi.py': SOURCE });
  });
});
