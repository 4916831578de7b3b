import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// What one process changes for an application, told on the terminal; and what runs beside its requests.

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/threads.py'), 'utf8');
const OWN = readFileSync(join(import.meta.dirname, 'debugger-apps/own.py'), 'utf8');
const lineOf = (source: string, text: string): number =>
  source.split('\n').findIndex((line) => line.trim().endsWith(text)) + 1;
const pythons = process.env.WSGI_DEV_MATRIX === '1' ? ['3.9', '3.11', '3.13', '3.14'] : ['3.11', '3.14'];

describe.each(pythons)('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  const configure = (app: string): void =>
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: ${app}\npython: "${python}"\n`);
  const passed = (): RegExp =>
    /wsgi-dev: breakpoint\(\) at threads\.py:\d+ was passed over in a forked process \(\d+\): the terminal is the server's\n/;

  beforeAll(async () => {
    project.write('threads.py', SOURCE);
    configure('threads.py');
    await project.build();
    terminal = await project.up();
  });
  afterAll(() => project.clear());

  test('what was started at import is told once, with its place', async () => {
    const at = lineOf(SOURCE, 'def tick():');
    await terminal.until(
      new RegExp(
        `wsgi-dev: the thread \`ticker\` \\(threads\\.py:${at}\\) was started at import: ` +
          'of all that stops, only breakpoint\\(\\) stops in it\\s',
      ),
    );
    await terminal.until(/the process `beside` was started at import: breakpoint\(\) in it is passed over\n/);
  });

  test('a restart ends what was started at import, and starts it anew', async () => {
    const processes = (): readonly string[] =>
      project.docker('exec', project.container() ?? '', 'sh', '-c', 'cat /proc/[0-9]*/comm').match(/apache2/g) ?? [];
    expect(processes()).toHaveLength(2);
    expect(await project.run(['restart'])).toMatchObject({ code: 0 });
    expect(await project.get('/kinds')).toMatchObject({ status: 200 });
    expect(processes()).toHaveLength(2);
    expect(terminal.screen.text().match(/`ticker`/g)).toHaveLength(1);
  });

  test('breakpoint() in a forked process says so and goes on', async () => {
    expect(await project.get('/fork')).toEqual({ status: 200, body: 'child 3' });
    await terminal.until(passed());
  });

  test('and in the workers of a pool, which ends', async () => {
    expect(await project.get('/workers')).toEqual({ status: 200, body: '[2, 4]' });
    await terminal.until(passed());
  });

  test('what a forked process says waits while its parent is at the prompt', async () => {
    const begin = terminal.screen.text().length;
    const stopped = await stoppedAt(project, terminal, '/while_stopped');
    terminal.type('p "half a l');
    await terminal.until(/half a l$/);
    const write = 'import os; os.write(WRITE, b"x")';
    terminal.type(key.ctrlC);
    await terminal.until(PROMPT);
    await command(terminal, write, PROMPT);
    await command(terminal, 'ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)', PROMPT);
    expect(terminal.screen.text().slice(begin)).not.toMatch(/passed over/);
    const before = terminal.screen.text().length;
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'child 0' });
    // Behind the prompt's end, before or behind the request's line.
    if (!passed().test(terminal.screen.text().slice(before))) await terminal.until(passed());
  });

  test('an exception in a pool of threads stops where it was raised', async () => {
    const { response } = requested(project, '/pool');
    const at = lineOf(SOURCE, '# raised');
    await terminal.until(new RegExp(`GET /pool\\nValueError: pool\\n> /app/threads\\.py\\(${at}\\)fails\\(\\)\\n`));
    await terminal.until(PROMPT);
    await command(terminal, 'p secret', /\n'in the pool 7'\n\(Pdb\) $/);
    terminal.type('c\r');
    expect(await response).toMatchObject({ status: 500 });
    await terminal.until(/"GET \/pool[^\n]*ms\n/);
  });

  test('an exception that ends a thread doesn’t stop, and that is told', async () => {
    expect(await project.get('/thread')).toEqual({ status: 200, body: 'thread' });
    await terminal.until(
      /ZeroDivisionError[\s\S]*wsgi-dev: the exception in the thread failing didn't stop: post-mortem/,
    );
  });

  test('breakpoint() in a thread stops there', async () => {
    const stopped = await stoppedAt(project, terminal, '/stopped_thread');
    await command(terminal, 'p number', /\n1\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'stopped thread' });
  });

  test('a request that waits for its own server is told', async () => {
    const { response } = requested(project, '/itself');
    await terminal.until(/wsgi-dev: a request to this same server waits: debug mode serves one at a time\./);
    expect(await response).toMatchObject({ status: 200, body: expect.stringMatching(/imeout/) });
  });

  test('leftovers are told once after ready, a new one after an edit', async () => {
    project.clear();
    configure('own.py');
    project.write('own.py', `import sys\n\nsys.stdout = sys.stderr\n${OWN}`);
    mkdirSync(join(project.directory, 'deploy'), { recursive: true });
    project.write('deploy/site.conf', 'WSGIRestrictStdout Off\n');
    terminal = await project.up();
    await terminal.until(
      /wsgi-dev: own\.py:3: `sys\.stdout = sys\.stderr` is needless since mod_wsgi 3\.0 \(2009-11-21\)/,
    );
    await terminal.until(/wsgi-dev: own\.py:20: `Debugger` stops at the first line of each request, as in mod_wsgi's/);
    await terminal.until(
      /wsgi-dev: own\.py:39: `PostMortemDebugger` opens pdb at an exception, as mod_wsgi-express does/,
    );
    await terminal.until(/wsgi-dev: deploy\/site\.conf:1: WSGIRestrictStdout Off is needless since mod_wsgi 3\.0/);
    project.write('own.py', `import sys\n\n\nsys.stdout = sys.stderr\nsys.stdin = None\n${OWN}`);
    expect(await project.get('/plain')).toMatchObject({ status: 200, body: 'plain' });
    await terminal.until(/wsgi-dev: own\.py:5: `sys\.stdin = None` is needless since mod_wsgi 3\.0/);
    expect(terminal.screen.text().match(/`sys\.stdout = /g)).toHaveLength(1);
    expect(terminal.screen.text().match(/`Debugger`/g)).toHaveLength(1);
  });
});
