import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { docker } from '../helpers/docker.ts';
import { developer, get, hello, makeProject } from '../helpers/project.ts';

describe('run', () => {
  const project = makeProject(
    {
      'wsgi.py': hello(),
      'wsgi-dev.yaml': 'env: {SHOP: open, LEVEL: "1"}\nmounts: ["./media:/srv/media:ro"]\n',
      'media/one.txt': 'in media\n',
      'no-program.sh': 'echo never\n',
      'more.env': 'LEVEL=2\nEXTRA=yes\n',
    },
    { shared: true },
  );
  beforeAll(async () => {
    expect(await project.run(['run', 'true'])).toMatchObject({ code: 0, stdout: '' });
  });
  afterAll(project.remove);

  test('stdout and stderr stand apart, and are bytes; nothing is left', async () => {
    const { code, stdout, stderr } = await project.run(['run', 'sh', '-c', 'printf "é\\n"; echo oh >&2']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'é\n', stderr: 'oh\n' });
    expect(await project.containers()).toEqual([]);
  });

  test("the command's own exit code, 126 and 127", async () => {
    for (const [command, code, why] of [
      [['sh', '-c', 'exit 3'], 3],
      [['sh', '-c', 'kill -9 $$'], 137],
      [['/app/no-program.sh'], 126, 'Permission denied'],
      [['/app'], 126, 'Permission denied'],
      [['no-such-program', '-x'], 127, 'No such file or directory'],
      [['/no/such/program'], 127, 'No such file or directory'],
    ] as const) {
      const stderr = why === undefined ? '' : `wsgi-dev: ${command[0]} can't be executed in the container: ${why}\n`;
      expect(await project.run(['run', ...command]), command.join(' ')).toMatchObject({ code, stdout: '', stderr });
    }
    expect(await project.containers()).toEqual([]);
  });

  test('in the project, as its owner, with its environment, its mounts and its Python', async () => {
    const program = [
      'import os, sys',
      'print(os.getcwd(), os.getuid(), os.environ["SHOP"], sys.prefix, open("/srv/media/one.txt").read())',
      'open("made.txt", "w").close()',
    ].join('\n');
    const { stdout } = await project.run(['run', 'python', '-c', program]);
    expect(stdout).toBe(`/app ${developer} open /opt/venv in media\n\n`);
    expect(project.listing().find(({ path }) => path === 'made.txt')?.uid).toBe(developer);
  });

  test('no privileges, as the server', async () => {
    const { stdout } = await project.run(['run', 'grep', '-E', '^(CapBnd|NoNewPrivs)', '/proc/self/status']);
    expect(stdout).toBe('CapBnd:\t0000000000000000\nNoNewPrivs:\t1\n');
  });

  test('-e, --env-file, -u and -w; what follows the command is the command’s', async () => {
    const show = 'echo "$A $LEVEL $EXTRA $FROM $(id -u):$(id -g) $PWD $1"';
    const options = ['-T', '-e', 'A=x=y', '-e', 'FROM', '--env-file', 'more.env', '-u', '33:33', '-w', '/tmp'];
    const { code, stdout } = await project.run(['run', ...options, 'sh', '-c', show, 'sh', '-e'], {
      env: { FROM: 'here' },
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'x=y 2 yes here 33:33 /tmp -e\n' });
    const bad = await project.run(['run', '-e', '=x', 'true']);
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('--env =x') });
  });

  test('stdin goes through, whole, and its end with it; or is not read', async () => {
    const input = Buffer.alloc(3_000_000, 'all of it\n');
    expect(await project.run(['run', 'wc', '-c'], { input })).toMatchObject({ code: 0, stdout: '3000000\n' });
    expect(await project.run(['run', 'echo', 'done'], { input })).toMatchObject({ code: 0, stdout: 'done\n' });
  });

  test('a reader that has seen enough', async () => {
    const running = project.start(['run', 'yes']);
    await running.stdoutSays(/y\n/);
    running.child.stdout?.destroy();
    expect(await running.result).toMatchObject({ code: 141, stderr: '' });
    expect(await project.containers()).toEqual([]);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const)('%s is handed on', async (signal) => {
    const trap = `trap 'echo heard; exit 7' ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
    const running = project.start(['run', 'sh', '-c', trap]);
    await running.stdoutSays(/ready/);
    running.child.kill(signal);
    expect(await running.result).toMatchObject({ code: 7, stdout: 'ready\nheard\n' });
    expect(await project.containers()).toEqual([]);
  });

  test('in a project of root’s, a command that fails is told whose files those are', async () => {
    const roots = makeProject({}, { owner: 0 });
    const { code, stderr } = await roots.run(['run', 'touch', 'made']);
    expect(code).toBe(1);
    expect(stderr).toContain("belongs to root, and the command ran as 33:33, who can't write to it: -u 0:0 lets it\n");
    expect(await roots.run(['run', '-u', '0:0', 'touch', 'made'])).toMatchObject({ code: 0, stderr: '' });
    const sqlite = 'import sqlite3; sqlite3.connect("db").execute("create table t (x)")';
    expect((await roots.run(['run', 'python', '-c', sqlite])).stderr).toMatch(/sqlite3[\s\S]*belongs to root/);
    expect((await project.run(['run', 'false'])).stderr).toBe('');
  });

  test.each([
    [['nosuch'], 127],
    [['sh', '-c', 'exit 9'], 9],
    [['sh', '-c', 'kill -9 $$'], 137],
    [['/app'], 126],
  ])('but not of one that fails for another reason: %j', async (command, code) => {
    const result = await makeProject({}, { owner: 0 }).run(['run', ...command]);
    expect(result).toMatchObject({ code, stderr: expect.not.stringContaining('belongs to root') });
  });

  test('a signal that the command does not handle ends it, with 128 and its number', async () => {
    const running = project.start(['run', 'sh', '-c', 'echo ready; exec sleep 600']);
    await running.stdoutSays(/ready/);
    running.child.kill('SIGTERM');
    expect(await running.result).toMatchObject({ code: 143, signal: null });
    expect(await project.run(['run', '-u', 'nobody-here', 'true'])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/nobody-here[\s\S]*UID\[:GID\]/),
    });
    expect(await project.containers()).toEqual([]);
  });

  test('of a client that was killed `down` removes what is left', async () => {
    const running = project.start(['run', 'sh', '-c', 'echo ready; sleep 600']);
    await running.stdoutSays(/ready/);
    running.child.kill('SIGKILL');
    await running.result;
    const [left] = await project.containers();
    expect(left?.Names[0]).toMatch(new RegExp(`^/${project.name}-wsgi-run-[0-9a-f]{8}$`));
    const { code, stderr } = await project.run(['down']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `Removed ${left?.Names[0]?.slice(1)}\n` });
    expect(await project.containers()).toEqual([]);
  });

  test('of one that was killed nothing is left once the command ends', async () => {
    const running = project.start(['run', 'sh', '-c', 'echo ready; cat']);
    await running.stdoutSays(/ready/);
    const [left] = await project.containers();
    const gone = docker.getContainer(left?.Id ?? '').wait({ condition: 'removed' });
    running.child.kill('SIGKILL');
    await gone;
    expect(await project.containers()).toEqual([]);
  });

  test('beside the server, which keeps its port and is all that ps shows', async () => {
    const up = await project.up();
    const running = project.start(['run', 'sh', '-c', 'echo ready; cat']);
    await running.stdoutSays(/ready/);
    expect((await project.containers()).length).toBe(2);
    expect((await project.run(['ps', '-a', '-q'])).stdout).toBe(`${up.container}\n`);
    expect((await get(up.url)).body).toBe('hello');
    expect((await project.up()).changed).toEqual([]);
    running.child.stdin?.end();
    expect((await running.result).code).toBe(0);
    expect((await project.containers()).map(({ Id }) => Id)).toEqual([up.container]);
    expect(await project.run(['run', '-u', 'root', 'true'])).toMatchObject({ code: 0 });
    expect((await get(up.url)).body).toBe('hello');
    await project.run(['down']);
  });

  test('a configuration with faults, and an engine that is not there', async () => {
    expect(await project.run(['run', '--python', 'two', 'true'])).toMatchObject({ code: 2 });
    expect(await project.run(['-H', 'unix:///nowhere.sock', 'run', 'true'])).toMatchObject({ code: 3 });
    const { code, stderr } = await project.run(['run', '--debug', '--debugger', 'debugpy', 'true']);
    expect(code).toBe(2);
    expect(stderr).toContain('no port for an editor');
  });

  test('in a project without an application, or with one that is still to be made', async () => {
    const fresh = makeProject({ 'wsgi-dev.yaml': 'app: shop.wsgi:application\n' });
    const make = 'mkdir shop && echo "application = None" >shop/wsgi.py && python -m venv --without-pip .venv';
    expect(await fresh.run(['run', 'sh', '-c', make])).toMatchObject({ code: 0, stdout: '' });
    expect(fresh.listing().map(({ path }) => path)).toEqual(
      expect.arrayContaining(['shop/wsgi.py', '.venv/pyvenv.cfg']),
    );
    const empty = makeProject({});
    expect(await empty.run(['run', 'echo', 'here'])).toMatchObject({ code: 0, stdout: 'here\n' });
    expect(await empty.run(['shell'], { input: 'echo here\n' })).toMatchObject({ code: 0, stdout: 'here\n' });
    expect(await empty.run(['build'])).toMatchObject({ code: 0 });
    expect(await empty.run(['build', '--app', 'nothing:here'])).toMatchObject({ code: 2 });
    expect(await empty.run(['up', '-d'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No WSGI application found'),
    });
    // What else is wrong with the file is said all the same.
    fresh.write({ 'wsgi-dev.yaml': 'sever: {}\n' });
    expect(await fresh.run(['run', 'true'])).toMatchObject({ code: 2, stderr: expect.stringContaining('`sever`') });
  });

  test('shell, where nothing runs, reads its commands from a pipe', async () => {
    const { code, stdout, stderr } = await project.run(['shell', '-e', 'A=1'], { input: 'echo in $PWD $A\nexit 5\n' });
    expect({ code, stdout }).toEqual({ code: 5, stdout: 'in /app 1\n' });
    expect(stderr).toContain('is not running');
    expect(await project.containers()).toEqual([]);
  });

  test('stdin from a file that is at its end', async () => {
    const child = spawn(process.execPath, [cliPath, 'run', 'sh', '-c', 'cat; exit 4'], {
      cwd: project.directory,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    expect((await once(child, 'close'))[0]).toBe(4);
  });
});
