import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCli } from '../helpers/cli.ts';
import { type Editor, editors } from '../helpers/editor.ts';
import { requested } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { type SessionProject, useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/others.py'), 'utf8');
const lines = SOURCE.split('\n');
const lineOf = (text: string): number => lines.findIndex((line) => line.trim() === text) + 1;
const TOTAL = lineOf('total = first + second');

let client: Awaited<ReturnType<typeof editors>>;
beforeAll(async () => {
  client = await editors();
});
afterAll(() => client.remove());

function write(project: SessionProject, python: string): void {
  project.write('others.py', SOURCE);
  const debug = 'debug: {debugger: debugpy, debugger_port: 0}\n';
  project.write('wsgi-dev.yaml', `name: ${project.name}\napp: others.py\npython: "${python}"\n${debug}`);
}

async function paused(project: SessionProject): Promise<unknown> {
  return JSON.parse((await project.run(['ps', '--format', 'json'])).stdout).paused;
}

/** What VS Code makes of the file: comments are no matter to it. */
function launch(project: SessionProject): { readonly configurations: readonly Record<string, unknown>[] } {
  const text = readFileSync(join(project.directory, '.vscode/launch.json'), 'utf8');
  return JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''));
}

describe.each(['3.11', '3.13'])('debugpy on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  let port = 0;

  /** `up --debug`; debugpy's port is told behind Ready. */
  async function up(...args: readonly string[]): Promise<string> {
    terminal = await project.up(args);
    const [told, found] = await terminal.until(/debugpy waits for an editor on 127\.0\.0\.1:(\d+)\n[^\n]*\n/);
    port = Number(found);
    return told;
  }
  const attach = (): Promise<Editor> => client.attach(port, project.directory, 'others.py', [TOTAL]);

  beforeAll(async () => {
    write(project, python);
    await project.build();
  });
  afterAll(() => project.clear());

  test('launch.json is written for the project’s owner, once, and goes to the port', async () => {
    expect(await up()).toContain('Wrote .vscode/launch.json: start "wsgi-dev: attach" in VS Code');
    expect(launch(project).configurations).toEqual([
      {
        name: 'wsgi-dev: attach',
        type: 'debugpy',
        request: 'attach',
        connect: { host: '127.0.0.1', port },
        pathMappings: [{ localRoot: `\${workspaceFolder}`, remoteRoot: '/app' }],
        justMyCode: true,
      },
    ]);
    const owner = statSync(project.directory).uid;
    for (const path of ['.vscode', '.vscode/launch.json']) {
      expect(statSync(join(project.directory, path)).uid).toBe(owner);
    }
    const published = project.docker('port', project.container() ?? '', '5678/tcp');
    expect(published).toBe(`127.0.0.1:${port}`);
  });

  test('without an editor a breakpoint is passed, and told', async () => {
    expect(await project.get('/stop')).toEqual({ status: 200, body: 'by breakpoint' });
    await terminal.until(/breakpoint\(\) at others\.py:\d+ passed: no editor is attached to 127\.0\.0\.1:\d+\n/);
  });

  test('a breakpoint by the path on the host: stack, local, step, and the response', async () => {
    const editor = await attach();
    const { response } = requested(project, '/place');
    const halt = await editor.stopped();
    expect(halt.reason).toBe('breakpoint');
    const path = join(project.directory, 'others.py');
    expect(halt.frames[0]).toMatchObject({ name: 'add', line: TOTAL, path });
    // No frame of Apache's or wsgi-dev's.
    expect(halt.frames.map(({ name }) => name)).toEqual(['add', 'place', 'application']);
    expect(await editor.evaluate(halt, 'first')).toBe('40');
    expect(await paused(project)).toMatchObject({ file: 'others.py', line: TOTAL, function: 'add' });
    await terminal.until(new RegExp(`GET /place\\n[\\s\\S]*paused in the editor at others\\.py:${TOTAL}\\n`));
    await editor.next(halt);
    const after = await editor.stopped();
    expect(after).toMatchObject({ reason: 'step', frames: [{ line: TOTAL + 1 }, {}, {}] });
    expect(await editor.evaluate(after, 'total')).toBe('42');
    await editor.continue(after);
    expect(await response).toEqual({ status: 200, body: '42' });
    expect(await paused(project)).toBeNull();
    await editor.leave();
  });

  test('breakpoint() stops, and an exception that the application lets out', async () => {
    const editor = await attach();
    const first = requested(project, '/stop');
    const halt = await editor.stopped();
    expect(await editor.evaluate(halt, 'name')).toBe("'by breakpoint'");
    await editor.continue(halt);
    expect(await first.response).toEqual({ status: 200, body: 'by breakpoint' });

    const second = requested(project, '/error');
    const raised = await editor.stopped();
    expect(raised).toMatchObject({ reason: 'exception', frames: [{ name: 'error' }, {}] });
    expect(raised.frames[0]?.line).toBe(lineOf('raise LookupError(reason)'));
    expect(await editor.evaluate(raised, 'reason')).toBe("'no such thing'");
    await editor.continue(raised);
    expect(await second.response).toMatchObject({ status: 500 });
    await editor.leave();
  });

  test('Ctrl-C pauses a request that runs', async () => {
    const editor = await attach();
    const { response } = requested(project, '/busy');
    await terminal.until(/busy now\n/);
    terminal.type(key.ctrlC);
    const halt = await editor.stopped();
    expect(halt.frames[0]).toMatchObject({ name: 'busy' });
    await terminal.until(/Press Ctrl-C again to stop the server/);
    await editor.evaluate(halt, 'GOING.clear()');
    await editor.continue(halt);
    expect(await response).toEqual({ status: 200, body: 'busy no more' });
    await editor.leave();
  });

  test('an edit asks the editor to come back; its breakpoints hold in the new process', async () => {
    const editor = await attach();
    const again = project.nextReady();
    project.write('library.py', 'CHANGED = 1\n');
    await again;
    expect(await editor.terminated).toEqual({ restart: true });
    const next = await attach();
    const { response } = requested(project, '/place');
    const halt = await next.stopped();
    expect(halt.frames[0]).toMatchObject({ name: 'add', line: TOTAL });
    await next.continue(halt);
    expect(await response).toEqual({ status: 200, body: '42' });
    await next.leave();
  });

  test('serve mode is an order to the same container; wsgi-dev break says whose breakpoints they are', async () => {
    expect(await project.run(['break', 'others:add'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The breakpoints of'),
    });
    const container = project.container();
    const { stdout } = await project.run(['up', '-d', '--format', 'json', '--port', '0']);
    expect(JSON.parse(stdout)).toMatchObject({ container, mode: 'serve', changed: ['settings'] });
    const { stdout: back, stderr } = await project.run(['up', '--debug', '-d', '--format', 'json', '--port', '0']);
    expect(JSON.parse(back)).toMatchObject({ container, mode: 'debug', editor: `127.0.0.1:${port}` });
    expect(stderr).toContain('.vscode/launch.json has it');
    const editor = await attach();
    await editor.leave();
  });

  test('two Ctrl-C stop the server while it is paused', async () => {
    project.clear();
    await up();
    const editor = await attach();
    requested(project, '/place');
    await editor.stopped();
    terminal.type(key.ctrlC);
    await terminal.until(/Press Ctrl-C again to stop the server/);
    terminal.type(key.ctrlC);
    expect(await terminal.ended).toMatchObject({ code: 0 });
    expect(project.container()).toBeUndefined();
  });
});

describe('where and how it listens', () => {
  const project = useProject();
  beforeAll(async () => {
    write(project, '3.11');
    await project.build();
  });
  afterAll(() => project.clear());

  test('the default port moves to the next free one, and the person’s launch.json gets it', async () => {
    project.clear();
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: others.py\ndebug: {debugger: debugpy}\n`);
    rmSync(join(project.directory, '.vscode'), { recursive: true, force: true });
    // Where something else has it already, that is as good.
    const server = createServer();
    await new Promise<void>((resolve) => server.on('error', () => resolve()).listen(5678, '127.0.0.1', resolve));
    mkdirSync(join(project.directory, '.vscode'));
    const own = '{\n  // mine\n  "configurations": []\n}\n';
    writeFileSync(join(project.directory, '.vscode/launch.json'), own);
    const { code, stdout, stderr } = await project.run(['up', '--debug', '-d', '--port', '0', '--format', 'json']);
    server.close();
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Port 5678 for the editor is busy'),
    });
    const { editor } = JSON.parse(stdout);
    expect(editor).toMatch(/^127\.0\.0\.1:5[67]\d\d$/);
    expect(editor).not.toBe('127.0.0.1:5678');
    expect(stderr).toContain('Added "wsgi-dev: attach" to .vscode/launch.json');
    const merged = readFileSync(join(project.directory, '.vscode/launch.json'), 'utf8');
    expect(merged).toContain('  // mine\n');
    expect(launch(project).configurations).toMatchObject([{ connect: { port: Number(editor.split(':')[1]) } }]);
  });

  test('on the host’s network it binds the loopback alone', async () => {
    project.clear();
    const args = ['up', '--debug', '-d', '--port', '0', '--network', 'host', '--format', 'json'];
    const { stdout } = await project.run(args);
    const { editor } = JSON.parse(stdout);
    const number = Number(editor.split(':')[1]).toString(16).toUpperCase().padStart(4, '0');
    const listening = readFileSync('/proc/net/tcp', 'utf8').match(new RegExp(`\\w{8}:${number} \\w+:0000 0A`, 'g'));
    expect(listening).toEqual([expect.stringMatching(/^0100007F:/)]);
    const one = await client.attach(Number(editor.split(':')[1]), project.directory, 'others.py', [TOTAL]);
    await one.leave();
  });

  test('--break-at-start waits for an editor, whose breakpoints hold while the application is loaded', async () => {
    project.clear();
    project.write(
      'wsgi-dev.yaml',
      `name: ${project.name}\napp: others.py\ndebug: {debugger: debugpy, debugger_port: 0}\n`,
    );
    const terminal = await project.terminal(['up', '--debug', '--port', '0', '--break-at-start']);
    const [, port] = await terminal.until(/waiting for an editor on 127\.0\.0\.1:(\d+) before/, 40_000);
    const editor = await client.attach(Number(port), project.directory, 'others.py', [lineOf('GOING = []')]);
    const halt = await editor.stopped();
    expect(halt.frames[0]).toMatchObject({ name: '<module>', line: lineOf('GOING = []') });
    await editor.continue(halt);
    await terminal.until(/Ready: /);
    await editor.leave();
  });

  test('PYTHONBREAKPOINT goes before it, and what has no effect is told', async () => {
    project.clear();
    const args = ['up', '--debug', '--port', '0', '--break', 'others:add', '-e', 'PYTHONBREAKPOINT=0'];
    const running = startCli(args, { cwd: project.directory });
    const said = await running.stderrSays(/stdin is not read/);
    expect(said).toMatch(/Breakpoints given by --break or debug\.break have no effect with debugpy/);
    const [, url = ''] = /Ready: (http:\S+)/.exec(said) ?? [];
    const [, port] = /an editor on 127\.0\.0\.1:(\d+)/.exec(said) ?? [];
    const editor = await client.attach(Number(port), project.directory, 'others.py', []);
    const answer = await fetch(new URL('/stop', url));
    expect(await answer.text()).toBe('by breakpoint');
    await editor.leave();
    running.child.kill('SIGTERM');
    expect(await running.result).toMatchObject({ code: 0 });
    expect(existsSync(join(project.directory, '.vscode'))).toBe(true);
  });
});
