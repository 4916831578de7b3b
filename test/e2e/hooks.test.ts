import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, hello, makeProject } from '../helpers/project.ts';
import { openTerminal } from '../helpers/pty.ts';
import { CLI } from '../helpers/session-project.ts';

const body = 'open("/app/made.txt").read()';
const project = makeProject({ 'wsgi.py': hello(body) }, { shared: true });
const hooks = (...commands: readonly string[]) =>
  project.write({
    'wsgi-dev.yaml': `hooks: {before_start: ${JSON.stringify(commands).replaceAll('$', '$$$$')}}\n`,
    'made.txt': '',
  });
const made = () => readFileSync(join(project.directory, 'made.txt'), 'utf8');

beforeAll(async () => {
  await project.run(['build']);
}, 180_000);
afterAll(project.remove);

test('are run in the container before the application, their output shown, once for each start of it', async () => {
  hooks('echo "in $PWD with $(command -v python)"; echo one >>made.txt', 'echo two >>made.txt');
  const up = await project.run(['up', '-d', '--port', '0']);
  expect(up.code).toBe(0);
  expect(up.stderr).toMatch(
    /wsgi-dev: before_start: echo "in .*\nin \/app with \/opt\/venv\/bin\/python\nwsgi-dev: before_start: echo two .*\n/,
  );
  expect((await get(up.stdout.trim())).body).toBe('one\ntwo\n');
  // Neither what changes nothing, nor an order to Apache.
  await project.up();
  await project.up('--debug');
  await project.run(['restart']);
  expect(made()).toBe('one\ntwo\n');
  await project.run(['stop']);
  expect((await project.run(['start'])).stderr).toContain('before_start: echo two');
  expect(made()).toBe('one\ntwo\none\ntwo\n');
  // Others are another container's.
  hooks('echo three >>made.txt');
  expect((await project.up()).changed).toEqual(['container']);
  expect(made()).toBe('three\n');
  await project.run(['down']);
});

test('one that fails ends up, and names itself and its code; what follows it is not run', async () => {
  hooks('echo trying; exit 3', 'echo never >>made.txt');
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json']);
  expect(code).toBe(1);
  expect(stderr).toContain('trying\n');
  expect(stderr).toContain('hooks.before_start: `echo trying; exit 3` ended with code 3');
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'error', code: 1, message: expect.stringContaining('code 3') });
  expect(made()).toBe('');
  expect(await project.containers()).toEqual([]);
});

test('one that is not there, and one that a signal ends', async () => {
  hooks('no-such-program');
  expect((await project.run(['up', '-d', '--port', '0'])).stderr).toMatch(/`no-such-program` ended with code 127/);
  hooks('kill -9 $$');
  expect((await project.run(['up', '-d', '--port', '0'])).stderr).toMatch(/`kill -9 \$\$` ended with code 137/);
  expect(await project.containers()).toEqual([]);
});

test('has the terminal of an attached up, and Ctrl-C ends it with that', async () => {
  hooks('printf "go on? "; read answer; echo "said $answer on $(stty size)"', 'echo waits; sleep 600');
  const terminal = await openTerminal([process.execPath, CLI, 'up', '--debug', '--port', '0'], {
    cwd: project.directory,
    columns: 90,
  });
  try {
    await terminal.until(/go on\? $/);
    terminal.type('yes\r');
    await terminal.until(/said yes on 24 90\n/);
    await terminal.until(/\nwaits\n/);
    terminal.type('\x03');
    const { code, modesBefore, modesAfter } = await terminal.ended;
    expect(code).toBe(130);
    expect(modesAfter).toBe(modesBefore);
  } finally {
    terminal.close();
  }
  expect(await project.containers()).toEqual([]);
});

describe('where nobody can be asked', () => {
  const asks = [
    'read answer || echo "no answer on stdin"',
    'exec 2>&1; { read answer </dev/tty; } || echo "none on the terminal"',
  ];
  const said = /no answer on stdin\n[\s\S]*none on the terminal\n/;

  test('with -d, and at `start`', async () => {
    hooks(...asks);
    const up = await project.run(['up', '-d', '--port', '0']);
    expect(up).toMatchObject({ code: 0, stderr: expect.stringMatching(said) });
    await project.run(['stop']);
    const start = await project.run(['start']);
    expect(start).toMatchObject({ code: 0, stderr: expect.stringMatching(said) });
    await project.run(['down']);
  });

  test('with pipes: what they bring is not for hooks', async () => {
    hooks(...asks);
    const up = project.start(['up', '--port', '0']);
    up.child.stdin?.end('yes\n');
    await up.stderrSays(/Ready: /);
    up.child.kill('SIGTERM');
    expect((await up.result).stdout).toMatch(said);
  });

  test('at `start` of one that had a terminal', async () => {
    hooks('read answer && echo "said $answer" || echo "no answer"');
    const terminal = await openTerminal([process.execPath, CLI, 'up', '--port', '0'], { cwd: project.directory });
    try {
      await terminal.until(/read answer/);
      terminal.type('yes\r');
      await terminal.until(/said yes\n/);
      await terminal.until(/Ready: /);
      await project.run(['stop']);
      await terminal.ended;
      expect(await project.run(['start'])).toMatchObject({ code: 0, stderr: expect.stringContaining('no answer\n') });
      await project.run(['down']);
    } finally {
      terminal.close();
    }
  });
});

test('the time limit is that of the application', async () => {
  hooks('sleep 8; echo slept');
  const { code, stderr } = await project.run(['up', '-d', '--port', '0', '--wait-timeout', '7.5']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('slept') });
  await project.run(['down']);
});

test('`down` ends one that runs, at once', async () => {
  hooks('echo waits >>made.txt; sleep 600');
  const up = project.start(['up', '-d', '--port', '0']);
  await expect.poll(made, { timeout: 100_000 }).toBe('waits\n');
  const began = Date.now();
  expect((await project.run(['down', '-t', '30'])).code).toBe(0);
  expect(Date.now() - began).toBeLessThan(25_000);
  expect((await up.result).code).toBe(1);
  expect(await project.containers()).toEqual([]);
  expect(existsSync(join(project.state, 'state.json'))).toBe(true);
});
