import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const versions = (process.env.WSGI_DEV_TEST_PYTHONS ?? '3.11').split(',');

const SCRIPT = `"""The application."""

import os
from library import PRICE

total = PRICE * 2

def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{total} {os.environ.get('WHO')}".encode()]
`;
/** A whole `up` goes before it. */
const UP_MS = 60_000;
const START = /Nothing of the application has run yet\n> \/app\/([\w/.]+)\((\d+)\)<module>\(\)\n[\s\S]*\(Pdb\) $/;

describe.each(versions)('--break-at-start on Python %s', (python) => {
  const project = useProject();
  const configure = (app: string): void =>
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: ${app}\npython: "${python}"\n`);
  let terminal: Terminal;

  async function start(args: readonly string[] = ['--break-at-start']): Promise<readonly (string | undefined)[]> {
    terminal = await project.terminal(['up', '--debug', '-p', '0', ...args]);
    return (await terminal.until(START, UP_MS)).slice(1);
  }

  async function ready(): Promise<void> {
    await terminal.until(/Ready: http\S+ \(debug/);
  }

  beforeAll(async () => {
    mkdirSync(join(project.directory, 'shop/site'), { recursive: true });
    project.write('library.py', 'PRICE = 10\n');
    project.write('wsgi.py', SCRIPT);
    configure('wsgi.py');
    await project.build();
  }, 400_000);
  afterEach(() => {
    project.clear();
    configure('wsgi.py');
  });
  afterAll(() => project.clear());

  test('module-level code is stepped, before any request', async () => {
    expect(await start()).toEqual(['wsgi.py', '1']);
    await command(terminal, 'n', /wsgi\.py\(3\)<module>[\s\S]*\(Pdb\) $/);
    await command(terminal, 'n', /wsgi\.py\(4\)<module>[\s\S]*\(Pdb\) $/);
    await command(terminal, 's', /library\.py\(1\)<module>[\s\S]*\(Pdb\) $/);
    await command(terminal, 'r', /--Return--[\s\S]*\(Pdb\) $/);
    await command(terminal, 'n', /wsgi\.py\(6\)<module>[\s\S]*\(Pdb\) $/);
    await command(terminal, 'p PRICE', /\n10\n\(Pdb\) $/);
    await command(terminal, 'n', /wsgi\.py\(8\)<module>[\s\S]*\(Pdb\) $/);
    await command(terminal, 'total = 21');
    await command(terminal, 'n', /--Return--[\s\S]*\(Pdb\) $/);
    // Behind the last line there is nothing of the application.
    terminal.type('n\r');
    await ready();
    expect(terminal.unread()).not.toContain('(Pdb)');
  });

  test('c loads it; an edit that restarts the process stops again, and so does an edited script', async () => {
    await start(['--debugger-startup', '-e', 'WHO=you']);
    terminal.type('c\r');
    const [, url = ''] = await terminal.until(/Ready: (http\S+) \(debug/);
    const get = async () => await (await fetch(url)).text();
    expect(await get()).toBe('20 you');
    project.write('library.py', 'PRICE = 11\n');
    await terminal.until(START);
    expect(JSON.parse((await project.run(['ps', '--format', 'json'])).stdout)).toMatchObject({
      state: 'paused',
      paused: { file: 'wsgi.py', line: 1, function: '<module>' },
    });
    const again = project.nextReady();
    terminal.type('c\r');
    await again;
    expect(await get()).toBe('22 you');
    project.write('wsgi.py', SCRIPT.replace('* 2', '* 3'));
    const answer = get();
    await terminal.until(START);
    terminal.type('c\r');
    expect(await answer).toBe('33 you');
  });

  test('a module in packages: the first statement of the project, wherever it is', async () => {
    configure('shop.site.wsgi:application');
    project.write('shop/__init__.py', '"""A shop."""\n');
    project.write('shop/site/__init__.py', '\nNAME = "site"\n');
    project.write('shop/site/wsgi.py', SCRIPT);
    expect(await start()).toEqual(['shop/site/__init__.py', '2']);
    await command(terminal, 'n', /--Return--[\s\S]*\(Pdb\) $/);
    await command(terminal, 'n', /shop\/site\/wsgi\.py\(1\)<module>[\s\S]*\(Pdb\) $/);
    terminal.type('c\r');
    await ready();
  });

  test('in the background it waits at the prompt for attach', async () => {
    const { code, stderr } = await project.run(['up', '-d', '--debug', '-p', '0', '--break-at-start']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('wsgi-dev attach') });
    expect((await project.run(['ps'])).stdout).toMatch(/paused at wsgi\.py:1/);
    terminal = await project.terminal(['attach']);
    await terminal.until(START);
    await command(terminal, `while True: pass${key.enter}${key.ctrlC}`, /KeyboardInterrupt[\s\S]*\(Pdb\) $/);
    terminal.type(`half a li${key.ctrlC}`);
    await terminal.until(/\n\(Pdb\) $/);
    const loaded = project.nextReady();
    terminal.type('c\r');
    await loaded;
  });

  test('q ends the start: exit code 1, and nothing is left', async () => {
    await start();
    terminal.type('q\r');
    await terminal.until(/could not be loaded: it was quit in the debugger\n/);
    expect((await terminal.ended).code).toBe(1);
    expect(project.container()).toBeUndefined();
  });

  test('in wsgi-dev.yaml and the variable; --no-break-at-start goes before both', async () => {
    project.write(
      'wsgi-dev.yaml',
      `name: ${project.name}\napp: wsgi.py\npython: "${python}"\ndebug: {break_at_start: true}\n`,
    );
    expect(await start([])).toEqual(['wsgi.py', '1']);
    terminal.type('q\r');
    await terminal.ended;
    terminal = await project.up(['--no-break-at-start'], { env: { WSGI_DEV_BREAK_AT_START: '1' } });
  });

  test('a breakpoint set there holds for requests', async () => {
    await start();
    await command(terminal, 'b wsgi.py:9', /Breakpoint 1 at \/app\/wsgi\.py:9\n\(Pdb\) $/);
    terminal.type('c\r');
    const [, url = ''] = await terminal.until(/Ready: (http\S+) \(debug/);
    const answer = fetch(url);
    await terminal.until(/wsgi\.py\(9\)application[\s\S]*\(Pdb\) $/);
    terminal.type('c\r');
    expect((await answer).status).toBe(200);
  });
});
