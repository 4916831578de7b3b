import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, PROMPT, requested } from '../helpers/prompt.ts';
import type { Terminal } from '../helpers/pty.ts';
import { type SessionProject, useProject } from '../helpers/session-project.ts';

const SOURCE = readFileSync(join(import.meta.dirname, 'debugger-apps/postmortem.py'), 'utf8');
const lineOf = (mark: string): number => SOURCE.split('\n').findIndex((line) => line.endsWith(`# ${mark}`)) + 1;

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
  return shown.replace(/^\[[^\n]*?\] (?=mod_wsgi)/gm, '').replace(/pid=\d+|\d+(?:\.\d+)? ms|0x[0-9a-f]+/g, '');
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

describe.each(['3.11', '3.14'])('on Python %s', (python) => {
  const project = useProject();
  let terminal: Terminal;
  let without: ReadonlyMap<string, readonly [Outcome, string]>;

  beforeAll(async () => {
    project.write('postmortem.py', SOURCE);
    project.write('wsgi-dev.yaml', `name: ${project.name}\napp: postmortem.py\npython: "${python}"\n`);
    without = await baseline(project);
    terminal = await project.up(['--app', 'postmortem.py']);
  });
  afterAll(() => project.clear());

  test.each(cases)('$path', async ({ path, at, mark, secret = `local of ${path}`, headline = `ValueError: ${path}` }) => {
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
    expect((await logged(project, terminal)).replace(/^c\n/, '')).toBe(log);
  });
});

const PROMPT_AFTER = /[\s\S]*?\(Pdb\) $/;
