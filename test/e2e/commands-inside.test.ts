import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../helpers/cli.ts';
import { developer, get, makeProject } from '../helpers/project.ts';

const talking = `
import sys

def application(environ, start_response):
    if environ["PATH_INFO"] == "/forge":
        sys.stderr.write("\\x1b]7117;0123456789abcdef;e30\\x07forged\\n")
    else:
        print("said " + environ["PATH_INFO"])
    start_response("200 OK", [])
    return [b"ok"]
`;

describe('exec and shell', () => {
  const project = makeProject({ 'wsgi.py': talking, 'no-program.sh': 'echo never\n' }, { shared: true });
  beforeAll(() => project.up('-e', 'SHOP=open'));
  afterAll(project.remove);

  test('stdout and stderr stand apart, and are bytes', async () => {
    const { code, stdout, stderr } = await project.run(['exec', 'sh', '-c', 'printf "é\\n"; echo oh >&2']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'é\n', stderr: 'oh\n' });
  });

  test.each([['-it'], ['-t', '-i'], ['--interactive', '--tty']])('%s, as docker is told', async (...options) => {
    const ask = ['sh', '-c', 'cat; test -t 1 || echo no terminal'];
    const { code, stdout } = await project.run(['exec', ...options, ...ask], { input: 'in\n' });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'in\nno terminal\n' });
  });

  test("the command's own exit code", async () => {
    expect(await project.run(['exec', 'sh', '-c', 'exit 3'])).toMatchObject({ code: 3, stdout: '', stderr: '' });
    expect(await project.run(['exec', 'sh', '-c', 'kill -9 $$'])).toMatchObject({ code: 137 });
  });

  test('126 for what may not be executed, 127 for what is not there', async () => {
    for (const [command, code] of [
      ['/app/no-program.sh', 126],
      ['/app', 126],
      ['no-such-program', 127],
      ['/no/such/program', 127],
    ] as const) {
      const result = await project.run(['exec', command, '-x']);
      expect(result).toMatchObject({ code });
      // Engines before 23 print their own message in the command's place, on its stdout.
      expect(result.stdout + result.stderr).toContain(command);
    }
  });

  test('in the project, as its owner, with its environment and its Python', async () => {
    const program = 'import os, sys; print(os.getcwd(), os.getuid(), os.environ["SHOP"], sys.prefix)';
    const { stdout } = await project.run(['exec', 'python', '-c', program]);
    expect(stdout).toBe(`/app ${developer} open /opt/venv\n`);
  });

  test('-e, -u and -w; what follows the command is the command’s', async () => {
    const show = 'echo "$A $B $(id -u):$(id -g) $PWD $1"';
    const args = [
      'exec',
      '-T',
      '-e',
      'A=1',
      '--env',
      'B=x=y',
      '-u',
      '33:33',
      '-w',
      '/tmp',
      'sh',
      '-c',
      show,
      'sh',
      '-e',
    ];
    expect(await project.run(args)).toMatchObject({ code: 0, stdout: '1 x=y 33:33 /tmp -e\n' });
  });

  test('a directory that is not there', async () => {
    const { code, stdout, stderr } = await project.run(['exec', '-w', '/nowhere', 'true']);
    expect(code).toBeGreaterThanOrEqual(126);
    expect(stdout + stderr).toContain('/nowhere');
  });

  test('stdin goes through, whole, and its end with it', async () => {
    const input = Buffer.alloc(3_000_000, 'all of it\n');
    expect(await project.run(['exec', 'wc', '-c'], { input })).toMatchObject({ code: 0, stdout: '3000000\n' });
    expect(await project.run(['exec', 'cat'], { input: 'a\r\nb' })).toMatchObject({ code: 0, stdout: 'a\r\nb' });
  });

  test('a command that does not read its input', async () => {
    const input = Buffer.alloc(3_000_000, 'x');
    expect(await project.run(['exec', 'echo', 'done'], { input })).toMatchObject({ code: 0, stdout: 'done\n' });
  });

  test('shell reads its commands from a pipe', async () => {
    const { code, stdout } = await project.run(['shell'], { input: 'echo in $PWD\nexit 5\n' });
    expect({ code, stdout }).toEqual({ code: 5, stdout: 'in /app\n' });
  });
});

describe('logs', () => {
  const project = makeProject({ 'wsgi.py': talking }, { shared: true });
  let url = '';
  beforeAll(async () => {
    ({ url } = await project.up());
  });
  afterAll(project.remove);

  /** Asks for `path` and waits until its line of the access log is there. */
  async function said(path: string): Promise<void> {
    const following = project.start(['logs', '-f', '-n', '0']);
    // Nothing tells that the engine has begun to follow; the line is in the log in any case, asked for again below.
    await get(url, path);
    const seen = following.stdoutSays(new RegExp(`GET ${path} `));
    const again = project.start(['logs', '-f']).stdoutSays(new RegExp(`GET ${path} `));
    await Promise.race([seen, again]);
  }

  test('what the application and Apache said, without events and carriage returns', async () => {
    await said('/first');
    const { code, stdout, stderr } = await project.run(['logs']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/said \/first\n/);
    expect(stdout).toMatch(/"GET \/first HTTP\/1\.1" 200 2 bytes/);
    expect(stdout).not.toMatch(/7117|\r/);
  });

  test("a sequence that isn't the runner's own passes through", async () => {
    await said('/forge');
    expect((await project.run(['logs'])).stdout).toMatch(/7117;0123456789abcdef;e30.*forged/);
  });

  test('as docker compose has it: --tail all, --until and --no-color', async () => {
    await said('/whole');
    expect((await project.run(['logs', '--tail', 'all', '--no-color'])).stdout).toContain('said /whole');
    expect((await project.run(['logs', '--until', '2999-01-01T00:00:00Z'])).stdout).toContain('said /whole');
    expect(await project.run(['logs', '--until', '1h'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('-n, -t and --since', async () => {
    await said('/last');
    const { stdout } = await project.run(['logs', '-n', '1', '-t']);
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z [^\n]*\n$/);
    expect((await project.run(['logs', '-n', '0'])).stdout).toBe('');
    expect((await project.run(['logs', '--since', '1h'])).stdout).toContain('said /last');
    expect((await project.run(['logs', '--since', '2999-01-01T00:00:00Z'])).stdout).toBe('');
  });

  test('-f follows to the end of the server', async () => {
    const following = project.start(['logs', '--follow']);
    await following.stdoutSays(/resuming normal operations/);
    await get(url, '/followed');
    await following.stdoutSays(/said \/followed/);
    await project.run(['stop']);
    expect(await following.result).toMatchObject({ code: 0, stderr: '' });
    expect((await project.run(['logs'])).stdout).toContain('said /followed');
    await project.run(['start']);
  });

  test('-n counts what is printed, also after a stop: events are no lines', async () => {
    await said('/counted');
    await project.run(['stop']);
    const all = (await project.run(['logs'])).stdout.split('\n').slice(0, -1);
    for (const count of [1, 2, 5, all.length, 1000]) {
      const { stdout } = await project.run(['logs', '-n', String(count)]);
      expect(stdout.split('\n').slice(0, -1)).toEqual(all.slice(-count));
    }
    const timed = (await project.run(['logs', '-n', '2', '-t'])).stdout;
    expect(timed).toMatch(/^(?:\d{4}-\d\d-\d\dT[\d:.]+Z (?!\d{4}-)[^\n]+\n){2}$/);
    await project.run(['start']);
    const following = project.start(['logs', '-f', '-n', '2']);
    await get(url, '/after');
    const followed = (await following.stdoutSays(/GET \/after /)).split('\n');
    expect(followed.length).toBeLessThan(7);
  });

  test('-f into a pipe that closes early ends with it', async () => {
    const following = project.start(['logs', '-f']);
    await following.stdoutSays(/resuming normal operations/);
    following.child.stdout?.destroy();
    await get(url, '/more');
    expect(await following.result).toMatchObject({ code: 0, stderr: '' });
  });

  test('another project has none of it', async () => {
    const other = makeProject({ 'wsgi.py': talking });
    expect(await runCli(['-C', other.directory, 'logs'])).toMatchObject({ code: 1, stdout: '' });
  });
});
