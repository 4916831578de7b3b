import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, stoppedAt } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// Two applications that werkzeug's dispatcher mounts in one server.

const project = useProject();
let terminal: Terminal;

beforeAll(async () => {
  project.write('mounted.py', readFileSync(join(import.meta.dirname, 'debugger-apps/mounted.py'), 'utf8'));
  project.write('requirements.txt', 'Flask==3.1.3\n');
  project.write('wsgi-dev.yaml', `name: ${project.name}\napp: mounted.py\n`);
  await project.build();
  terminal = await project.up();
});

test.each([
  ['/page', 'of the site'],
  ['/api/page', 'of the api at /api'],
])('a breakpoint at %s', async (path, value) => {
  const stopped = await stoppedAt(project, terminal, path);
  await command(terminal, 'p value', new RegExp(`\\n'${value}'\\n\\(Pdb\\) $`));
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: value });
});

test.each([
  ['/broken', 'site'],
  ['/api/broken', 'api'],
])('an exception at %s stops once', async (path, name) => {
  const { response } = requested(project, path);
  await terminal.until(new RegExp(`GET ${path}\\nValueError: ${name}\\n`));
  await terminal.until(PROMPT);
  await command(terminal, 'p secret', new RegExp(`\\n'in the ${name}'\\n\\(Pdb\\) $`));
  terminal.type('c\r');
  expect(await response).toMatchObject({ status: 500 });
  await terminal.until(/"GET [^\n]*broken[^\n]* 500 [^\n]*ms\n/);
});
