import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { command, PROMPT } from '../helpers/prompt.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

vi.setConfig({ testTimeout: 120_000 });

const application = `\
import os
import time
from urllib.parse import parse_qs


class Cart:
    pass


def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    headers = [("Content-Type", "text/plain")]
    if path == "/login":
        form = parse_qs(environ["wsgi.input"].read().decode())
        breakpoint()
        user = form["user"][0]
        greeting = f"Hello, {user}"
        start_response("303 See Other", [*headers, ("Location", f"/cart?user={user}"), ("Set-Cookie", "sid=s3cr3t-session")])
        return [greeting.encode()]
    if path == "/cart":
        if "sid=s3cr3t-session" not in environ.get("HTTP_COOKIE", ""):
            raise PermissionError("who are you?")
        item = query.partition("=")[2]
        raise LookupError(f"no item {item}")
    if path == "/slow":
        print("slow now", flush=True)
        while path:
            time.sleep(0.01)
    if path == "/crash":
        os.abort()
    if path == "/parts":
        start_response("200 OK", headers)
        return parts()
    start_response("200 OK", headers)
    return [b"fine"]


def parts():
    yield b"first"
    raise OSError("no more")
`;

const project = useProject();
beforeAll(() => {
  project.write('wsgi.py', application);
  project.write('shop.env', 'DB_PASSWORD=dbpw4711\n');
});
afterEach(() => project.clear());

/** Sends a request whose response may come late, and returns its status. */
async function send(path: string, init: RequestInit = {}): Promise<number> {
  const response = await fetch(new URL(path, project.url()), { redirect: 'manual', ...init });
  // A body that breaks off.
  await response.text().catch(() => '');
  return response.status;
}

/** Ctrl-C twice: the session ends, and the file is there. */
async function end(terminal: Terminal): Promise<void> {
  terminal.type(key.ctrlC);
  await terminal.until(/Ctrl-C again/);
  terminal.type(key.ctrlC);
  await terminal.until(/Recorded in /);
  expect((await terminal.ended).code).toBe(0);
}

async function replayed(file: string): Promise<string> {
  const { code, stdout, stderr } = await project.run(['ci', file]);
  expect(code, `${stdout}${stderr}${readFileSync(join(project.directory, file), 'utf8')}`).toBe(0);
  return stdout;
}

test('what a person does is written down without a secret, and passes as a scenario', async () => {
  const terminal = await project.up(['--record', 'bug.yaml', '--mask', 'Lovelace', '--env-file', 'shop.env']);
  const login = send('/login?next=%2F', {
    method: 'POST',
    body: new URLSearchParams({ user: 'ada', password: 'hunter2!' }),
  });
  await terminal.until(PROMPT);
  await command(terminal, 'p form["user"]');
  await command(terminal, 'p form');
  await command(terminal, 'p Cart(), time.time()');
  await command(terminal, 'x = {"name": "Lovelace", "password": "sw0rdfish"}; len(x)');
  await command(terminal, `p "${'long '.repeat(40)}"`);
  await command(terminal, 'print(os.environ["DB_PASSWORD"])');
  await command(terminal, 'n');
  await command(terminal, 'p user');
  terminal.type('c\r');
  expect(await login).toBe(303);
  const cart = send('/cart?item=3', { headers: { Cookie: 'sid=s3cr3t-session' } });
  await terminal.until(PROMPT);
  await command(terminal, 'p item');
  terminal.type(key.ctrlD);
  await cart;
  const slow = send('/slow');
  await terminal.until(/slow now/);
  terminal.type(key.ctrlC);
  await terminal.until(PROMPT);
  await command(terminal, 'path = ""');
  terminal.type('c\r');
  expect(await slow).toBe(200);
  const parts = send('/parts');
  await terminal.until(PROMPT);
  terminal.type('c\r');
  await parts;
  await terminal.until(/"GET \/parts[^\n]*ms\n/);
  await end(terminal);

  const path = join(project.directory, 'bug.yaml');
  const text = readFileSync(path, 'utf8');
  expect(text).not.toMatch(/hunter2|dbpw4711|s3cr3t|sw0rdfish|Lovelace/);
  expect(text).toContain('path: /login?next=%2F');
  expect(text).toContain('exception: "LookupError: no item 3"');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await replayed('bug.yaml')).toContain('1 passed');
});

test.each<[string, (terminal: Terminal) => void]>([
  ['by a signal', ({ pid }) => void process.kill(pid, 'SIGTERM')],
  ['by detaching', (terminal) => terminal.type(key.detach)],
])('a session that ends at a prompt, %s, is written down as well', async (how, leave) => {
  const file = `${how.replaceAll(' ', '-')}.yaml`;
  const terminal = await project.up(['--record', file, '--break', 'wsgi.py:12']);
  const request = send('/').catch(() => 0);
  await terminal.until(PROMPT);
  await command(terminal, 'p path');
  leave(terminal);
  await terminal.until(/Recorded in /);
  expect((await terminal.ended).code).toBe(0);
  project.clear();
  await request;
  expect(await replayed(file)).toContain('1 passed');
});

test('a request that an earlier session left at its prompt is no part of the recording', async () => {
  const first = await project.up(['--record', 'first.yaml', '--break', 'wsgi.py:12']);
  const left = send('/');
  await first.until(PROMPT);
  first.type(key.detach);
  await first.until(/Recorded in /);
  await first.ended;
  const terminal = await project.up(['--record', 'second.yaml', '--break', 'wsgi.py:12']);
  await terminal.until(PROMPT);
  await command(terminal, 'n');
  terminal.type('c\r');
  expect(await left).toBe(200);
  const request = send('/?own');
  await terminal.until(PROMPT);
  await command(terminal, 'p query');
  terminal.type('c\r');
  await request;
  await end(terminal);
  const text = readFileSync(join(project.directory, 'second.yaml'), 'utf8');
  expect(text).toContain('# Stops of a request that came before the recording');
  expect(text.match(/- stop:/g)).toHaveLength(1);
  expect(await replayed('second.yaml')).toContain('1 passed');
});

test('a process that crashes is noted, and what came before it is kept', async () => {
  const terminal = await project.up(['--record', 'crash.yaml']);
  const request = send('/crash').catch(() => 0);
  await terminal.until(/starting it again[\s\S]*wsgi-dev: ready again/);
  await request;
  await end(terminal);
  const text = readFileSync(join(project.directory, 'crash.yaml'), 'utf8');
  expect(text).toContain('- request: GET /crash');
  expect(text).toContain("# Behind this: The application's process ended here (SIGABRT)");
});

test('nothing is left where no request came', async () => {
  const { code, stderr } = await project.run([
    'up',
    '--debug',
    '--port',
    '0',
    '--record',
    'none.yaml',
    '--wait-timeout',
    '0.001',
  ]);
  expect(code).toBe(124);
  expect(stderr).toContain('Nothing was recorded');
  expect(existsSync(join(project.directory, 'none.yaml'))).toBe(false);
});

test.each([
  [['up', '--debug', '--record', 'there.yaml'], 'there.yaml exists'],
  [['up', '--debug', '--record', 'no/such/file.yaml'], "no/such/file.yaml can't be written"],
  [['up', '--record', 'x.yaml'], '--record needs --debug'],
  [['up', '--debug', '-d', '--record', 'x.yaml'], '--record and -d exclude each other'],
  [['up', '--debug', '--mask', 'x'], '--mask needs --record'],
  [['up', '--debug', '--record', 'x.yaml', '--mask', '('], 'It takes a JavaScript regular expression'],
  [['up', '--debug', '--record', 'x.yaml', '--debugger', 'ipdb'], '--record knows pdb only'],
])('%j is refused before anything starts', async (args, message) => {
  writeFileSync(join(project.directory, 'there.yaml'), 'mine\n');
  const { code, stderr } = await project.run(args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  expect(readFileSync(join(project.directory, 'there.yaml'), 'utf8')).toBe('mine\n');
  expect(existsSync(join(project.directory, 'x.yaml'))).toBe(false);
  expect(project.container()).toBeUndefined();
});
