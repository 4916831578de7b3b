import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, requested, sourceAt, stoppedAt } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// pdb as the application itself uses it: every stop is on the console, with its events, and an exception's only once.

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/own.py'), 'utf8');
const lines = SOURCE.split('\n');
const lineOf = (text: string): number => lines.findIndex((line) => line.endsWith(text)) + 1;
const literal = (text: string): string => text.replace(/[()[\]{}.*+?^$|\\]/g, '\\$&');
const pythons = process.env.WSGI_DEV_MATRIX === '1' ? ['3.9', '3.11', '3.13', '3.14'] : ['3.11', '3.14'];

describe.each(pythons)('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  /** What is shown from the request to the prompt. */
  const shownAt = async (path: string): Promise<{ response: ReturnType<typeof requested>; shown: string }> => {
    const response = requested(project, path);
    const [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    return { response, shown };
  };

  beforeAll(async () => {
    project.write('own.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: own.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up();
    // What is said of its middleware, before the first request.
    await terminal.until(/`PostMortemDebugger` opens pdb at an exception, [^\n]*\n/);
  });
  afterAll(() => project.clear());

  test.each([
    ['own', 'by an own Pdb'],
    ['skipping', 'by one that skips'],
    ['header', 'with a header'],
  ])('%s: the prompt with its events', async (path, value) => {
    const { response, shown } = await shownAt(`/${path}`);
    // Since Python 3.13 pdb stops where it is called, before on the line behind.
    const at = lineOf(`value = "${value}"`) + (/^3\.(9|11)$/.test(python) ? 2 : 1);
    expect(shown).toMatch(new RegExp(`^\\[\\d+\\] GET /${path}\\n${path === 'header' ? 'Look here\\n' : ''}> `));
    expect(shown).toMatch(new RegExp(sourceAt(`own\\.py\\(${at}\\)${path}`, literal(lines[at - 1]?.trim() ?? ''))));
    const listed = await project.run(['ps', '--format', 'json']);
    expect(JSON.parse(listed.stdout)).toMatchObject({ paused: { file: 'own.py', line: at, function: path } });
    await command(terminal, 'p value', new RegExp(`\\n'${value}'\\n\\(Pdb\\) $`));
    await command(terminal, 'p val\t', new RegExp(`\\n'${value}'\\n\\(Pdb\\) $`));
    expect(await goOn(terminal, response)).toEqual({ status: 200, body: value });
  });

  test('pdb.runcall stops at the first line of the function', async () => {
    const { response, shown } = await shownAt('/called');
    expect(shown).toMatch(/^\[\d+\] GET \/called\n> \/app\/own\.py\(\d+\)double\(\)/);
    await command(terminal, 'n', /-> return result\n\(Pdb\) $/);
    expect(await goOn(terminal, response)).toEqual({ status: 200, body: '42' });
  });

  test.each([
    ['handled', 200],
    ['last', 200],
    ['raised', 500],
    ['examined/raised', 500],
    ['traced/raised', 500],
  ])('%s: an exception stops once, at its own frame', async (path, status) => {
    const { response, shown: first } = await shownAt(`/${path}`);
    let shown = first;
    if (path.startsWith('traced')) {
      expect(first).toMatch(new RegExp(sourceAt('own\\.py\\(\\d+\\)application', 'start_response[^\\n]*')));
      terminal.type('c\r');
      [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
      shown = `[0] GET /${path}\n${shown.replace(/^[\s\S]*GET [^\n]*\n/, '')}`;
    }
    expect(shown).toMatch(new RegExp(`\\[\\d+\\] GET /${path}\\nValueError: fails\\n> `));
    expect(shown).toContain(`> /app/own.py(${lineOf('# raised')})fails()\n`);
    await command(terminal, 'p secret', /\n'of the frame'\n\(Pdb\) $/);
    expect(await goOn(terminal, response)).toMatchObject({ status });
  });

  test('an exception in a generator behind mod_wsgi-express’s middleware stops once', async () => {
    const { response, shown } = await shownAt('/examined/part');
    expect(shown).toContain(`> /app/own.py(${lineOf('# raised')})fails()\n`);
    terminal.type('c\r');
    await expect(response.response).rejects.toThrow();
    await terminal.until(/"GET \/examined\/part[^\n]*ms\n/);
  });

  test('`q` at a breakpoint behind it is no exception to stop at', async () => {
    const { response } = await shownAt('/examined/told');
    terminal.type('q\r');
    expect(await response.response).toMatchObject({ status: 500 });
    await terminal.until(/"GET \/examined\/told[^\n]*ms\n/);
  });

  test('an exception that was stepped to stops no second time', async () => {
    const stopped = await stoppedAt(project, terminal, '/told');
    let shown = '';
    for (let steps = 0; steps < 5 && !shown.includes('ValueError: fails'); steps += 1) {
      terminal.type('s\r');
      [shown] = await terminal.until(/[\s\S]*?\(Pdb\) $/);
    }
    expect(shown).toMatch(/ValueError: fails\n> \/app\/own\.py\(\d+\)fails\(\)\n-> raise/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 500 });
  });

  test('mod_wsgi’s documented middleware stops once in a request, at its first line', async () => {
    for (const _ of [1, 2]) {
      const { response, shown } = await shownAt('/traced/plain');
      const first = sourceAt('own\\.py\\(\\d+\\)application', 'start_response[^\\n]*');
      expect(shown).toMatch(new RegExp(`^\\[\\d+\\] GET /traced/plain\\n${first}`, 'm'));
      expect(await goOn(terminal, response)).toEqual({ status: 200, body: 'plain' });
    }
    expect(await project.get('/plain')).toEqual({ status: 200, body: 'plain' });
    await terminal.until(/"GET \/plain[^\n]*ms\n/);
  });

  test('at a prompt, another one is within that stop', async () => {
    const stopped = await stoppedAt(project, terminal, '/own');
    await command(terminal, 'debug double(4)', /\(\(Pdb\)\) $/);
    await command(terminal, 's', /\(\(Pdb\)\) $/);
    await command(terminal, 'c', /\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'by an own Pdb' });
  });
});
