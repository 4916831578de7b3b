import { expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
const until = (columns: number): string => `while __import__("shutil").get_terminal_size().columns != ${columns}: pass`;

test('the terminal’s size follows the window, and readline wraps by it', async () => {
  const terminal = await project.up([], { columns: 97 });
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(terminal, until(97));
  terminal.resize(40, 24);
  await command(terminal, until(40));
  const line = `p len("${'abcdefghij'.repeat(12)}")`;
  // Ctrl-A and a key in front: readline draws all of the wrapped line again, row by row.
  terminal.type(line.slice(1));
  await terminal.until(/ghij"\)$/);
  terminal.type('\x01p\x05');
  await command(terminal, '', /\n120\n\(Pdb\) $/);
  expect(terminal.screen.rows().join('')).toContain(`(Pdb) ${line}120(Pdb)`);
  terminal.resize(120, 30);
  await command(terminal, until(120));
  await command(terminal, 'p 6 * 7', /\n42\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  project.clear();
});

test('40 resizes, idle and at the prompt, disturb neither', async () => {
  const terminal = await project.up();
  for (let round = 0; round < 40; round += 1) terminal.resize(60 + round, 20 + (round % 9));
  const stopped = await stoppedAt(project, terminal, '/stop?still');
  await command(terminal, until(99));
  for (let round = 0; round < 40; round += 1) terminal.resize(60 + round * 2, 20 + (round % 9));
  await command(terminal, until(138));
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'Hello, still!\n' });
  expect(terminal.screen.text()).not.toMatch(/SIGWINCH|shutting down|starting it again/);
});
