import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, type Stopped, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/prompt.py'), 'utf8');
const lines = SOURCE.split('\n');
const lineOf = (text: string): number => lines.findIndex((line) => line.trim() === text) + 1;

describe.each(['3.11', '3.13', '3.14'])('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  const open = async (...args: readonly string[]): Promise<void> => {
    terminal = await project.up(args);
  };
  const stop = (path: string): Promise<Stopped> => stoppedAt(project, terminal, path);
  const line = (text: string): RegExp => new RegExp(`prompt\\.py\\(${lineOf(text)}\\)\\w+\\(\\)[\\s\\S]*\\(Pdb\\) $`);

  beforeAll(async () => {
    project.write('prompt.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: prompt.py\npython: "${python}"\n`);
    await project.build();
    await open();
  });
  afterAll(() => project.clear());

  test.each([
    ['/builtin', 'by breakpoint'],
    ['/trace', 'by set_trace'],
  ])('%s', async (path, value) => {
    const stopped = await stop(path);
    await command(terminal, 'p value', new RegExp(`\\n'${value}'\\n\\(Pdb\\) $`));
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: value });
  });

  test('an own Pdb neither holds the server up nor ends it', async () => {
    const { response } = requested(project, '/own');
    await terminal.until(PROMPT);
    terminal.type('c\r');
    expect(await response).toEqual({ status: 200, body: 'by an own Pdb' });
    await terminal.until(/"GET \/own[^\n]*ms\n/);
    expect(await project.get('/asked')).toMatchObject({ status: 200 });
    await terminal.until(/"GET \/asked[^\n]*ms\n/);
  });

  test('until, tbreak, condition, commands, jump and return', async () => {
    const stopped = await stop('/loop');
    await command(terminal, `tbreak ${lineOf('last = total')}`, /Breakpoint \d+ at [^\n]*\n\(Pdb\) $/);
    await command(terminal, 'b add', /Breakpoint \d+ at [^\n]*\n\(Pdb\) $/);
    terminal.type('b add\r');
    const [, number] = await terminal.until(/Breakpoint (\d+) at [^\n]*\n\(Pdb\) $/);
    await command(terminal, `clear ${Number(number) - 1}`, /Deleted [^\n]*\n\(Pdb\) $/);
    await command(terminal, `condition ${number} second == 5`, PROMPT);
    terminal.type(`commands ${number}\rp "commands ran", first\rend\r`);
    await terminal.until(/\n\(Pdb\) $/);
    await command(terminal, 'c', /\('commands ran', 10\)\n[\s\S]*\(Pdb\) $/);
    await command(terminal, 'return', /--Return--\n> \/app\/prompt\.py\(\d+\)add\(\)->15\n[\s\S]*\(Pdb\) $/);
    await command(terminal, `clear ${number}`, /Deleted [^\n]*\n\(Pdb\) $/);
    await command(terminal, 'c', line('last = total'));
    await command(terminal, 'n', line('skipped = "not skipped"'));
    await command(terminal, `jump ${lineOf('return f"{last} {skipped}"')}`, PROMPT);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '45 skipped' });

    const again = await stop('/loop');
    await command(terminal, `until ${lineOf('last = total')}`, line('last = total'));
    expect(await goOn(terminal, again)).toEqual({ status: 200, body: '45 not skipped' });
  });

  test('a statement of several lines, and Ctrl-C while a command runs', async () => {
    const stopped = await stop('/builtin');
    // Python 3.13 and later.
    if (python !== '3.11') {
      terminal.type('for n in (1, 2):\r');
      await terminal.until(/\.\.\. +$/);
      terminal.type('    print("twice", n * 2)\r');
      await terminal.until(/\.\.\. +$/);
      terminal.type('\r');
      await terminal.until(/twice 2\ntwice 4\n\(Pdb\) $/);
    }
    terminal.type('exec("print(6*7)\\nwhile True: pass")\r');
    await terminal.until(/\n42\n/);
    terminal.type(key.ctrlC);
    await terminal.until(/KeyboardInterrupt[\s\S]*\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'by breakpoint' });
  });

  test('two breakpoints in one request, and in a generator', async () => {
    for (const [path, body] of [
      ['/twice', '1'],
      ['/generator', 'one two'],
    ] as const) {
      const stopped = await stop(path);
      await command(terminal, 'c', PROMPT);
      expect(await goOn(terminal, stopped)).toEqual({ status: 200, body });
    }
  });

  test.each([
    ['q', 'q\r'],
    ['Ctrl-D', key.ctrlD],
  ])('%s ends the request, not the server', async (_name, keys) => {
    const { response } = await stop('/builtin');
    terminal.type(keys);
    expect(await response).toMatchObject({ status: 500 });
    await terminal.until(/"GET \/builtin[^\n]* 500 [^\n]*ms\n/);
    expect(await goOn(terminal, await stop('/builtin'))).toMatchObject({ status: 200 });
  });

  test('the header and `w` tell of the application only', async () => {
    const stopped = requested(project, '/builtin');
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    expect(shown).toMatch(/^\[\d+\] GET \/builtin\n> /);
    terminal.type('w\r');
    const [stack] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    expect(stack.match(/\/app\/prompt\.py\(\d+\)\w+/g)).toHaveLength(2);
    expect(stack).not.toContain('wsgi_dev_runner');
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });

  test('PYTHONBREAKPOINT: 0 passes, a function is called', async () => {
    project.clear();
    await open('-e', 'PYTHONBREAKPOINT=0');
    expect(await project.get('/builtin')).toEqual({ status: 200, body: 'by breakpoint' });
    project.clear();
    // mod_wsgi's name for the script is no module's: the hook imports the file once more.
    project.write('hook.py', 'import sys\n\ndef custom():\n    sys._getframe(1).f_globals["custom"]()\n');
    await open('-e', 'PYTHONBREAKPOINT=hook.custom');
    expect(await project.get('/builtin')).toEqual({ status: 200, body: 'by breakpoint' });
    expect(await project.get('/asked')).toEqual({ status: 200, body: 'custom' });
    expect(terminal.screen.text()).not.toContain('(Pdb)');
  });
});
