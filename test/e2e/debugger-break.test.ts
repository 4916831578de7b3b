import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, type Stopped, sourceAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { testedOn, traces } from '../helpers/pythons.ts';
import { useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/breaks.py'), 'utf8');
const LAZILY = 'def word():\n    result = "lazy\\n"\n    return result\n';
const lineOf = (mark: string): number => SOURCE.split('\n').findIndex((line) => line.endsWith(`# line ${mark}`)) + 1;
const at = (line: number, name: string): RegExp =>
  new RegExp(`${sourceAt(`breaks\\.py\\(${line}\\)${name}`, '[^\\n]*')}\\(Pdb\\) $`);

describe.each(testedOn('3.11', '3.14'))('on Python %s', (python) => {
  const project = useProject();
  const head = (): string => `name: ${project.name}\napp: breaks.py\npython: "${python}"\n`;
  let terminal: Terminal;
  const up = async (...args: readonly string[]): Promise<void> => {
    terminal = await project.up(args);
  };
  const set = (...args: readonly string[]) => project.run(['break', ...args]);

  async function stops(path: string, line: number, name: string): Promise<Stopped> {
    const stopped = requested(project, path);
    await terminal.until(new RegExp(`\\] GET ${path.replace('?', '\\?')}\\n`));
    await terminal.until(at(line, name));
    return stopped;
  }

  async function passes(path: string, body: string): Promise<void> {
    expect(await project.get(path)).toEqual({ status: 200, body });
    const [shown] = await terminal.until(/[\s\S]*?"GET [^\n]*ms\n/);
    expect(shown).not.toContain('(Pdb)');
  }

  beforeAll(async () => {
    project.write('breaks.py', SOURCE);
    project.write('lazily.py', LAZILY);
    project.write('wsgi-dev.yaml', head());
    await project.build();
  });
  beforeEach(() => project.write('breaks.py', SOURCE));
  afterEach(() => project.clear());

  test('a line, and from there n, s, r and u', async () => {
    await up('--break', `breaks.py:${lineOf('cart')}`);
    const stopped = await stops('/cart?3', lineOf('cart'), 'cart');
    await command(terminal, 'p number', /\n3\n\(Pdb\) $/);
    await command(terminal, 's', /--Call--\n> \/app\/breaks\.py\(\d+\)total\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'r', /--Return--\n> \/app\/breaks\.py\(\d+\)total\(\)->4\n[\s\S]*\(Pdb\) $/);
    await command(terminal, 'n', /> \/app\/breaks\.py\(\d+\)cart\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'n', /> \/app\/breaks\.py\(\d+\)cart\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'total = 40', PROMPT);
    terminal.type('w\r');
    expect((await terminal.until(/[\s\S]*?\(Pdb\) $/))[0]).not.toContain('wsgi_dev_runner');
    expect((await goOn(terminal, stopped)).status).toBe(200);
    expect((await goOn(terminal, await stops('/cart?5', lineOf('cart'), 'cart'))).body).toBe('total 6\n');
    await passes('/lazy', 'lazy\n');
  });

  test('a function, whose docstring is passed; its def line means the same', async () => {
    const def = SOURCE.split('\n').findIndex((line) => line.startsWith('def cart')) + 1;
    await up('--break', 'breaks:Cart.total', '--break', `breaks.py:${def}`);
    const stopped = await stops('/cart?3', def + 1, 'cart');
    terminal.type('c\r');
    await terminal.until(at(lineOf('total'), 'total'));
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'total 4\n' });
  });

  test('a function on one line stops as it is called, not as it is defined', async () => {
    project.write('lazily.py', 'def word(): return "lazy\\n"\n');
    await up('--break', 'lazily:word');
    const stopped = requested(project, '/lazy');
    await terminal.until(/> \/app\/lazily\.py\(1\)word\(\)\n[\s\S]*\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'lazy\n' });
    expect(terminal.screen.text()).not.toContain('<module>');
    project.write('lazily.py', LAZILY);
  });

  test('a module-level line stops as the application is loaded, each time; one that is set behind that is told', async () => {
    const line = SOURCE.split('\n').indexOf('import threading') + 1;
    terminal = await project.terminal(['up', '--debug', '-p', '0', '--break', `breaks.py:${line} if sys`]);
    const ready = async (): Promise<string> => (await terminal.until(/Ready: (http\S+) \(debug/))[1] as string;
    await terminal.until(at(line, '<module>'));
    await command(terminal, 'r', /--Return--\n[\s\S]*\(Pdb\) $/);
    // Behind the last line there is nothing of the application.
    terminal.type('n\r');
    const url = await ready();
    expect(terminal.unread()).not.toContain('(Pdb)');
    project.write('breaks.py', `${SOURCE}\n`);
    const answer = fetch(new URL('/cart?1', url)).then((response) => response.text());
    await terminal.until(at(line, '<module>'));
    terminal.type('c\r');
    expect(await answer).toBe('total 2\n');
    expect(await set(`breaks.py:${line - 1}`)).toMatchObject({ code: 0 });
    expect(await (await fetch(new URL('/cart?1', url))).text()).toBe('total 2\n');
    await terminal.until(
      new RegExp(`wsgi-dev: breaks\\.py:${line - 1} ran as its file was loaded: it stops there at the next load`),
    );
    await terminal.until(/"GET \/cart[^\n]*ms\n/);
    const restarted = project.run(['restart']);
    await terminal.until(at(line - 1, '<module>'));
    terminal.type('c\r');
    await terminal.until(at(line, '<module>'));
    terminal.type('c\r');
    expect(await restarted).toMatchObject({ code: 0 });
  });

  test('a condition that holds, one that does not, and one that fails', async () => {
    await up('--break', `breaks.py:${lineOf('cart')} if number > 10`);
    await passes('/cart?3', 'total 4\n');
    expect(await goOn(terminal, await stops('/cart?11', lineOf('cart'), 'cart'))).toMatchObject({ body: 'total 12\n' });
    expect(await set('--clear')).toMatchObject({ code: 0 });
    expect(await set(`breaks.py:${lineOf('cart')} if nothing`)).toMatchObject({ code: 0 });
    const failing = requested(project, '/cart?3');
    if (!traces(python)) await terminal.until(/the condition of [^\n]*breaks\.py:\d+ failed, so it stops: NameError/);
    await terminal.until(at(lineOf('cart'), 'cart'));
    expect(await goOn(terminal, failing)).toEqual({ status: 200, body: 'total 4\n' });
  });

  test('what cannot be set is said, with what can', async () => {
    await up();
    const said = async (place: string, pattern: RegExp): Promise<void> => {
      expect(await set(place)).toMatchObject({ code: 0 });
      await passesAfter(pattern);
      expect(await set('--clear')).toMatchObject({ code: 0 });
    };
    const passesAfter = async (pattern: RegExp): Promise<void> => {
      expect(await project.get('/cart?3')).toEqual({ status: 200, body: 'total 4\n' });
      await terminal.until(pattern);
      await terminal.until(/"GET \/cart[^\n]*ms\n/);
    };
    const comment = lineOf('comment');
    await said(
      `breaks.py:${comment}`,
      new RegExp(
        `wsgi-dev: \`breaks\\.py:${comment}\`: line ${comment} can't break; the nearest that can is breaks\\.py:${comment + 1}\\n`,
      ),
    );
    await said('nowhere.py:3', /wsgi-dev: `nowhere\.py:3`: \/app\/nowhere\.py can't be read: [^\n]*No such file/);
    await said('breaks:nowhere', /wsgi-dev: `breaks:nowhere`: \/app\/breaks\.py has no nowhere; it has Cart, answer, /);
    await said('nowhere:cart', /wsgi-dev: `nowhere:cart`: there is no module nowhere\n/);
  });

  test('what runs after an exception that was stopped at', async () => {
    await up('--break', 'breaks:Cart.total');
    const stopped = requested(project, '/answered');
    await terminal.until(/ValueError: answered\n[\s\S]*answered\(\)\n[\s\S]*\(Pdb\) $/);
    terminal.type('c\r');
    await terminal.until(at(lineOf('total'), 'total'));
    await command(terminal, 'p prices', /\n\[1, 2\]\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 500, body: 'total 3\n' });
  });

  test('b at the prompt takes the same places', async () => {
    await up('--break', 'breaks:cart');
    const first = await stops('/cart?3', lineOf('cart') - 1, 'cart');
    const set = (line: number): RegExp => new RegExp(`Breakpoint \\d+ at /app/breaks\\.py:${line}\\n\\(Pdb\\) $`);
    const comment = lineOf('comment');
    const nearest = `\\*\\*\\* \`breaks\\.py:${comment}\`: line ${comment} can't break; the nearest that can is [^\\n]*\\n`;
    await command(terminal, `b breaks.py:${comment}`, new RegExp(`${nearest}\\(Pdb\\) $`));
    await command(terminal, 'b breaks:Cart.total if len(prices) == 2', set(lineOf('total')));
    await command(terminal, `b lazily.py:2, result`, /Breakpoint \d+ at \/app\/lazily\.py:2\n\(Pdb\) $/);
    await command(terminal, 'b breaks:nowhere', /\*\*\* `breaks:nowhere`: [^\n]* has no nowhere; it has /);
    terminal.type('c\r');
    await terminal.until(at(lineOf('total'), 'total'));
    await command(terminal, 'p prices', /\n\[3, 1\]\n\(Pdb\) $/);
    expect(await goOn(terminal, first)).toEqual({ status: 200, body: 'total 4\n' });
  });

  test('wsgi-dev break sets, lists and clears while it runs, beside those of wsgi-dev.yaml', async () => {
    const [first, second] = [`breaks.py:${lineOf('cart')}`, `breaks.py:${lineOf('total')}`];
    project.write('wsgi-dev.yaml', `${head()}debug: {break: ["${first}"]}\n`);
    await up();
    project.write('wsgi-dev.yaml', head());
    expect(await set()).toMatchObject({ code: 0, stdout: `${first}\n` });
    expect(await set(`${second} if sum(prices) > 5`)).toMatchObject({
      code: 0,
      stdout: `${first}\n${second} if sum(prices) > 5\n`,
    });
    expect(await goOn(terminal, await stops('/cart?1', lineOf('cart'), 'cart'))).toMatchObject({ status: 200 });
    expect(await set(first, '--clear')).toMatchObject({ code: 0, stdout: `${second} if sum(prices) > 5\n` });
    await passes('/cart?1', 'total 2\n');
    const stopped = await stops('/cart?9', lineOf('total'), 'total');
    // One that was set at the prompt stays when those from outside change.
    await command(terminal, `b ${lineOf('cart')}`, /Breakpoint \d+ at [^\n]*\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
    expect(await set('--clear')).toMatchObject({ code: 0, stdout: '' });
    expect(await goOn(terminal, await stops('/cart?9', lineOf('cart'), 'cart'))).toMatchObject({ status: 200 });
    expect(await set('breaks.py:1', '--clear')).toMatchObject({ code: 1 });
  });

  test('they stay over an edit, a function where it is now', async () => {
    await up('--break', 'breaks:cart', '--break', 'lazily:word');
    project.write('breaks.py', `# one\n# more\n${SOURCE}`);
    const line = SOURCE.split('\n').findIndex((text) => text.startsWith('def cart')) + 2;
    expect(await goOn(terminal, await stops('/cart?1', line + 2, 'cart'))).toMatchObject({ status: 200 });
    const again = project.nextReady();
    project.write('lazily.py', '\ndef word():\n    result = "lazier\\n"\n    return result\n');
    await again;
    const stopped = requested(project, '/lazy');
    await terminal.until(/> \/app\/lazily\.py\(3\)word\(\)[\s\S]*\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'lazier\n' });
    project.write('lazily.py', 'def word():\n    result = "lazy\\n"\n    return result\n');
  });

  test('in a generator at each round, and in a module that the request imports', async () => {
    await up('--break', `breaks.py:${lineOf('part')}`, '--break', 'lazily.py:2');
    const stopped = await stops('/parts', lineOf('part'), 'parts');
    await command(terminal, 'p number', /\n0\n\(Pdb\) $/);
    terminal.type('c\r');
    await terminal.until(at(lineOf('part'), 'parts'));
    await command(terminal, 'p number', /\n1\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'part 0\npart 1\n' });
    const lazy = requested(project, '/lazy');
    await terminal.until(/> \/app\/lazily\.py\(2\)word\(\)[\s\S]*\(Pdb\) $/);
    expect(await goOn(terminal, lazy)).toEqual({ status: 200, body: 'lazy\n' });
  });

  test('in another thread it does no harm', async () => {
    await up('--break', `breaks.py:${lineOf('thread')}`);
    const place = `breaks\\.py:${lineOf('thread')}`;
    expect(await project.get('/thread')).toEqual({ status: 200, body: 'from a thread\n' });
    if (!traces(python)) await terminal.until(new RegExp(`wsgi-dev: ${place} was passed in the thread worker`));
    await terminal.until(/"GET \/thread[^\n]*ms\n/);
    expect(terminal.screen.text()).not.toContain('(Pdb)');
    await passes('/cart?1', 'total 2\n');
  });

  test('breakpoint() in another thread stops that thread, and Ctrl-C leaves the waiting request alone', async () => {
    await up();
    const stopped = requested(project, '/threaded');
    await terminal.until(/> \/app\/breaks\.py\(\d+\)work\(\)[\s\S]*\(Pdb\) $/);
    terminal.type(key.ctrlC);
    await command(terminal, 'p value', /'from a thread\\n'\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'from a thread\n' });
    await passes('/cart?1', 'total 2\n');
  });

  test('Ctrl-C while C code holds on: all stacks at once, the prompt when it returns; a third ends the server', async () => {
    await up();
    const stacks = async (): Promise<void> => {
      terminal.type(key.ctrlC);
      await terminal.until(/the request is in C code and stops when that returns; the stacks of all threads:\n/);
      await terminal.until(/File "\/app\/breaks\.py", line \d+ in sql\n[\s\S]* in serve\n/);
    };
    const stopped = requested(project, '/sql');
    await terminal.until(/asking\n/);
    await stacks();
    project.write('release', '');
    await terminal.until(/> \/app\/breaks\.py\(\d+\)sql\(\)\n[\s\S]*\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'locked\n' });
    rmSync(join(project.directory, 'release'));

    const held = requested(project, '/sql');
    await terminal.until(/asking\n/);
    await stacks();
    await stacks();
    terminal.type(key.ctrlC);
    expect(await terminal.ended).toMatchObject({ code: 0 });
    await expect(held.response).rejects.toThrow();
    expect(project.container()).toBeUndefined();
  });
});
