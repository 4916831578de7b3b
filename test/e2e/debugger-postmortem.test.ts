import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, goOn, PROMPT, requested } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { testedOn, traces } from '../helpers/pythons.ts';
import { type SessionProject, useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/postmortem.py'), 'utf8');
const lineOf = (mark: string): number => SOURCE.split('\n').findIndex((line) => line.endsWith(`# ${mark}`)) + 1;

/** All that is shown up to the prompt. */
const PROMPT_AFTER = /[\s\S]*?\(Pdb\) $/;

interface Case {
  readonly path: string;
  /** The function that it stops in. */
  readonly at: string;
  /** The comment at the end of the line. */
  readonly mark: string;
  /** What `secret` is there. */
  readonly secret?: string;
  /** The exception as the header tells it. */
  readonly headline?: string;
}

const own = (path: string, at = path, rest: Partial<Case> = {}): Case => ({
  path,
  at,
  mark: `here ${path}`,
  ...rest,
});
const shared = (path: string, value = path): Case => ({
  path,
  at: 'fails',
  mark: 'here',
  secret: `local of ${value}`,
  headline: `ValueError: ${value}`,
});

const cases: readonly Case[] = [
  own('call'),
  shared('deeper'),
  own('started'),
  own('first', 'body'),
  own('later', 'body'),
  own('lazy'),
  own('iterator', '__next__'),
  own('iterable', '__iter__'),
  own('close', 'close'),
  own('listclose', 'close'),
  own('write'),
  own('badwrite', 'badwrite', { headline: 'TypeError: ' }),
  own('badstart', 'badstart', { headline: 'TypeError: ' }),
  own('file', 'read'),
  shared('answered'),
  shared('late'),
  own('cause', 'cause', { headline: "KeyError: 'cause'" }),
  own('context', 'context', { headline: "KeyError: 'context'" }),
  own('leave', 'leave', { headline: 'SystemExit: leave' }),
  own('nested', 'body', { mark: 'here first', secret: 'local of first', headline: 'ValueError: first' }),
  shared('reentrant'),
  own('group', 'group', { headline: 'ExceptionGroup: group (3 sub-exceptions)\n' }),
];

/** What the client gets: a response, or an end in the middle of one. */
type Outcome = { readonly status: number; readonly body: string } | { readonly broken: string };

async function outcome(response: Promise<Outcome>): Promise<Outcome> {
  return await response.catch((error: NodeJS.ErrnoException) => ({ broken: error.code ?? error.message }));
}

/** What the terminal shows of one request up to the next one's line: without times and process ids. */
async function logged(project: SessionProject, terminal: Terminal): Promise<string> {
  expect(await project.get('/fine?next')).toEqual({ status: 200, body: 'fine next\n' });
  const [shown] = await terminal.until(/[\s\S]*"GET \/fine[^\n]*ms\n/);
  return shown
    .slice(shown.startsWith('c\n') ? 2 : 0)
    .replace(/^\[[^\n]*?\d\d:\d\d:\d\d\] /gm, '')
    .replace(/pid=\d+| \d+ ms|0x[0-9a-f]+/g, '');
}

/** The same server without the debugger: what each request then brings, and what it logs. */
async function baseline(project: SessionProject): Promise<ReadonlyMap<string, readonly [Outcome, string]>> {
  const terminal = await project.up(['--app', 'postmortem.py', '--no-post-mortem']);
  await logged(project, terminal);
  const found = new Map<string, readonly [Outcome, string]>();
  for (const { path } of cases) {
    found.set(path, [await outcome(project.get(`/${path}`)), await logged(project, terminal)]);
  }
  project.clear();
  return found;
}

describe.each(testedOn('3.11', '3.14'))('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  let without: ReadonlyMap<string, readonly [Outcome, string]>;

  beforeAll(async () => {
    project.write('postmortem.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: postmortem.py\npython: "${python}"\n`);
    await project.build();
    without = await baseline(project);
    terminal = await project.up(['--app', 'postmortem.py']);
  });
  afterAll(() => project.clear());

  // Exception groups are of Python 3.11.
  test.each(cases.filter(({ path }) => path !== 'group' || python !== '3.9'))(
    '$path',
    async ({ path, at, mark, secret = `local of ${path}`, headline = `ValueError: ${path}` }) => {
      const { response } = requested(project, `/${path}`);
      const ended = outcome(response);
      const [shown] = await terminal.until(PROMPT_AFTER);
      expect(shown).toContain(`] GET /${path}\n${headline}`);
      expect(shown).toContain(`> /app/postmortem.py(${lineOf(mark)})${at}()`);
      await command(terminal, 'p secret', new RegExp(`\\n'${secret}[^\\n]*'\\n\\(Pdb\\) $`));
      terminal.type('w\r');
      expect((await terminal.until(PROMPT_AFTER))[0]).not.toContain('wsgi_dev_runner');
      terminal.type('c\r');
      const [wanted, log] = without.get(path) ?? [];
      expect(await ended).toEqual(wanted);
      expect(await logged(project, terminal)).toBe(log);
      // Before Python 3.11 one frame stays.
      if (python !== '3.9') expect(log).not.toContain('wsgi_dev_runner');
    },
  );

  test.skipIf(python === '3.9')('the members of a group are listed', async () => {
    const members = requested(project, '/group');
    const place = `at /app/postmortem\\.py:${lineOf('here')}\\n`;
    await terminal.until(
      new RegExp(`  \\[0\\] ValueError: one ${place}  \\[1\\] ValueError: two ${place}  \\[2\\] ExceptionGroup: inner`),
    );
    await terminal.until(PROMPT);
    await goOn(terminal, members);
  });

  test('each exception of a chain can be looked at from 3.13 on', async () => {
    const chained = requested(project, '/cause');
    await terminal.until(PROMPT);
    if (!traces(python)) {
      await command(terminal, 'exceptions', /0 ValueError\('the cause'\)\n> +1 KeyError\('cause'\)\n\(Pdb\) $/);
      await command(terminal, 'exceptions 0', /> \/app\/postmortem\.py\(\d+\)fails\(\)[\s\S]*\(Pdb\) $/);
      await command(terminal, 'p secret', /'local of the cause'\n\(Pdb\) $/);
    }
    expect(await goOn(terminal, chained)).toMatchObject({ status: 500 });
  });

  test('what a library raises stops in the library, the application above it', async () => {
    const stopped = requested(project, '/library');
    await terminal.until(/JSONDecodeError: [\s\S]*json\/decoder\.py\(\d+\)raw_decode\(\)[\s\S]*\(Pdb\) $/);
    for (const caller of ['decode', 'loads']) {
      await command(terminal, 'u', new RegExp(`\\)${caller}\\(\\)\\n[^\\n]*\\n\\(Pdb\\) $`));
    }
    await command(terminal, 'u', /library\(\)\n-> return json\.loads[^\n]*\n\(Pdb\) $/);
    await command(terminal, 'p secret', /'local of library'\n\(Pdb\) $/);
    expect(await goOn(terminal, stopped)).toMatchObject({ status: 500 });
  });

  test('q ends it as c does', async () => {
    await logged(project, terminal);
    const { response } = requested(project, '/call');
    await terminal.until(PROMPT);
    terminal.type('q\r');
    expect(await response).toEqual(without.get('call')?.[0]);
    expect((await logged(project, terminal)).replace(/^q\n/, '')).toBe(without.get('call')?.[1]);
  });

  test('what the application deals with itself is no stop, nor is a value that only the server refuses', async () => {
    expect(await project.get('/caught?1')).toEqual({ status: 200, body: 'fine 1\n' });
    expect(await outcome(project.get('/nothing'))).toMatchObject({ status: 500 });
    expect(await logged(project, terminal)).not.toContain('(Pdb)');
  });

  test.each([
    ['/endless', 'GET /endless HTTP/1.0\r\n\r\n', 'the endless one was closed'],
    ['/written', 'GET /written HTTP/1.0\r\n\r\n', 'the writing one was ended'],
    ['/upload', 'POST /upload HTTP/1.0\r\nContent-Length: 100\r\n\r\npart', 'the upload was ended'],
  ])('a client that hangs up is no stop: %s', async (path, sent, ended) => {
    const socket = connect(Number(new URL(project.url()).port), '127.0.0.1');
    socket.write(sent);
    if (path === '/upload') await terminal.until(/reading\n/);
    else await once(socket, 'data');
    socket.destroy();
    await terminal.until(new RegExp(`${ended}\\n`));
    expect(await logged(project, terminal)).not.toContain('(Pdb)');
  });

  test('a syntax error in what it imports stops while it is loaded, and then ends `up`', async () => {
    project.clear();
    project.write('broken.py', 'def (:\n');
    project.write('start.py', 'secret = "at start"\nimport broken\n');
    const failing = await project.terminal(['up', '--debug', '--port', '0', '--app', 'start.py:application']);
    const [shown] = await failing.until(PROMPT_AFTER);
    expect(shown).toMatch(/^SyntaxError: /m);
    expect(shown).toContain('> /app/start.py(2)<module>()');
    await command(failing, 'p secret', /\n'at start'\n\(Pdb\) $/);
    failing.type('c\r');
    expect(await failing.ended).toMatchObject({ code: 1 });
    expect(failing.screen.text()).toContain('start.py');
    expect(project.container()).toBeUndefined();
  });
});
