import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startCli } from '../helpers/cli.ts';
import { command, goOn, requested, type Stopped } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { get, type Response, type SessionProject, useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/others.py'), 'utf8');
const lines = SOURCE.split('\n');
const lineOf = (text: string): number => lines.findIndex((line) => line.trim() === text) + 1;
/** The first stop of a process loads the debugger: a second, and many on a machine that is busy. */
const LOADED_MS = 40_000;
const IPDB = /\nipdb> $/;
// Since Python 3.13 breakpoint() stops at its own line, unless breakpoints from outside are set too.
const atBreakpoint = new RegExp(
  `> /app/others\\.py\\((${lineOf('breakpoint()')}|${lineOf('return name')})\\)stop[\\s\\S]*\\nipdb> $`,
);
const stands = (text: string): RegExp => new RegExp(`> /app/others\\.py\\(${lineOf(text)}\\)[\\s\\S]*\\nipdb> $`);

function write(project: SessionProject, python: string, more = 'debug: {debugger: ipdb}\n'): void {
  project.write('others.py', SOURCE);
  project.write('wsgi-dev.yaml', `name: ${project.name}\napp: others.py\npython: "${python}"\n${more}`);
}

async function paused(project: SessionProject): Promise<unknown> {
  return JSON.parse((await project.run(['ps', '--format', 'json'])).stdout).paused;
}

describe.each(['3.11', '3.14'])('ipdb on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;

  const stop = async (path: string, shown: RegExp): Promise<Stopped> => {
    const response = requested(project, path);
    await terminal.until(shown, LOADED_MS);
    return response;
  };

  beforeAll(async () => {
    write(project, python);
    await project.build();
    const place = `others.py:${lineOf('total = first + second')}`;
    terminal = await project.up(['--break', place], { env: { NO_COLOR: '' } });
  });
  afterAll(() => project.clear());

  test('breakpoint(): the prompt, in colours, with Tab; ps says where it is paused', async () => {
    const stopped = await stop('/stop', atBreakpoint);
    expect(terminal.screen.raw()).toMatch(/\x1b\[[\d;]+m\/app\/others\.py/);
    expect(terminal.unread()).toBe('');
    terminal.type(`na${key.tab}`);
    // The first one loads what completes.
    await terminal.until(/^name$/, LOADED_MS);
    await command(terminal, '', /\n'by breakpoint'\nipdb> $/);
    expect(await paused(project)).toMatchObject({ file: 'others.py', function: 'stop' });
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'by breakpoint' });
    expect(await paused(project)).toBeNull();
  });

  test('a place that --break names, and a step from there', async () => {
    const stopped = await stop('/place', stands('total = first + second'));
    await command(terminal, 'n', stands('return total'));
    await command(terminal, 'total', /\n42\nipdb> $/);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '42' });
  });

  test('an exception stops where it was raised, with its locals', async () => {
    const stopped = await stop('/error', stands('raise LookupError(reason)'));
    await command(terminal, 'reason', /\n'no such thing'\nipdb> $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 500 });
  });

  test('w shows the frames of the project, `w all` those of libraries too', async () => {
    const stopped = await stop('/deep', /> \/app\/others\.py\(\d+\)within[\s\S]*\nipdb> $/);
    const frames = async (line: string): Promise<readonly string[]> => {
      terminal.type(`${line}\r`);
      const [shown] = await terminal.until(/[\s\S]*\nipdb> $/);
      return [...shown.matchAll(/^(?:>| ) \S*\/(\w+\.py)\(\d+\)(\w+)|… .*/gm)].map(([line, file, name]) =>
        file ? `${file} ${name}` : line,
      );
    };
    const [own, all] = [await frames('w'), await frames('w all')];
    expect(own).toEqual([
      '… 3 frames of json: `w all` shows them',
      'others.py application',
      'others.py deep',
      'others.py within',
    ]);
    expect(all).toEqual([
      'others.py application',
      'others.py deep',
      '__init__.py loads',
      'decoder.py decode',
      'decoder.py raw_decode',
      'others.py within',
    ]);
    expect(await frames('bt')).toEqual(own);
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'tea' });
  });

  test('$request and its like, behind Tab too; a command that fails does no harm', async () => {
    const stopped = await stop('/stop?who=ann', atBreakpoint);
    await command(terminal, '$request["QUERY_STRING"]', /\n'who=ann'\nipdb> $/);
    await command(terminal, '$found = name[3:]', IPDB);
    await command(terminal, 'p $found, "$found"', /\n\('breakpoint', '\$found'\)\nipdb> $/);
    await command(terminal, 'p $session', /LookupError: this request has no \$session \(plain WSGI\)\nipdb> $/);
    await command(terminal, 'condition', /\*\*\* [\s\S]*\nipdb> $/);
    terminal.type(`$envi${key.tab}`);
    await terminal.until(/\$environ$/);
    await command(terminal, '["REQUEST_METHOD"]', /\n'GET'\nipdb> $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
    const failed = await stop('/error', stands('raise LookupError(reason)'));
    await command(terminal, '$exception.args', /KeyError[^\n]*\nipdb> $/);
    await command(terminal, '$_exception.args', /\n\('no such thing',\)\nipdb> $/);
    expect(await goOn(terminal, failed)).toMatchObject({ status: 500 });
  });

  test('how many requests wait behind the one that is stopped is told', async () => {
    const stopped = await stop('/stop', atBreakpoint);
    const waiting = requested(project, '/versions');
    const arrived = 'while not __import__("wsgi_dev_runner.sockets").sockets.waiting_requests(8000): pass';
    await command(terminal, arrived, /\nwsgi-dev: 1 request waits behind this one\nipdb> $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
    expect(await waiting.response).toMatchObject({ status: 200 });
  });

  test('Ctrl-C opens it in a request that runs, cancels a line, and ends a command', async () => {
    const running = await stop('/busy', /busy now\n/);
    terminal.type(key.ctrlC);
    await terminal.until(/GET \/busy\n> [\s\S]*\nipdb> $/);
    terminal.type('not this');
    // Looked at and not taken: IPython takes the line from the screen.
    await terminal.until(/^(?=not this$)/);
    terminal.type(key.ctrlC);
    await terminal.until(/^(?=$)/);
    terminal.type('exec("print(6*7)\\nwhile True: pass")\r');
    await terminal.until(/\n42\n/);
    terminal.type(key.ctrlC);
    await terminal.until(/KeyboardInterrupt[\s\S]*\nipdb> $/);
    await command(terminal, 'q', /"GET \/busy[^\n]* 500 /);
    expect(await running.response).toMatchObject({ status: 500 });
  });

  test('ipdb.set_trace() of the application is the same debugger', async () => {
    const stopped = await stop('/own', /> \/app\/others\.py\(\d+\)own[\s\S]*\nipdb> $/);
    expect(await paused(project)).toMatchObject({ file: 'others.py' });
    expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'by its own set_trace' });
  });

  test('the window’s size is followed', async () => {
    const stopped = await stop('/stop', atBreakpoint);
    const followed = (columns: number) =>
      command(terminal, `while __import__("shutil").get_terminal_size().columns != ${columns}: pass`, IPDB);
    terminal.resize(40, 24);
    await followed(40);
    const line = `len("${'abcdefghij'.repeat(9)}")`;
    await command(terminal, line, /\n90\nipdb> $/);
    expect(terminal.screen.rows().join('')).toContain(`ipdb> ${line}90ipdb>`);
    terminal.resize(80, 24);
    // Else the next prompt is drawn anew in the midst of what is typed there.
    await followed(80);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });

  test('detached and attached: what led to the prompt, and the half-typed line', async () => {
    const stopped = await stop('/stop', atBreakpoint);
    await command(terminal, '"one", name', /\('one', 'by breakpoint'\)\nipdb> $/);
    terminal.type('"half');
    await terminal.until(/"half$/);
    terminal.type(key.detach);
    await terminal.until(/Still running/);
    await terminal.ended;
    terminal = await project.terminal(['attach']);
    const [shown] = await terminal.until(/Attached to [\s\S]*"half$/);
    expect(shown).toMatch(
      /GET \/stop\n> \/app\/others\.py[\s\S]*\nipdb> "one", name\n\('one', 'by breakpoint'\)\nipdb> "half$/,
    );
    await command(terminal, ' and more"', /'half and more'\nipdb> $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });

  test('its history is kept over a new container, and serve mode is an order to the same one', async () => {
    project.clear();
    terminal = await project.up();
    const stopped = await stop('/stop', atBreakpoint);
    // NO_COLOR is set here.
    expect(terminal.screen.raw()).not.toMatch(/\x1b\[[\d;]+m\/app\/others\.py/);
    await command(terminal, `${key.up}${key.up}`, /'half and more'\nipdb> $/);
    await goOn(terminal, stopped);
    const container = project.container();
    const { stdout } = await project.run(['up', '-d', '--format', 'json', '--port', '0']);
    expect(JSON.parse(stdout)).toMatchObject({ container, mode: 'serve', changed: ['settings'] });
    expect(await project.get('/versions')).toEqual({ status: 200, body: 'no IPython, no prompt_toolkit; False' });
  });

  test('the commands of ~/.pdbrc and of the project’s are run at the first stop, and a faulty line is told', async () => {
    project.clear();
    const home = mkdtempSync(join(tmpdir(), 'wsgi-dev-home-'));
    onTestFinished(() => {
      rmSync(home, { recursive: true });
      rmSync(join(project.directory, '.pdbrc'));
    });
    writeFileSync(join(home, '.pdbrc'), 'alias path p "at", $request["PATH_INFO"]\np nothing\n');
    project.write('.pdbrc', 'path\n');
    terminal = await project.up([], { env: { HOME: home } });
    const stopped = requested(project, '/stop');
    const [shown] = await terminal.until(atBreakpoint, LOADED_MS);
    expect(shown + terminal.screen.text()).toMatch(
      /\*\*\* NameError: name 'nothing' is not defined \(~\/\.pdbrc:2\)\n\('at', '\/stop'\)\n/,
    );
    await command(terminal, 'path', /\n\('at', '\/stop'\)\nipdb> $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });

  test('piped lines', async () => {
    project.clear();
    const running = startCli(['up', '--debug', '--port', '0', '--break', 'others:add'], { cwd: project.directory });
    const [, url = ''] = /Ready: (http:\S+)/.exec(await running.stderrSays(/Ready: http:\S+ /)) ?? [];
    const answer = get(new URL('/place', url));
    running.child.stdin?.end('p first\nn\np total\n');
    expect(await answer).toEqual({ status: 200, body: '42' });
    const { code, stdout } = await running.result;
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nipdb> p first\n40\nipdb> n\n> [\s\S]*\nipdb> p total\n42\nipdb> /);
    expect(stdout).not.toContain('\x1b');
  });
});

describe.each(['3.11', '3.13'])('pudb on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;

  /** Requests `path` and waits until pudb shows the frame of `func` as the one that it stands in. */
  const stop = async (path: string, func: string): Promise<Stopped> => {
    const response = requested(project, path);
    await terminal.shows(new RegExp(`PuDB [\\s\\S]*>> ${func} others\\.py:\\d+`), LOADED_MS);
    return response;
  };
  const leave = async (stopped: Stopped): Promise<Response> => {
    const answer = await goOn(terminal, stopped);
    expect(terminal.screen.isFull()).toBe(false);
    return answer;
  };

  beforeAll(async () => {
    write(project, python, 'debug: {debugger: pudb}\n');
    await project.build();
    terminal = await project.up(['--break', 'others:add']);
  });
  afterAll(() => project.clear());

  test('breakpoint(): a full screen, a step, and the usual screen with what led to it afterwards', async () => {
    const stopped = await stop('/stop', 'stop');
    expect(terminal.screen.isFull()).toBe(true);
    expect(await paused(project)).toMatchObject({ file: 'others.py', function: 'stop' });
    await terminal.shows(/name: 'by breakpoint'/);
    terminal.type('n');
    await terminal.shows(/Return: 'by breakpoint'/);
    expect(await leave(stopped)).toEqual({ status: 200, body: 'by breakpoint' });
    expect(await paused(project)).toBeNull();
    expect(terminal.screen.text()).toMatch(/\n\[1\] GET \/stop\n[^\n]*"GET \/stop [^\n]*ms\n$/);
  });

  test('$request in its command line and in a watch', async () => {
    const stopped = await stop('/stop?who=ann', 'stop');
    terminal.type('\x18');
    terminal.type('print($request["QUERY_STRING"], "$request")\r');
    await terminal.shows(/who=ann \$request/);
    terminal.type('\x18');
    // The list of variables, a new watch, and back to the source.
    terminal.type('V');
    terminal.type('n');
    await terminal.shows(/Add Watch Expression/);
    terminal.type('$environ["REQUEST_METHOD"]\r');
    await terminal.shows(/\$environ\["REQUEST_METHOD"\][\s\S]*: 'GET'/);
    terminal.type('C');
    expect(await leave(stopped)).toMatchObject({ status: 200 });
  });

  test('it follows the window’s size', async () => {
    const stopped = await stop('/stop', 'stop');
    await terminal.shows(/^.{40,60}Variables:/m);
    terminal.resize(130, 40);
    await terminal.shows(/^.{75,}Variables:[\s\S]*\n(.*\n){30,}>>> /m);
    terminal.resize(80, 24);
    await terminal.shows(/^.{40,60}Variables:/m);
    expect(await leave(stopped)).toMatchObject({ status: 200 });
  });

  test.each([
    ['/screen', 'screen', 'by its own set_trace'],
    ['/shortcut', 'shortcut', 'by pu.db'],
  ])('the application’s own way in, %s', async (path, func, body) => {
    expect(await leave(await stop(path, func))).toEqual({ status: 200, body });
  });

  test('a place that --break names', async () => {
    const stopped = await stop('/place', 'add');
    await terminal.shows(/second: 2/);
    expect(await leave(stopped)).toEqual({ status: 200, body: '42' });
  });

  test('an exception stops where it was raised, with its locals', async () => {
    const stopped = requested(project, '/error');
    await terminal.shows(/Uncaught Exception[\s\S]*OK/);
    terminal.type('\r');
    await terminal.shows(/POST-MORTEM[\s\S]*reason: 'no such thing'[\s\S]*>> error others\.py/);
    expect(await leave(stopped)).toMatchObject({ status: 500 });
  });

  test('Ctrl-C opens it, at its screen Ctrl-C and Ctrl-Z do nothing, and q ends the request', async () => {
    const running = requested(project, '/busy');
    await terminal.until(/busy now\n/);
    terminal.type(key.ctrlC);
    await terminal.shows(/>> busy others\.py/);
    terminal.type(`${key.ctrlC}\x1a`);
    terminal.type('?');
    await terminal.shows(/Key Assignments/);
    terminal.type('\r');
    await terminal.shows(/>> busy others\.py/);
    terminal.type('q');
    expect(await running.response).toMatchObject({ status: 500 });
    await terminal.until(/"GET \/busy[^\n]* 500 /);
    expect(await leave(await stop('/stop', 'stop'))).toMatchObject({ status: 200 });
  });

  test('detached, the terminal is as before; attached, the screen is there again', async () => {
    const stopped = await stop('/stop', 'stop');
    terminal.type(key.detach);
    const { code, modesBefore, modesAfter } = await terminal.ended;
    expect({ code, modesAfter }).toEqual({ code: 0, modesAfter: modesBefore });
    expect(terminal.screen.isFull()).toBe(false);
    expect(terminal.screen.text()).toContain('\nStill running');
    terminal = await project.terminal(['attach'], { columns: 100, rows: 30 });
    await terminal.shows(/PuDB [\s\S]*>> stop others\.py/);
    await terminal.shows(/^.{60,70}Variables:/m);
    expect(await leave(stopped)).toMatchObject({ status: 200 });
  });

  test('a restart from elsewhere leaves the usual screen; so does the server’s end', async () => {
    await stop('/stop', 'stop');
    expect(await project.run(['restart'])).toMatchObject({ code: 0 });
    await terminal.shows(/Attached to/);
    expect(terminal.screen.isFull()).toBe(false);
    await stop('/stop', 'stop');
    expect(await project.run(['down'])).toMatchObject({ code: 0 });
    const { modesBefore, modesAfter } = await terminal.ended;
    expect(modesAfter).toBe(modesBefore);
    expect(terminal.screen.isFull()).toBe(false);
  });

  test('without a terminal there is nowhere to draw', async () => {
    const { code, stderr } = await project.run(['up', '--debug'], 'c\n');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/pudb needs a terminal[^\n]*\n[^\n]*-d/),
    });
    expect(project.container()).toBeUndefined();
    expect(await project.run(['up', '--debug', '-d', '--port', '0'])).toMatchObject({ code: 0 });
    expect(await project.run(['attach'], 'c\n')).toMatchObject({ code: 2 });
  });
});

describe('an application that requires an IPython of its own', () => {
  const project = useProject();
  beforeAll(async () => {
    project.write('requirements.txt', 'ipython==8.12.3\n');
    write(project, '3.11');
    await project.build();
  });
  afterAll(() => project.clear());

  test('keeps it, and ipdb is made of it', async () => {
    const terminal = await project.up();
    expect(await project.get('/versions')).toMatchObject({
      body: expect.stringMatching(/^IPython 8\.12\.3, .*; True$/),
    });
    const stopped = requested(project, '/own');
    await terminal.until(IPDB, LOADED_MS);
    await command(terminal, '__import__("IPython").__version__', /\n'8\.12\.3'\nipdb> $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 200 });
  });
});
