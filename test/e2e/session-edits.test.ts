import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
let terminal: Terminal;
let script = '';
let library = '';

beforeEach(async () => {
  script ||= readFileSync(join(project.directory, 'wsgi.py'), 'utf8');
  library ||= readFileSync(join(project.directory, 'library.py'), 'utf8');
  project.write('wsgi.py', script);
  project.write('library.py', library);
  terminal = await project.up(['--no-post-mortem']);
});
afterEach(() => project.clear());

test('the saved script is served by the next request', async () => {
  expect(await project.get('/edited')).toMatchObject({ body: 'first edition\n' });
  project.write('wsgi.py', script.replace(' edition', '. edition'));
  expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'first. edition\n' });
});

test('a saved module is loaded by itself', async () => {
  expect(await project.get('/edited')).toMatchObject({ body: 'first edition\n' });
  const again = project.nextReady();
  project.write('library.py', library.replace('first', 'second'));
  await terminal.until(/wsgi-dev: library\.py changed: loading the application again\n/);
  await again;
  expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'second edition\n' });
});

test('an edit while a request is stopped waits for its end', async () => {
  const stopped = await stoppedAt(project, terminal, '/stop?you');
  project.write('library.py', library.replace('first', 'third'));
  await command(terminal, 'p library.VERSION', /'first'\n\(Pdb\) $/);
  const again = project.nextReady();
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'Hello, you!\n' });
  await again;
  expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'third edition\n' });
});

test('a syntax error is shown and waits for the next save', async () => {
  project.write('wsgi.py', `${script}\ndef broken(:\n`);
  expect(await project.get('/edited')).toMatchObject({
    status: 500,
    body: expect.stringContaining('could not be loaded'),
  });
  await terminal.until(/wsgi\.py", line \d+\n[^\n]* def broken\(:\n[\s\S]*SyntaxError/);
  expect(terminal.screen.text()).not.toContain('wsgi_dev_runner');
  project.write('wsgi.py', script);
  expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'first edition\n' });
  const state = await project.run(['ps', '--format', 'json']);
  expect(JSON.parse(state.stdout)).toMatchObject({ state: 'running' });
});

test('the same in a module', async () => {
  project.write('library.py', 'VERSION = (\n');
  await terminal.until(/library\.py changed[\s\S]*library\.py", line 1\n[\s\S]*SyntaxError/);
  expect(await project.get('/edited')).toMatchObject({ status: 500 });
  const again = project.nextReady();
  project.write('library.py', library.replace('first', 'mended'));
  await again;
  expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'mended edition\n' });
});

describe('where exceptions stop', () => {
  beforeEach(async () => {
    project.clear();
    terminal = await project.up();
  });

  test('a syntax error that an edit brings is no stop', async () => {
    project.write('library.py', `${library}\ndef broken(:\n`);
    await terminal.until(/library\.py changed[\s\S]*library\.py", line \d+\n[^\n]* def broken\(:\n[\s\S]*SyntaxError/);
    expect(await project.get('/edited')).toMatchObject({ status: 500 });
    const again = project.nextReady();
    project.write('library.py', library.replace('first', 'mended'));
    await again;
    expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'mended edition\n' });
    project.write('wsgi.py', `${script}\ndef broken(:\n`);
    expect(await project.get('/edited')).toMatchObject({ status: 500 });
    project.write('wsgi.py', script);
    expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'mended edition\n' });
    expect(terminal.screen.text()).not.toContain('(Pdb)');
  });

  test('what is mended while another error stands at a prompt is loaded after it', async () => {
    project.write('library.py', 'VERSION = UNKNOWN\n');
    await terminal.until(/library\.py changed[\s\S]*NameError[\s\S]*\(Pdb\) $/);
    const again = project.nextReady();
    project.write('library.py', library.replace('first', 'after the prompt'));
    await command(terminal, 'p 1 + 1', /\n2\n\(Pdb\) $/);
    terminal.type('c\r');
    await again;
    expect(await project.get('/edited')).toMatchObject({ status: 200, body: 'after the prompt edition\n' });
  });
});
