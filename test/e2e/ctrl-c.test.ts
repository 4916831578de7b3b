import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fileThere } from '../helpers/project.ts';
import { command, goOn, PROMPT, requested, sourceAt, stoppedAt } from '../helpers/prompt.ts';
import { key, openTerminal, type Terminal } from '../helpers/pty.ts';
import { testedOn } from '../helpers/pythons.ts';
import { type SessionProject, useProject } from '../helpers/session-project.ts';

const project = useProject();
afterEach(() => project.clear());

const at = (name: string, line: string): RegExp =>
  new RegExp(`${sourceAt(`wsgi\\.py\\(\\d+\\)${name}`, line)}\\(Pdb\\) $`);

/** Interrupts each kind of waiting; the request goes on with what was changed at the prompt. */
async function stopsWhatRuns(project: SessionProject, terminal: Terminal): Promise<void> {
  const loop = requested(project, '/busy');
  await terminal.until(/busy now\n/);
  terminal.type(key.ctrlC);
  await terminal.until(at('busy', '(?:print\\([^\\n]*|while going:|pass)'));
  await command(terminal, 'going = False');
  expect(await goOn(terminal, loop)).toEqual({ status: 200, body: 'busy done\n' });

  const sleep = requested(project, '/sleep');
  await terminal.until(/sleeping now\n/);
  terminal.type(key.ctrlC);
  await terminal.until(at('sleep', 'time\\.sleep\\([^\\n]*'), 5_000);
  expect(await goOn(terminal, sleep)).toEqual({ status: 200, body: 'slept\n' });

  const receive = requested(project, '/receive');
  await terminal.until(/receiving now\n/);
  terminal.type(key.ctrlC);
  await terminal.until(at('receive', 'data = here\\.recv\\([^\\n]*'));
  await command(terminal, 'there.send(b"hello")', /\n5\n\(Pdb\) $/);
  expect(await goOn(terminal, receive)).toEqual({ status: 200, body: 'received hello\n' });
}

const refused = (port: number): Promise<unknown> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() && 'connected'));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });

/** Resolves once the engine has attached somebody to `container` after `since`, in Unix seconds. */
async function attached(container: string, since: string): Promise<void> {
  const filters = ['--since', since, '--filter', `container=${container}`, '--filter', 'event=attach'];
  const events = spawn('docker', ['events', ...filters], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(events.stdout, 'data');
  events.kill();
}

describe.each(testedOn('3.11'))('on Python %s', (python) => {
  const project = useProject();
  beforeAll(async () => {
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: wsgi.py\npython: "${python}"\n`);
    await project.build();
  });
  afterEach(() => project.clear());

  test('stops a loop, a sleep and a blocking call where they are, and they go on', async () => {
    await stopsWhatRuns(project, await project.up());
  });

  test('from an interrupt one can step, walk and quit', async () => {
    const terminal = await project.up();
    const loop = requested(project, '/busy');
    await terminal.until(/busy now\n/);
    terminal.type(key.ctrlC);
    await terminal.until(/busy\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'n', /> \/app\/wsgi\.py\(\d+\)busy\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'u', /> \/app\/wsgi\.py\(\d+\)application\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'd', /busy\(\)[\s\S]*\(Pdb\) $/);
    await command(terminal, 'going = False');
    await command(terminal, 'n', PROMPT);
    await command(terminal, 'n', /\(Pdb\) $/);
    terminal.type('q\r');
    expect(await loop.response).toMatchObject({ status: 500 });
    const again = requested(project, '/busy');
    await terminal.until(/busy now\n/);
    terminal.type(key.ctrlC);
    await terminal.until(/busy\(\)[\s\S]*\(Pdb\) $/);
    // Sooner, Ctrl-C would cancel the line that was just typed.
    const goesOn = fileThere(join(project.directory, '.wsgi-dev/run/paused.json'), true);
    terminal.type('c\r');
    await goesOn;
    terminal.type(key.ctrlC);
    await terminal.until(/busy\(\)[\s\S]*\(Pdb\) $/);
    terminal.type('q\r');
    expect(await again.response).toMatchObject({ status: 500 });
    expect(await project.get('/plain?1')).toMatchObject({ status: 200 });
  });
});

test('ends a command that runs at the prompt, not the request', async () => {
  const terminal = await project.up();
  const stopped = await stoppedAt(project, terminal, '/stop');
  terminal.type('exec("print(6*7)\\nwhile True: pass")\r');
  await terminal.until(/\n42\n/);
  terminal.type(key.ctrlC);
  await terminal.until(/KeyboardInterrupt[\s\S]*\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
});

test('idle: the first says how to stop, the second stops and leaves nothing', async () => {
  const terminal = await project.up();
  const port = Number(new URL(project.url()).port);
  expect(await project.get('/plain?1')).toMatchObject({ status: 200 });
  terminal.type(key.ctrlC);
  await terminal.until(/Press Ctrl-C again to stop the server\n/);
  // The first has no effect on the request after it.
  expect(await project.get('/plain?2')).toMatchObject({ status: 200 });
  terminal.type(key.ctrlC);
  const { code, modesBefore, modesAfter } = await terminal.ended;
  expect({ code, modesAfter }).toEqual({ code: 0, modesAfter: modesBefore });
  expect(project.container()).toBeUndefined();
  expect(await refused(port)).toBe('ECONNREFUSED');
});

test('the terminal is raw meanwhile', async () => {
  const terminal = await project.up();
  expect(terminal.modes()).toMatch(/-icanon/);
  expect(terminal.modes()).toMatch(/-isig/);
  expect(terminal.modes()).toMatch(/-opost/);
});

test('through plain `docker attach` it means the same, and resizing harms nothing', async () => {
  const first = await project.up();
  first.type(key.detach);
  await first.ended;
  const container = project.container() ?? '';
  const since = `${Date.now() / 1000}`;
  const terminal = await openTerminal(['docker', 'attach', container], { cwd: project.directory });
  try {
    await attached(container, since);
    const stopped = await stoppedAt(project, terminal, '/stop');
    terminal.type('half');
    await terminal.until(/half$/);
    terminal.type(key.ctrlC);
    await terminal.until(PROMPT);
    for (let round = 0; round < 20; round += 1) terminal.resize(60 + round, 20);
    await command(terminal, 'while __import__("shutil").get_terminal_size().columns != 79: pass');
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
    await stopsWhatRuns(project, terminal);
    terminal.type(key.ctrlC);
    await terminal.until(/Press Ctrl-C again to stop the server/);
    terminal.type(key.ctrlC);
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(project.docker('inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', container)).toBe('exited 0');
  } finally {
    terminal.close();
  }
});
