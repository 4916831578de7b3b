import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Devcontainer, devcontainerImage, makeDevcontainer } from '../helpers/devcontainer.ts';
import { editors } from '../helpers/editor.ts';
import { ensureSuite } from '../helpers/images.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { get, type Response } from '../helpers/session-project.ts';

const APPS = resolve(import.meta.dirname, 'debugger-apps');
const SOURCE = readFileSync(join(APPS, 'others.py'), 'utf8').split('\n');
const lineOf = (text: string): number => SOURCE.findIndex((line) => line.trim() === text) + 1;
const OUTSIDE = ['--port', '0.0.0.0:8000', '--allow-remote-debug', '--app', 'others.py'];
/** The first stop of a process loads the debugger, on a machine that may be busy. */
const LOADED_MS = 40_000;
const IPDB = /\nipdb> $/;

let dev: Devcontainer;
let client: Awaited<ReturnType<typeof editors>>;
beforeAll(async () => {
  await ensureSuite('bookworm');
  client = await editors();
  dev = await makeDevcontainer(APPS, devcontainerImage('wsgi-dev/base:bookworm'), {
    features: { './wsgi-dev': {} },
  });
  await dev.up();
  dev.write('library.py', '');
  const without = await dev.exec('wsgi-dev', 'up', '-d', '--debug', '--debugger', 'debugpy', '--app', 'others.py');
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('`wsgi-dev install debugpy`')]);
  const { code, stderr } = await dev.exec('wsgi-dev', 'install', 'ipdb', 'pudb', 'debugpy');
  if (code !== 0) throw new Error(stderr);
});
afterEach(async () => {
  await dev.exec('wsgi-dev', 'down');
  dev.close();
});
afterAll(() => {
  client?.remove();
  dev?.remove();
});

async function debugging(...args: readonly string[]): Promise<Terminal> {
  const terminal = await dev.terminal(['wsgi-dev', 'up', '--debug', ...OUTSIDE, ...args], { columns: 120, rows: 40 });
  await terminal.until(/Ready: /, LOADED_MS);
  return terminal;
}

/** A request that waits; in an object, so that awaiting that doesn't wait for the answer too. */
function request(path: string): { readonly response: Promise<Response> } {
  const response = get(dev.url(path));
  response.catch(() => undefined);
  return { response };
}

test('ipdb: the prompt with Tab, the next request, and Ctrl-C in one that runs', async () => {
  const terminal = await debugging('--debugger', 'ipdb');
  const first = request('/stop');
  await terminal.until(/> \/workspaces\/[^\n]*others\.py\(\d+\)stop[\s\S]*\nipdb> $/, LOADED_MS);
  terminal.type(`na${key.tab}`);
  await terminal.until(/^name$/, LOADED_MS);
  terminal.type('\r');
  await terminal.until(/\n'by breakpoint'\nipdb> $/);
  terminal.type('$request["PATH_INFO"]\r');
  await terminal.until(/\n'\/stop'\nipdb> $/);
  terminal.type('c\r');
  expect(await first.response).toEqual({ status: 200, body: 'by breakpoint' });
  await terminal.until(/"GET [^\n]*ms\n/);

  const busy = request('/busy');
  await terminal.until(/busy now\n/);
  terminal.type(key.ctrlC);
  await terminal.until(IPDB);
  terminal.type('GOING.clear()\r');
  await terminal.until(IPDB);
  terminal.type('c\r');
  expect(await busy.response).toEqual({ status: 200, body: 'busy no more' });
  await terminal.until(/"GET [^\n]*ms\n/);
  terminal.type(key.ctrlC);
  await terminal.until(/again/);
  terminal.type(key.ctrlC);
  const { code, modesBefore, modesAfter } = await terminal.ended;
  expect([code, modesAfter]).toEqual([0, modesBefore]);
});

test('pudb: a full screen, a step, and the usual screen afterwards', async () => {
  const terminal = await debugging('--debugger', 'pudb');
  const { response } = request('/stop');
  await terminal.shows(/PuDB [\s\S]*>> stop others\.py:\d+/, LOADED_MS);
  await terminal.shows(/name: 'by breakpoint'/);
  terminal.type('c');
  expect(await response).toEqual({ status: 200, body: 'by breakpoint' });
  await terminal.until(/"GET [^\n]*ms\n/);
  expect(terminal.screen.isFull()).toBe(false);
});

test('debugpy: an editor attaches on the forwarded port, and stops at its breakpoint', async () => {
  const terminal = await debugging('--debugger', 'debugpy', '--debugger-port', '0.0.0.0:5678');
  await terminal.until(/debugpy waits for an editor on [\d.]+:5678\n/);
  const line = lineOf('total = first + second');
  const port = Number(dev.address(5678).split(':')[1]);
  const editor = await client.attach(port, dev.directory, 'others.py', [line], dev.inside);
  const { response } = request('/place');
  const halt = await editor.stopped();
  expect(halt.frames[0]).toMatchObject({ name: 'add', line, path: join(dev.directory, 'others.py') });
  expect(halt.frames.map(({ name }) => name)).toEqual(['add', 'place', 'application']);
  expect(await editor.evaluate(halt, 'first + second')).toBe('42');
  await editor.continue(halt);
  expect(await response).toEqual({ status: 200, body: '42' });
  await editor.leave();
});
