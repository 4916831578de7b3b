import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// Whatever the application does to its standard streams, the prompt is on the terminal, with readline.

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/workarounds.py'), 'utf8');
const pythons = process.env.WSGI_DEV_MATRIX === '1' ? ['3.9', '3.11', '3.13', '3.14'] : ['3.11', '3.14'];

describe.each(pythons)('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;

  beforeAll(async () => {
    project.write('workarounds.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: workarounds.py\npython: "${python}"\n`);
    await project.build();
    terminal = await project.up();
    await terminal.until(/`sys\.stdin = [^\n]*\n/);
  });
  afterAll(() => project.clear());

  test('Ctrl-C and a resize in the same moment cancel the line', async () => {
    const stopped = await stoppedAt(project, terminal, '/remapped');
    const both = 'p=$(cat /tmp/wsgi-dev/httpd.pid); for signal in STOP INT WINCH CONT; do kill -$signal $p; done';
    project.docker('exec', project.container() ?? '', 'sh', '-c', both);
    await terminal.until(/--KeyboardInterrupt--\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'remapped' });
  });

  test.each([
    ['remapped', 'remapped'],
    ['noisy', 'noisy'],
    ['redirected', 'captured after'],
    ['replaced', 'replaced'],
    ['restricted', 'restricted'],
    ['shut', 'shut'],
    ['closed', 'closed'],
    ['away', 'away'],
    ['none', 'none'],
  ])('%s', async (path, body) => {
    const stopped = await stoppedAt(project, terminal, `/${path}`);
    await command(terminal, 'print("value:", type(value).__name__)', /\nvalue: (str|StringIO)\n\(Pdb\) $/);
    terminal.type(`p valu${key.tab}`);
    await terminal.until(/p value$/);
    terminal.type(key.ctrlC);
    await terminal.until(PROMPT);
    terminal.type(`${key.up}`);
    await terminal.until(/print\("value:"[^\n]*$/);
    terminal.type(key.ctrlC);
    await terminal.until(PROMPT);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body });
  });
});
