import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested, stoppedAt } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// What a person's terminal makes of a stop: colours where Python has them, a bell, a title, a desktop notice.

const SOURCE = `
import os


def application(environ, start_response):
    if environ["PATH_INFO"] == "/fails":
        raise ValueError("coloured")
    value = 1
    breakpoint()
    value = 2
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"done"]
`;
const COLOUR = /\x1b\[[\d;]*[1-9][\d;]*m/;
const TITLE = /\x1b\[22;0t\x1b\]0;paused terminal\.py:(\d+) – \S+\x07/g;
const BACK = '\x1b[23;0t';
const times = (text: string, part: string | RegExp): number => text.split(part).length - 1;

describe.each(['3.11', '3.13', '3.14'])('colours on Python %s', (python) => {
  const project = useProject();

  beforeAll(async () => {
    project.write('terminal.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: terminal.py\npython: "${python}"\n`);
    await project.build();
  }, 600_000);
  afterAll(() => project.clear());
  afterEach(() => project.clear());

  /** The bytes of a stop at a breakpoint, of a listing there, and of an exception. */
  async function shownTo(terminal: Terminal): Promise<readonly [string, string, string]> {
    const begin = terminal.screen.raw().length;
    const stopped = await stoppedAt(project, terminal, '/');
    const source = terminal.screen.raw().slice(begin);
    await command(terminal, 'l');
    const listed = terminal.screen.raw().slice(begin + source.length);
    await goOn(terminal, stopped);
    const middle = terminal.screen.raw().length;
    const failed = await stoppedAt(project, terminal, '/fails');
    const exception = terminal.screen.raw().slice(middle);
    await goOn(terminal, failed);
    return [source, listed, exception];
  }

  test('where the terminal shows them: the source from 3.14 on, an exception from 3.13 on', async () => {
    const terminal = await project.up([], { env: { NO_COLOR: '' } });
    const [source, listed, exception] = await shownTo(terminal);
    expect([COLOUR.test(source), COLOUR.test(listed)]).toEqual([python === '3.14', python === '3.14']);
    expect(/\x1b\[[\d;]+mValueError/.test(exception)).toBe(python !== '3.11');
    expect(exception).toContain('coloured');
    // The same text as without.
    expect(terminal.screen.text()).toMatch(
      /\] GET \/fails\nValueError: coloured\n> \/app\/terminal\.py\(7\)application\(\)\n/,
    );
    expect(terminal.screen.text()).toMatch(/^ {2}8 {5} {4}value = 1$/m);
  });

  test('never through a pipe', async () => {
    const terminal = await project.up([], { env: { NO_COLOR: '' } });
    terminal.type(key.detach);
    await terminal.ended;
    const { response } = requested(project, '/fails');
    const { code, stdout } = await project.run(['attach', '--ansi', 'always', '--notify'], 'l\nc\n');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ValueError: coloured\n[\s\S]*\(Pdb\) l\n[\s\S]*\(Pdb\) c\n/m);
    expect(stdout).not.toMatch(/[\x1b\x07]|paused/);
    expect(await response).toMatchObject({ status: 500 });
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['NO_COLOR', [], {}],
    ['--ansi never', ['--ansi', 'never'], { NO_COLOR: '' }],
    ['TERM=dumb', [], { NO_COLOR: '', TERM: 'dumb' }],
  ])('none with %s', async (_name, args, env) => {
    const terminal = await project.up(args, { env });
    for (const shown of await shownTo(terminal)) expect(shown).not.toMatch(COLOUR);
  });

  test('an application that can’t be loaded, in colours or plain', async () => {
    for (const [env, coloured] of [
      [{ NO_COLOR: '' }, python !== '3.11'],
      [{}, false],
    ] as const) {
      project.write('broken.py', 'raise ValueError("broken")\n');
      const args = ['up', '--debug', '--port', '0', '--no-post-mortem', '--app', 'broken.py'];
      const terminal = await project.terminal(args, { env });
      expect(await terminal.ended).toMatchObject({ code: 1 });
      expect(terminal.screen.text()).toMatch(/Traceback \(most recent call last\):\n[\s\S]*ValueError: broken\n/);
      expect(/\x1b\[[\d;]+mValueError/.test(terminal.screen.raw())).toBe(coloured);
    }
  });
});

describe('bell, title and notice', () => {
  const project = useProject();

  beforeAll(async () => {
    project.write('terminal.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: terminal.py\n`);
    await project.build();
  });
  afterEach(() => project.clear());

  test('a stop rings and sets the title; steps move the title; where it goes on the old one is back', async () => {
    const terminal = await project.up();
    const stopped = await stoppedAt(project, terminal, '/');
    expect(terminal.screen.raw()).toMatch(/\x07\x1b\[22;0t\x1b\]0;paused terminal\.py:10 – /);
    expect(terminal.screen.raw()).not.toContain('\x1b]9;');
    await command(terminal, 'n');
    const stepped = terminal.screen.raw();
    expect([...stepped.matchAll(TITLE)].map(([, line]) => line)).toEqual(['10', '11']);
    expect(times(stepped, '\x07\x1b[22;0t')).toBe(1);
    await goOn(terminal, stopped);
    expect([times(terminal.screen.raw(), TITLE), times(terminal.screen.raw(), BACK)]).toEqual([4, 2]);
  });

  test('a desktop notice where it is asked for, by flag, file or variable', async () => {
    const notice = /\x1b\]9;paused terminal\.py:10 – [^\x07]+\x07/;
    // Whatever terminal runs the tests.
    const plain = { KITTY_WINDOW_ID: '', VTE_VERSION: '', TMUX: '', WSGI_DEV_NOTIFY: '' };
    const asked = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> => {
      const terminal = await project.up(args, { env: { ...plain, ...env } });
      const stopped = await stoppedAt(project, terminal, '/');
      expect(terminal.screen.raw()).toMatch(notice);
      await goOn(terminal, stopped);
      project.clear();
    };
    await asked(['--notify'], {});
    await asked([], { WSGI_DEV_NOTIFY: '1' });
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: terminal.py\ndebug: {notify: true}\n`);
    await asked([], {});
    // And of a terminal that attaches, as the server was started.
    const first = await project.up();
    first.type(key.detach);
    await first.ended;
    const second = await project.terminal(['attach'], { env: plain });
    await second.until(/Attached to [^\n]*\n/);
    const stopped = await stoppedAt(project, second, '/');
    expect(second.screen.raw()).toMatch(notice);
    await goOn(second, stopped);
  });

  test('who leaves in the midst of a stop has the old title; who comes back has the stop’s, without a bell', async () => {
    const terminal = await project.up();
    const stopped = await stoppedAt(project, terminal, '/');
    terminal.type(key.detach);
    await terminal.ended;
    expect([times(terminal.screen.raw(), '\x1b[22;0t'), times(terminal.screen.raw(), BACK)]).toEqual([1, 1]);
    const back = await project.terminal(['attach']);
    await back.until(PROMPT);
    await command(back, 'p value');
    expect(back.screen.raw()).toMatch(/\x1b\[22;0t\x1b\]0;paused terminal\.py:10 – /);
    expect(back.screen.raw()).not.toContain('\x07\x1b[22;0t');
    process.kill(back.pid, 'SIGHUP');
    await back.ended;
    expect(times(back.screen.raw(), BACK)).toBe(1);
    const last = await project.terminal(['attach']);
    await last.until(PROMPT);
    expect(await goOn(last, stopped)).toMatchObject({ status: 200 });
    expect(times(last.screen.raw(), BACK)).toBe(1);
  });

  test('an Apache that dies at a prompt, and a server that is taken down there', async () => {
    const terminal = await project.up();
    requested(project, '/');
    await terminal.until(PROMPT);
    const again = project.nextReady();
    terminal.type('os.kill(os.getpid(), 9)\r');
    await again;
    await terminal.until(/starting it again\n/);
    expect(times(terminal.screen.raw(), BACK)).toBe(1);
    requested(project, '/');
    await terminal.until(PROMPT);
    expect(await project.run(['down'])).toMatchObject({ code: 0 });
    await terminal.ended;
    expect([times(terminal.screen.raw(), '\x1b[22;0t'), times(terminal.screen.raw(), BACK)]).toEqual([2, 2]);
  });

  test.each(['dumb', 'linux'])('nothing of it with TERM=%s', async (term) => {
    const terminal = await project.up(['--notify'], { env: { TERM: term } });
    const stopped = await stoppedAt(project, terminal, '/');
    await goOn(terminal, stopped);
    // But for the test's own.
    const raw = terminal.screen.raw().replace(/\x1b\]7118;[^\x07]*\x07/g, '');
    expect(raw).not.toMatch(/\x07|\x1b\[2[23];0t|\x1b\]0;|paused terminal/);
  });
});
