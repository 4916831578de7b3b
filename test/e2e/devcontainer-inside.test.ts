import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Devcontainer, devcontainerImage, makeDevcontainer, OWNER } from '../helpers/devcontainer.ts';
import { buildTestImage, ensureSuite, testImage } from '../helpers/images.ts';
import { key, type Terminal } from '../helpers/pty.ts';
import { get, type Response } from '../helpers/session-project.ts';

const APP = resolve(import.meta.dirname, 'app');
const PROMPT = /\(Pdb\) $/;
/** The container's own addresses: the engine publishes the port. */
const OUTSIDE = ['--port', '0.0.0.0:8000', '--allow-remote-debug'];
const SLOW = 30_000;

let dev: Devcontainer;
beforeAll(async () => {
  await ensureSuite('bookworm');
  dev = await makeDevcontainer(APP, devcontainerImage('wsgi-dev/base:bookworm'), {
    features: { './wsgi-dev': {} },
    postCreateCommand: '/opt/wsgi-dev-venv/bin/python -m pip --version >/tmp/pip',
  });
  await dev.up();
});
afterEach(async () => {
  await dev.exec('wsgi-dev', 'down');
  dev.close();
});
afterAll(() => dev?.remove());

async function debugging(...args: readonly string[]): Promise<Terminal> {
  const terminal = await dev.terminal(['wsgi-dev', 'up', '--debug', ...OUTSIDE, ...args]);
  await terminal.until(/Ready: http:\/\/127\.0\.0\.1:8000\/ \(debug; Ctrl-C twice stops it\)\n/, SLOW);
  return terminal;
}

/** A request that waits; in an object, so that awaiting that doesn't wait for the answer too. */
function request(path: string): { readonly response: Promise<Response> } {
  const response = get(dev.url(path));
  response.catch(() => undefined);
  return { response };
}

test('up --debug: a request from outside stops at the prompt, Ctrl-C stops another one, twice ends it', async () => {
  const terminal = await debugging();
  const events: string[] = [];
  terminal.screen.onOsc(7117, (text) => void events.push(text));

  const stop = request('/stop?Ada');
  await terminal.until(/\[1\] GET \/stop\?Ada\n> \/workspaces\/[^\n]*wsgi\.py\(\d+\)stop\(\)\n/);
  await terminal.until(PROMPT);
  terminal.type('p name\r');
  await terminal.until(/'Ada'\n\(Pdb\) $/);
  terminal.type('c\r');
  expect(await stop.response).toEqual({ status: 200, body: 'Hello, Ada!\n' });
  await terminal.until(/"GET [^\n]*ms\n/);

  const busy = request('/busy');
  await terminal.until(/busy now\n/);
  terminal.type(key.ctrlC);
  await terminal.until(PROMPT);
  terminal.type('going = False\r');
  await terminal.until(PROMPT);
  terminal.type('c\r');
  expect(await busy.response).toEqual({ status: 200, body: 'busy done\n' });
  await terminal.until(/"GET [^\n]*ms\n/);

  terminal.type(key.ctrlC);
  await terminal.until(/Press Ctrl-C again to stop the server\n/);
  terminal.type(key.ctrlC);
  const { code, modesBefore, modesAfter } = await terminal.ended;
  expect([code, modesAfter]).toEqual([0, modesBefore]);
  expect(events).toEqual([]);
  expect((await dev.exec('wsgi-dev', 'ps')).stdout).toBe('NAME  MODE  URL  STATUS\n');
});

test('at the prompt: ps says where, break sets a place, a second up is refused, down ends it', async () => {
  const terminal = await debugging('--break', 'wsgi.py:30');
  const stop = request('/stop');
  await terminal.until(PROMPT);
  const [row] = (await dev.exec('wsgi-dev', 'ps', '--format', 'json')).stdout.split('\n');
  expect(JSON.parse(row ?? '')).toMatchObject({
    state: 'paused',
    mode: 'debug',
    paused: { file: 'wsgi.py', function: 'stop' },
  });
  expect((await dev.exec('wsgi-dev', 'break', 'wsgi:plain')).stdout).toBe('wsgi.py:30\nwsgi:plain\n');
  expect((await dev.exec('wsgi-dev', 'break', '--clear', 'wsgi.py:30')).stdout).toBe('wsgi:plain\n');
  const second = await dev.exec('wsgi-dev', 'up');
  expect([second.code, second.stderr]).toEqual([
    1,
    expect.stringMatching(/is up already: http:\/\/127\.0\.0\.1:8000\//),
  ]);
  terminal.type('c\r');
  await stop.response;

  const plain = request('/plain?1');
  await terminal.until(/> \/workspaces\/[^\n]*plain\(\)\n/);
  await terminal.until(PROMPT);
  expect((await dev.exec('wsgi-dev', 'down')).stderr).toMatch(/^Took down /);
  expect((await terminal.ended).code).toBe(0);
  await expect(plain.response).rejects.toThrow();
});

test('an exception stops where it was raised, unless --no-post-mortem lets it go', async () => {
  dev.write('failing.py', 'def application(environ, start_response):\n    raise KeyError("missing")\n');
  const terminal = await debugging('--app', 'failing:application');
  const response = request('/');
  await terminal.until(/KeyError: 'missing'\n/);
  await terminal.until(PROMPT);
  terminal.type('c\r');
  expect((await response.response).status).toBe(500);
  await dev.exec('wsgi-dev', 'down');
  await terminal.ended;

  const other = await debugging('--app', 'failing:application', '--no-post-mortem');
  expect((await request('/').response).status).toBe(500);
  expect(other.unread()).not.toMatch(/\(Pdb\)/);
});

test('up -d serves in the background as the project’s owner, without capabilities, and sees edits', async () => {
  dev.write(
    'counted.py',
    'def application(environ, start_response):\n    start_response("200 OK", [])\n    return [b"one"]\n',
  );
  // Root gives itself up.
  const id = dev.docker('ps', '-q', '--no-trunc', '--filter', `label=devcontainer.local_folder=${dev.directory}`);
  const up = dev.docker(
    'exec',
    '-u',
    '0',
    '-w',
    dev.inside,
    id,
    'wsgi-dev',
    'up',
    '-d',
    '-p',
    '0.0.0.0:8000',
    '--app',
    'counted.py',
  );
  expect(up).toBe('http://127.0.0.1:8000/');
  expect(await request('/').response).toEqual({ status: 200, body: 'one' });
  const status = dev.docker(
    'exec',
    id,
    'sh',
    '-c',
    'for p in $(pidof apache2); do grep -E "^(Uid|CapEff)" /proc/$p/status; done',
  );
  expect(new Set(status.split('\n'))).toEqual(
    new Set([`Uid:\t${[1, 2, 3, 4].map(() => OWNER).join('\t')}`, `CapEff:\t${'0'.repeat(16)}`]),
  );
  const [row] = (await dev.exec('wsgi-dev', 'ps', '--format', 'json')).stdout.split('\n');
  expect(JSON.parse(row ?? '')).toMatchObject({ state: 'running', mode: 'serve' });
});

test('check runs the application in each way, and says what would not work elsewhere', async () => {
  dev.write(
    'printing.py',
    'def application(environ, start_response):\n    print("here")\n    start_response("200 OK", [("Content-Type", "text/plain")])\n    return [b"there"]\n',
  );
  const found = await dev.exec('wsgi-dev', 'check', '--app', 'printing:application');
  expect(found.stdout).toMatch(/^printing\.py:2 {2}print\("here"\)\n {2}problem: [^\n]*\[stdout\]\n/m);
  expect(found.stdout).toMatch(/\n\d problems? in 1 file \(GET \/ 200; [\d.]+ s\)\n$/);
  expect(found.code).toBe(1);

  dev.write('sound.py', readFileSync(join(dev.directory, 'printing.py'), 'utf8').replace(/.*print.*\n/, ''));
  const sound = await dev.exec('wsgi-dev', 'check', '/a?b=1', '--app', 'sound:application', '--format', 'json');
  expect([sound.code, JSON.parse(sound.stdout)]).toEqual([
    0,
    expect.objectContaining({
      findings: [],
      answers: [{ request: 'GET /a?b=1', path: '/a?b=1', status: 200 }],
      passes: ['observe', 'files', 'validate', 'parallel', 'cgi', 'restricted', 'deployed'],
    }),
  ]);
});

test.each([
  [['up', '--debug'], 2, /--debug needs a terminal/],
  [['up', '--debug', '-d'], 2, /-d with --debug: the prompt is on the terminal/],
  [['up', '--debug', '--debugger', 'debugpy', '-p', '0.0.0.0:8000'], 2, /others could reach the application/],
  [['up', '--app', 'nothing:application'], 1, /could not be loaded: [^\n]*No module named 'nothing'/],
  [['up', '--image', 'debian'], 2, /--image: the image is what devcontainer\.json says/],
  [['attach'], 2, /isn't for the inside of a devcontainer/],
  [['check', 'cart'], 2, /cart: expected the path of a request/],
  [['break', 'here'], 1, /is not running/],
  [['upp'], 2, /invalid choice: 'upp'/],
  [['down'], 0, /is not running: nothing to take down/],
])('%j: exit code %i', async (args, code, said) => {
  const ran = await dev.exec('wsgi-dev', ...args);
  expect([ran.code, ran.stderr]).toEqual([code, expect.stringMatching(said)]);
});

test('the Feature a second time changes nothing', async () => {
  const id = await dev.up();
  const install = `cd ${dev.inside}/.devcontainer/wsgi-dev && _REMOTE_USER=dev ./install.sh`;
  const before = dev.docker('exec', id, 'sh', '-c', 'dpkg -l | sha256sum; stat -c %i /opt/wsgi-dev-venv');
  expect(dev.docker('exec', '-u', '0', id, 'sh', '-c', `${install} 2>/dev/null`)).toMatch(/^wsgi-dev \d+\.\d+\.\d+/);
  expect(dev.docker('exec', id, 'sh', '-c', 'dpkg -l | sha256sum; stat -c %i /opt/wsgi-dev-venv')).toBe(before);
  expect((await dev.exec('wsgi-dev', 'version')).code).toBe(0);
  expect((await dev.exec('/opt/wsgi-dev-venv/bin/pip', '--version')).code).toBe(0);
});

describe('on an image with a Python of its own', () => {
  let other: Devcontainer;
  beforeAll(async () => {
    await buildTestImage('official', 'bookworm');
    const image = devcontainerImage(testImage('official'), 'RUN update-ca-certificates');
    other = await makeDevcontainer(APP, image, { features: { './wsgi-dev': { modWsgi: '5.0.2' } } });
    await other.up();
  });
  afterAll(() => other?.remove());

  test('mod_wsgi is compiled for that, and its packages are in reach', async () => {
    other.write(
      'which.py',
      'import sys, brought\n\n\ndef application(environ, start_response):\n    start_response("200 OK", [])\n    return [f"{sys.version_info[:2]} {brought.NAME} {environ[\'mod_wsgi.version\']}".encode()]\n',
    );
    const up = await other.exec('wsgi-dev', 'up', '-d', '-p', '0.0.0.0:8000', '--app', 'which:application');
    expect([up.code, up.stderr]).toEqual([0, expect.stringContaining('Ready')]);
    expect((await get(other.url('/'))).body).toBe('(3, 13) brought (5, 0, 2)');
  });
});
