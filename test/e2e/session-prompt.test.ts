import { beforeAll, expect, test } from 'vitest';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
let terminal: Terminal;
beforeAll(async () => {
  terminal = await project.up();
});

const PROMPT = /\(Pdb\) $/;

test('breakpoint() stops at a prompt with the locals, and `c` sends the response', async () => {
  const response = project.get('/stop?you');
  await terminal.until(/> \/app\/wsgi\.py\(\d+\)stop\(\)\n-> return text\(/);
  await terminal.until(PROMPT);
  terminal.type('p name\r');
  await terminal.until(/'you'\n\(Pdb\) $/);
  terminal.type('c\r');
  expect(await response).toEqual({ status: 200, body: 'Hello, you!\n' });
  await terminal.until(/"GET \/stop\?you HTTP\/1.1" 200 12 bytes/);
});
