import { readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inContainer } from '../helpers/docker.ts';
import { answers, get, hello, makeProject, type Up } from '../helpers/project.ts';

const application = `
import os
import sys
from shop import prices

TITLE = "one"

def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/print":
        print("printed by", environ["mod_wsgi.process_group"])
        sys.stderr.write("complained\\n")
    if path == "/break":
        breakpoint()
    if path == "/raise":
        raise ValueError("asked for")
    if path == "/env":
        facts = (environ["wsgi.multithread"], environ["mod_wsgi.application_group"], os.getcwd(), sys.prefix)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [repr(facts).encode()]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{TITLE} {prices.PRICE} {os.getpid()}".encode()]
`;

describe('an application in serve mode', () => {
  const project = makeProject(
    {
      'wsgi.py': application,
      'shop/__init__.py': '',
      'shop/prices.py': 'PRICE = 10\n',
      'public/style.css': 'body {}\n',
      'wsgi-dev.yaml': 'app: wsgi:application\nserver:\n  static:\n    /static/: ./public\n',
    },
    { shared: true },
  );
  let up: Up;
  beforeAll(async () => {
    up = await project.up();
  });
  afterAll(project.remove);

  test('event MPM and daemon mode', async () => {
    const programs = await inContainer(up.container, ['sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "']);
    expect(programs).toMatch(/apache2 -f \/tmp\/wsgi-dev\/httpd.conf -DFOREGROUND/);
    expect(programs).toMatch(/\(wsgi:app-1\)/);
    const configuration = await inContainer(up.container, ['cat', '/tmp/wsgi-dev/httpd.conf']);
    expect(configuration).toMatch(/mpm_event_module/);
    expect((await get(up.url, '/env')).body).toBe("(True, '', '/app', '/opt/venv')");
  });

  test('SIGWINCH, by which Apache would stop, never reaches it', async () => {
    const send = 'p=$(cat /tmp/wsgi-dev/httpd.pid); kill -WINCH $p; grep ^ShdPnd /proc/$p/status';
    // Blocked since before its start, it only waits: the 28th bit.
    expect(await inContainer(up.container, ['sh', '-c', send])).toMatch(/ShdPnd:\s+0000000008000000/);
    expect((await get(up.url)).status).toBe(200);
  });

  test('an edited script and an edited module are served without a restart', async () => {
    const [, , pid] = (await get(up.url)).body.split(' ');
    project.write({ 'wsgi.py': application.replace('"one"', '"two"') });
    const { body } = await answers(up.url, /^two 10/);
    project.write({ 'shop/prices.py': 'PRICE = 12\n' });
    await answers(up.url, /^two 12/);
    expect(body.split(' ')[2]).not.toBe(pid);
    expect(await project.up()).toEqual({ ...up, changed: [] });
    const [container] = await project.containers();
    expect(container?.Id).toBe(up.container);
  });

  test('a syntax error answers 500 and is in the log; repaired, it serves again', async () => {
    const file = join(project.directory, 'shop/prices.py');
    const sound = readFileSync(file, 'utf8');
    writeFileSync(file, 'PRICE = = 12\n');
    const answer = await answers(up.url, /could not be loaded/);
    expect(answer.status).toBe(500);
    const { stdout } = await project.run(['logs']);
    expect(stdout).toMatch(/shop\/prices\.py", line 1\n.*PRICE = = 12/);
    expect((await project.run(['ps'])).stdout).toMatch(/failed/);
    writeFileSync(file, sound);
    expect(await answers(up.url, /^(one|two) 1/)).toMatchObject({ status: 200 });
  });

  test('print() and stderr go to the log; breakpoint() is passed over and says so', async () => {
    const log = project.start(['logs', '-f']);
    await log.stdoutSays(/resuming normal operations/);
    expect(await get(up.url, '/print')).toMatchObject({ status: 200 });
    await log.stdoutSays(/printed by app/);
    await log.stdoutSays(/complained/);
    expect(await get(up.url, '/break')).toMatchObject({ status: 200 });
    await log.stdoutSays(/breakpoint\(\) at \/app\/wsgi\.py:14 passed over: `wsgi-dev up --debug` stops there/);
    expect(await get(up.url, '/raise')).toMatchObject({ status: 500 });
    await log.stdoutSays(/ValueError: asked for/);
  });

  test('static files are Apache’s own, and nothing beside them', async () => {
    expect(await get(up.url, '/static/style.css')).toEqual({ status: 200, body: 'body {}\n' });
    expect(await get(up.url, '/static/missing.css')).toMatchObject({ status: 404 });
    expect(await get(up.url, '/static/..%2fwsgi.py')).toMatchObject({ status: 404 });
    expect(await get(up.url, '/wsgi.py')).toMatchObject({ status: 200, body: expect.stringMatching(/^\w+ \d+ \d+$/) });
  });
});

test('mounted at a path: SCRIPT_NAME is it, and nothing lies outside', async () => {
  const project = makeProject({
    'wsgi.py': hello('(environ["SCRIPT_NAME"], environ["PATH_INFO"])'),
    'wsgi-dev.yaml': 'server:\n  mount: /shop\n',
  });
  const { url } = await project.up();
  expect(url).toMatch(/:\d+\/shop\/$/);
  expect(await get(url, 'cart')).toEqual({ status: 200, body: "('/shop', '/cart')" });
  expect((await get(url, '/elsewhere')).status).toBeGreaterThanOrEqual(400);
});

test('--no-reload leaves the running application alone', async () => {
  const project = makeProject({ 'wsgi.py': hello('"one"') });
  const { url } = await project.up('--no-reload');
  project.write({ 'wsgi.py': hello('"two"') });
  expect(await get(url)).toEqual({ status: 200, body: 'one' });
  await project.run(['restart']);
  expect(await get(url)).toEqual({ status: 200, body: 'two' });
});

test.each(['serve', 'debug'])('--network host binds 127.0.0.1 only: %s', async (mode) => {
  const project = makeProject({ 'wsgi.py': hello() });
  const { url } = await project.up('--network', 'host', ...(mode === 'debug' ? ['--debug'] : []));
  expect(await get(url)).toEqual({ status: 200, body: 'hello' });
  const { port } = new URL(url);
  const others = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  for (const { address, family, internal } of others) {
    if (internal || family !== 'IPv4') continue;
    await expect(get(`http://${address}:${port}/`)).rejects.toThrow('ECONNREFUSED');
  }
  expect(readFileSync('/proc/net/tcp', 'latin1')).toContain(
    `0100007F:${Number(port).toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`,
  );
});

test('the environment of the application: files first, flags last', async () => {
  const project = makeProject({
    'wsgi.py': hello('[os.environ.get(k) for k in "ABCD"]', 'import os'),
    'a.env': 'A=file\nB=file\nC="file"\n',
    'd.env': 'D=from $HOME\n',
    'wsgi-dev.yaml': 'env_file: [a.env]\nenv: {B: yaml}\n',
  });
  const { url } = await project.up('-e', 'C=flag', '--env-file', 'd.env');
  const { body } = await get(url);
  expect(body).toMatch(/^\['file', 'yaml', 'flag', 'from /);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'attached without a terminal: the log as it comes, until %s takes it down',
  async (signal) => {
    const project = makeProject({ 'wsgi.py': hello('print("said it") or "hello"') });
    const up = project.start(['up', '-p', '0']);
    const ready = await up.stderrSays(/Ready: http\S+ \(serve; /);
    expect(await get(/Ready: (http\S+)/.exec(ready)?.[1] ?? '')).toEqual({ status: 200, body: 'hello' });
    await up.stdoutSays(/said it[\s\S]*"GET \/ HTTP\/1\.1" 200|"GET \/ HTTP\/1\.1" 200[\s\S]*said it/);
    up.child.kill(signal);
    const { code, stdout } = await up.result;
    expect(code).toBe(signal === 'SIGINT' ? 130 : 0);
    expect(stdout).not.toMatch(/\r|7117/);
    expect(await project.containers()).toEqual([]);
  },
);
