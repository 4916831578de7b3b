import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { command, goOn, PROMPT, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

const project = useProject();
afterEach(() => project.clear());

/** A door to the engine that can be shut in the middle of everything. */
async function cuttableEngine(path: string): Promise<{ cut(): void }> {
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const engine = connect('/var/run/docker.sock');
    for (const socket of [client, engine]) open.add(socket.on('error', () => undefined));
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    cut() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

test.each(['idle', 'at the prompt'])(
  'SIGTERM to the client, %s, takes the server down and restores the terminal',
  async (when) => {
    const terminal = await project.up();
    if (when !== 'idle') await stoppedAt(project, terminal, '/stop');
    process.kill(terminal.pid, 'SIGTERM');
    const { code, modesBefore, modesAfter } = await terminal.ended;
    expect({ code, modesAfter }).toEqual({ code: 0, modesAfter: modesBefore });
    expect(project.container()).toBeUndefined();
  },
);

test('`down` from elsewhere ends the session and restores the terminal', async () => {
  const terminal = await project.up();
  await stoppedAt(project, terminal, '/stop');
  expect(await project.run(['down'])).toMatchObject({ code: 0 });
  const { code, modesBefore, modesAfter } = await terminal.ended;
  expect({ code, modesAfter }).toEqual({ code: 0, modesAfter: modesBefore });
});

test('an engine that goes away is said, with exit code 3 and the terminal restored', async () => {
  const path = join(project.directory, 'engine.sock');
  const door = await cuttableEngine(path);
  const terminal = await project.up([], { env: { DOCKER_HOST: `unix://${path}` } });
  await stoppedAt(project, terminal, '/stop');
  door.cut();
  const { code, modesBefore, modesAfter } = await terminal.ended;
  expect({ code, modesAfter }).toEqual({ code: 3, modesAfter: modesBefore });
  expect(terminal.screen.text()).toMatch(/wsgi-dev: [^\n]*engine\.sock/);
});

test('Apache killed at a prompt: the terminal has its modes back, and the server starts again', async () => {
  const terminal = await project.up();
  const stopped = await stoppedAt(project, terminal, '/stop');
  await command(
    terminal,
    '!import termios; print(bool(termios.tcgetattr(0)[3] & termios.ECHO))',
    /(?:True|False)\n\(Pdb\) $/,
  );
  terminal.type('!__import__("os").kill(__import__("os").getpid(), 9)\r');
  await terminal.until(/wsgi-dev: Apache was ended by SIGKILL [^\n]*\nwsgi-dev: starting it again\n/);
  await expect(stopped.response).rejects.toThrow();
  await terminal.until(/wsgi-dev: ready again\n/);
  // Line mode and echo: what is typed while nothing reads it is shown by the kernel.
  terminal.type('echoed');
  await terminal.until(/echoed/);
  terminal.type('\x15');
  const next = await stoppedAt(project, terminal, '/stop');
  await command(terminal, "p 'usable'", /'usable'\n\(Pdb\) $/);
  expect(await goOn(terminal, next)).toMatchObject({ status: 200 });
});

test('an application that can’t be loaded ends with its traceback, code 1 and nothing left', async () => {
  project.write('broken.py', 'import nothing_of_this_name\n');
  const terminal = await project.terminal(['up', '--debug', '--port', '0', '--app', 'broken.py', '--no-post-mortem']);
  await terminal.until(
    /Traceback [\s\S]*broken\.py", line 1[\s\S]*The application could not be loaded: broken\.py:1: ModuleNotFoundError/,
  );
  const { code, modesBefore, modesAfter } = await terminal.ended;
  expect({ code, modesAfter }).toEqual({ code: 1, modesAfter: modesBefore });
  expect(project.container()).toBeUndefined();
  expect(PROMPT.test(terminal.screen.text())).toBe(false);
});
