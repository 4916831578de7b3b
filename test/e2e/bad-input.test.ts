import { chmodSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CliResult } from '../helpers/cli.ts';
import { docker } from '../helpers/docker.ts';
import { developer, fileThere, get, hello, makeProject, type TestProject } from '../helpers/project.ts';

/** What every failed command leaves: a message that starts with the program's name, no stack trace, no container. */
async function failed(project: TestProject, args: readonly string[], options = {}): Promise<CliResult> {
  const result = await project.run(args, options);
  expect(result.code).not.toBe(0);
  expect(result.stderr).toMatch(/^wsgi-dev: /m);
  expect(result.stderr).not.toMatch(/^\s+at .*(:\d+:\d+|node:)|UnhandledPromise|node:internal/m);
  expect(await project.containers()).toEqual([]);
  return result;
}

describe('the configuration', () => {
  test('every fault of wsgi-dev.yaml at once, with its place and the nearest key', async () => {
    const yaml = ['ap: wsgi', 'server:', '  port: 99999', '  mont: /x', 'packages:', '  pip: [none.txt]', ''].join(
      '\n',
    );
    const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': yaml });
    const { code, stdout, stderr } = await failed(project, ['up', '-d', '-p', 'x', '--user', 'nobody']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const line of [
      /^wsgi-dev\.yaml:1:1: .*`app`/m,
      /^wsgi-dev\.yaml:3:9: .*between 1 and 65535/m,
      /^wsgi-dev\.yaml:4:3: .*`mount`/m,
      /^wsgi-dev\.yaml:6:9: .*none\.txt/m,
      /--port x/,
      /--user nobody/,
    ]) {
      expect(stderr).toMatch(line);
    }
  });

  test('-d --format json: the same as one line on stdout', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { code, stdout } = await failed(project, ['up', '-d', '--format', 'json', '-p', '70000']);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'error', code: 2, message: expect.stringContaining('70000') });
  });

  test('an --app that is not there names what is meant', async () => {
    const project = makeProject({ 'shop.py': hello() });
    const { code, stderr } = await failed(project, ['up', '-d', '--app', 'shp:application']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--app shp:application: there is no module shp .*did you mean shop\?/);
  });

  test('an ASGI application', async () => {
    const project = makeProject({ 'app.py': 'async def app(scope, receive, send):\n    pass\n' });
    const { code, stderr } = await failed(project, ['up', '-d']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/app\.py:app is an ASGI application.*\n.*a2wsgi/);
  });

  test('a requirements file that includes one outside the project', async () => {
    const project = makeProject({ 'wsgi.py': hello(), 'requirements.txt': '-r ../../secret.txt\n' });
    const { code, stderr } = await failed(project, ['up', '-d']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/requirements\.txt names .*secret\.txt, which lies outside the project/);
  });

  test('a Python that no suite has', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { code, stderr } = await failed(project, ['up', '-d', '--python', '3.6']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/3\.11/);
  });
});

describe('an application that does not load', () => {
  test.each(['serve', 'debug'])('raises on import (%s): the traceback, file and line', async (mode) => {
    const project = makeProject({
      'wsgi.py': 'import shop\n',
      'shop.py': 'x = 1\n\nraise RuntimeError("no database")\n',
    });
    const flags = mode === 'debug' ? ['--debug'] : [];
    const { code, stderr } = await failed(project, ['up', '-d', '--app', 'wsgi:application', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Traceback \(most recent call last\)/);
    expect(stderr).toMatch(/could not be loaded: shop\.py:3: RuntimeError: no database/);
    expect(stderr).not.toMatch(/wsgi_dev_runner|importlib/);
  });

  test('a missing callable: the message lists those there are', async () => {
    const project = makeProject({ 'wsgi.py': 'def serve(e, s): pass\ndef other(e, s): pass\n' });
    const { code, stderr } = await failed(project, ['up', '-d', '--app', 'wsgi:application']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wsgi\.py has no `application`; it has other, serve\n.*--app module:callable/);
  });

  test('a missing package: where it belongs', async () => {
    const project = makeProject({ 'wsgi.py': 'import flask\napplication = flask.Flask(__name__)\n' });
    const { code, stderr } = await failed(project, ['up', '-d']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wsgi\.py:1: ModuleNotFoundError: No module named 'flask'\n.*add it to requirements\.txt/);
  });

  test('SystemExit, a syntax error, a value that is not callable', async () => {
    const project = makeProject({
      'exits.py': 'import sys\nsys.exit("not today")\n',
      'broken.py': 'def application(:\n',
      'number.py': 'application = 3\n',
    });
    expect((await failed(project, ['up', '-d', '--app', 'exits'])).stderr).toMatch(
      /exits\.py:2: SystemExit: not today/,
    );
    expect((await failed(project, ['up', '-d', '--app', 'broken'])).stderr).toMatch(/broken\.py:1: SyntaxError/);
    expect((await failed(project, ['up', '-d', '--app', 'number'])).stderr).toMatch(
      /`application` in number\.py is a int/,
    );
  });

  test('attached: the same, and the container is gone', async () => {
    const project = makeProject({ 'wsgi.py': 'application = 1 / 0\n' });
    const { code, stdout, stderr } = await failed(project, ['up', '--debug', '-p', '0']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/ZeroDivisionError/);
    expect(stderr).toMatch(/wsgi\.py:1: ZeroDivisionError: division by zero/);
  });

  test('over a server that runs: it is taken down, and said so', async () => {
    const project = makeProject({ 'wsgi.py': hello(), 'other.py': '1 / 0\n' });
    await project.up();
    const { code, stderr } = await failed(project, ['up', '-d', '-p', '0', '--app', 'other:application']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/other\.py:1: ZeroDivisionError/);
  });

  test('that takes longer than --wait-timeout: 124, and what it printed', async () => {
    const project = makeProject({
      'wsgi.py': 'import sys, time\nprint("waiting", file=sys.stderr, flush=True)\ntime.sleep(600)\n',
    });
    const { code, stderr } = await failed(project, ['up', '-d', '--wait-timeout', '2', '--app', 'wsgi:application']);
    expect(code).toBe(124);
    expect(stderr).toMatch(/waiting\n[\s\S]*not ready within 2 s/);
    expect(stderr).toMatch(/--wait-timeout/);
  });

  test('Ctrl-C while it loads: 130, nothing is announced and nothing stays', async () => {
    const project = makeProject({ 'wsgi.py': 'import time\nopen("/app/loading", "w")\ntime.sleep(600)\n' });
    const up = project.start(['up', '-d', '-p', '0', '--app', 'wsgi:application']);
    await fileThere(join(project.directory, 'loading'));
    up.child.kill('SIGINT');
    const { code, stdout, stderr } = await up.result;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).not.toMatch(/Ready|Running in/);
    expect(await project.containers()).toEqual([]);
  });
});

describe('ports and names', () => {
  test('a busy named port: 1, and the remedy', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { port } = await listening(createTcpServer());
    const { code, stderr } = await failed(project, ['up', '-d', '-p', `${port}`]);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is busy[\\s\\S]*--port; 0 picks a free one`));
  });

  test('the default port moves on when it is busy', async () => {
    const [first, second] = [makeProject({ 'wsgi.py': hello() }), makeProject({ 'wsgi.py': hello() })];
    expect(await first.run(['up', '-d'])).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await second.run(['up', '-d']);
    expect(code).toBe(0);
    const port = Number(new URL(stdout.trim()).port);
    expect(port).toBeGreaterThan(8000);
    expect(stderr).toContain(`Port 8000 is busy: using ${port}`);
    expect(await get(stdout.trim())).toEqual({ status: 200, body: 'hello' });
    expect((await second.run(['up', '-d'])).stdout).toBe(stdout);
  });

  test('a container name that is taken by something else', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const foreign = await docker.createContainer({
      name: `${project.name}-wsgi`,
      Image: 'wsgi-dev/base:bookworm',
      Cmd: ['true'],
    });
    onTestFinished(() => foreign.remove({ force: true }));
    const { code, stderr } = await failed(project, ['up', '-d']);
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`name ${project.name}-wsgi is taken[\\s\\S]*--project-name`));
    expect(await foreign.inspect()).toMatchObject({ State: { Status: 'created' } });
  });

  test('a network that is not there', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { stderr } = await failed(project, ['up', '-d', '--network', 'wsgi-dev-none']);
    expect(stderr).toMatch(/wsgi-dev-none/);
  });
});

describe('the engine', () => {
  test('none: 3, and what to do; with -v the cause', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
    for (const args of [['up', '-d'], ['ps'], ['down'], ['build']]) {
      const { code, stdout, stderr } = await project.run(args, { env });
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
      expect(stderr).toMatch(/unix:\/\/\/nonexistent\/docker\.sock[\s\S]*wsgi-dev doctor --fix/);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect((await project.run(['-v', 'ps'], { env })).stderr).toMatch(/^\s+at /m);
    const doctor = await project.run(['doctor'], { env });
    expect(doctor).toMatchObject({ code: 3, stdout: expect.stringMatching(/^FAIL engine: .*nonexistent/) });
  });

  test.each([
    ['HTML with 200', 200, '<html>It works!</html>'],
    ['JSON of something else', 200, '{"hello": 1}'],
    ['404', 404, 'page not found'],
    ['500 without a word', 500, ''],
  ])('one that is none: %s', async (_name, status, body) => {
    const project = makeProject({ 'wsgi.py': hello() });
    const server = createServer((_request, response) => response.writeHead(status).end(body));
    const { port } = await listening(server);
    const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}` };
    for (const args of [['up', '-d'], ['ps'], ['down']]) {
      const { code, stderr } = await project.run(args, { env });
      expect(code).toBe(3);
      expect(stderr).toMatch(/^wsgi-dev: /);
      expect(stderr).not.toMatch(/^\s+at |defect of wsgi-dev/m);
    }
  });
});

describe('the file system', () => {
  test('a mount whose source vanished', async () => {
    const project = makeProject({
      'wsgi.py': hello(),
      'media/': '',
      'wsgi-dev.yaml': 'mounts: ["./media:/app/media"]\n',
    });
    await project.up();
    await project.run(['down']);
    rmSync(join(project.directory, 'media'), { recursive: true });
    const { code, stderr } = await failed(project, ['up', '-d']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/wsgi-dev\.yaml:1:10: .*media.* does not exist/);
  });

  test('a mount whose source vanishes while the server is stopped', async () => {
    const project = makeProject({ 'wsgi.py': hello(), 'media/': '', 'wsgi-dev.yaml': 'mounts: ["./media:/media"]\n' });
    await project.up();
    await project.run(['stop']);
    rmSync(join(project.directory, 'media'), { recursive: true });
    const { code, stderr } = await project.run(['start']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^wsgi-dev: .*media/m);
  });

  test('a project directory that may not be written', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    chmodSync(project.directory, 0o555);
    // Root may write anywhere: a plain user of the engine's group it is.
    const user = process.getuid?.() === 0 ? { uid: developer, gid: statSync('/var/run/docker.sock').gid } : {};
    const { code, stderr } = await failed(project, ['up', '-d'], { ...user, env: { HOME: project.directory } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/\.wsgi-dev can't be written[\s\S]*write access/);
  });

  test('a settings file that is garbage', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const before = await project.up();
    project.write({ '.wsgi-dev/run/settings.json': '{' });
    const { code, stderr } = await project.run(['restart']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^wsgi-dev: The settings of the running server in .*\.wsgi-dev\/run can't be read/);
    expect(await project.up()).toEqual({ ...before, changed: ['settings'] });
    expect(await get(before.url)).toMatchObject({ status: 200 });
    project.write({ '.wsgi-dev/run/state.json': '{' });
    expect(await project.run(['ps'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/state\.json can't be read/),
    });
  });
});

async function listening(server: Server | TcpServer): Promise<AddressInfo> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return server.address() as AddressInfo;
}
