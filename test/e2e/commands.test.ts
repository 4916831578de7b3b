import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cliPath, runCli } from '../helpers/cli.ts';
import { containersNamed, docker, networksOf } from '../helpers/docker.ts';
import { developer, fileThere, get, hello, makeProject } from '../helpers/project.ts';
import { key, openTerminal } from '../helpers/pty.ts';

const version = (
  JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }
).version;

describe('up', () => {
  const project = makeProject({ 'wsgi.py': hello('environ.get("mod_wsgi.process_group")') }, { shared: true });
  afterAll(project.remove);

  test('-d --format json: one line that says what runs, and it answers', async () => {
    const { code, stdout } = await project.run(['up', '-d', '-p', '0', '--format', 'json']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[^\n]+\n$/);
    const [container] = await project.containers();
    const [image] = await project.images();
    const up = JSON.parse(stdout);
    expect(up).toEqual({
      outcome: 'success',
      project: project.name,
      container: container?.Id,
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/),
      mode: 'serve',
      image,
      changed: ['container'],
    });
    expect(await get(up.url)).toEqual({ status: 200, body: expect.stringMatching(/^app-\d$/) });
  });

  test('-d over a running project: nothing is done; the table is the URL on stdout', async () => {
    const before = await project.up();
    expect(before.changed).toEqual([]);
    const { code, stdout, stderr } = await project.run(['up', '-d', '-p', '0']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${before.url}\n` });
    expect(stderr).toMatch(/^Running in the background \(serve\)/);
    expect(await project.up()).toEqual(before);
  });

  test('serve and debug are orders to the same container, at the same URL', async () => {
    const serve = await project.up();
    const debug = await project.up('--debug');
    expect(debug).toEqual({ ...serve, mode: 'debug', changed: ['settings'] });
    expect(await get(debug.url)).toEqual({ status: 200, body: '' });
    expect(await project.up()).toEqual({ ...serve, changed: ['settings'] });
    expect(await get(serve.url)).toEqual({ status: 200, body: expect.stringMatching(/^app-\d$/) });
  });

  test('a changed environment makes a new container, and --force-recreate does', async () => {
    const before = await project.up();
    const changed = await project.up('-e', 'SHOP=open');
    expect(changed.changed).toEqual(['container']);
    expect(changed.container).not.toBe(before.container);
    expect(await project.up('-e', 'SHOP=open')).toEqual({ ...changed, changed: [] });
    const forced = await project.up('-e', 'SHOP=open', '--force-recreate');
    expect(forced.container).not.toBe(changed.container);
    expect(await project.containers()).toHaveLength(1);
  });

  test('the aliases of --debug', async () => {
    expect(await project.up('--debug-mode')).toMatchObject({ mode: 'debug' });
    expect(await project.up('--enable-debugger')).toMatchObject({ mode: 'debug', changed: [] });
  });

  test('a container that was removed by hand is made anew', async () => {
    const before = await project.up();
    await docker.getContainer(before.container).remove({ force: true });
    expect((await project.up()).container).not.toBe(before.container);
  });
});

describe('restart, stop, start and down', () => {
  const project = makeProject({ 'wsgi.py': hello('os.getpid()', 'import os') }, { shared: true });
  afterAll(project.remove);

  test('restart: another Apache, the same container and URL', async () => {
    const before = await project.up();
    const { body } = await get(before.url);
    expect(await project.run(['restart'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `Restarted ${project.name}\n`,
    });
    const after = await get(before.url);
    expect(after.status).toBe(200);
    expect(after.body).not.toBe(body);
    expect(await project.up()).toEqual({ ...before, changed: [] });
  });

  test('stop, then start: the same container and URL', async () => {
    const { container, url } = await project.up();
    expect(await project.run(['stop'])).toMatchObject({ code: 0, stdout: '' });
    await expect(get(url)).rejects.toThrow('ECONNREFUSED');
    expect(await project.run(['stop'])).toMatchObject({ code: 1, stderr: expect.stringContaining('is not running') });
    expect(await project.run(['start'])).toMatchObject({ code: 0, stderr: `Started ${project.name}\n` });
    expect(await get(url)).toMatchObject({ status: 200 });
    expect(await project.run(['start'])).toMatchObject({ code: 0, stderr: expect.stringContaining('running already') });
    expect((await project.containers()).map(({ Id }) => Id)).toEqual([container]);
  });

  test('restart brings a stopped server back', async () => {
    const { url } = await project.up();
    await project.run(['stop', '-t', '0']);
    expect(await project.run(['restart'])).toMatchObject({ code: 0 });
    expect(await get(url)).toMatchObject({ status: 200 });
  });

  test('down leaves no container and no port; a second one has nothing to do', async () => {
    const { url } = await project.up();
    expect(await project.run(['down', '-v', '-t', '1'])).toMatchObject({
      code: 0,
      stderr: `Took down ${project.name}\n`,
    });
    expect(await project.containers()).toEqual([]);
    await expect(get(url)).rejects.toThrow('ECONNREFUSED');
    expect(await project.run(['down'])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('nothing to take down'),
    });
  });

  test.each([['start'], ['restart'], ['stop'], ['logs'], ['attach'], ['exec', 'true']])(
    '%s without a container: what to do',
    async (...words) => {
      await project.run(['down']);
      const { code, stdout, stderr } = await project.run(words);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/`wsgi-dev up`/);
    },
  );
});

describe('ps', () => {
  const breaking = [
    'def application(environ, start_response):',
    '    name = "Ada"',
    '    breakpoint()',
    '    start_response("200 OK", [])',
    '    return [name.encode()]',
    '',
  ].join('\n');
  const project = makeProject({ 'wsgi.py': breaking }, { shared: true });
  afterAll(project.remove);

  const rows = async (...args: readonly string[]): Promise<readonly Record<string, unknown>[]> => {
    const { code, stdout } = await project.run(['ps', '--format', 'json', ...args]);
    expect(code).toBe(0);
    return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  };

  test('nothing, a running server, a stopped one', async () => {
    expect(await project.run(['ps'])).toMatchObject({ code: 0, stdout: 'NAME  MODE  URL  STATUS\n' });
    expect(await rows('-a')).toEqual([]);
    const { container, url } = await project.up();
    const running = {
      project: project.name,
      container,
      name: `${project.name}-wsgi`,
      mode: 'serve',
      url,
      paused: null,
    };
    expect(await rows()).toEqual([{ ...running, state: 'running', status: expect.stringMatching(/^Up /) }]);
    expect((await project.run(['ps', '-q'])).stdout).toBe(`${container}\n`);
    expect((await project.run(['ps'])).stdout.split('\n')[1]).toContain(`${project.name}-wsgi  serve  ${url}  Up`);
    await project.run(['stop']);
    expect(await rows()).toEqual([]);
    expect((await project.run(['ps', '-aq'])).stdout).toBe(`${container}\n`);
    expect(await rows('--all')).toMatchObject([{ container, state: 'exited', mode: null, url: null }]);
  });

  test('says where the debugger stands while it does', async () => {
    const { url } = await project.up('--debug');
    const response = get(url);
    await fileThere(join(project.state, 'paused.json'));
    expect(await rows()).toMatchObject([
      {
        state: 'paused',
        mode: 'debug',
        status: 'paused at wsgi.py:4',
        paused: { file: 'wsgi.py', line: 4, function: 'application', waiting: 0 },
      },
    ]);
    const behind = [get(url), get(url)];
    // They are on their way through the engine's proxy for a moment, and are counted each second.
    const counted = async (): Promise<unknown> => ((await rows())[0] as { paused: { waiting: number } }).paused.waiting;
    while ((await counted()) !== 2);
    expect((await project.run(['ps'])).stdout).toContain('paused at wsgi.py:4, 2 more wait\n');
    // The end of the input lets the request go on, and takes the server down only when `up` is what is attached.
    expect(await project.run(['attach'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('wsgi.py(4)application()'),
    });
    expect(await response).toEqual({ status: 200, body: 'Ada' });
    for (const one of behind) {
      await fileThere(join(project.state, 'paused.json'));
      await project.run(['attach']);
      expect(await one).toEqual({ status: 200, body: 'Ada' });
    }
    expect(await rows()).toMatchObject([{ state: 'running', paused: null }]);
    expect(existsSync(join(project.state, 'waiting.json'))).toBe(false);
  });
});

describe('build', () => {
  test('prints the tag, the same again for the same project', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const first = await project.run(['build']);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^wsgi-dev\/e2e-[\d-]+:[0-9a-f]{12}\n$/) });
    expect(await project.images()).toEqual([first.stdout.trim()]);
    const quiet = await project.run(['build', '--progress', 'quiet']);
    expect(quiet).toEqual({ ...first, stderr: '' });
    expect(await project.run(['up', '-d', '-p', '0', '--no-build'])).toMatchObject({ code: 0 });
  });

  test('--no-build refuses to build, and says how', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { code, stdout, stderr } = await project.run(['up', '-d', '--no-build']);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/is not built, and --no-build forbids it\n {2}Build it with `wsgi-dev build`/);
  });
});

describe('without a project', () => {
  test.each(['version', '--version'])('%s', async (word) => {
    expect(await runCli([word])).toMatchObject({ code: 0, stdout: `wsgi-dev ${version}\n`, stderr: '' });
    expect(await runCli(['--ansi', 'never', word])).toMatchObject({ code: 0, stdout: `wsgi-dev ${version}\n` });
  });

  test('doctor: the engine, the terminal and what else is needed, as lines and as JSON', async () => {
    const nothing = makeProject({});
    const table = await nothing.run(['doctor']);
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(
      /^ok {3}engine: \S+ \(API [\d.]+, linux\/\w+\) at \S+, by .+\nok {3}terminal: none.*\nok {3}contexts: /,
    );
    const { checks } = JSON.parse((await nothing.run(['doctor', '--format', 'json'])).stdout);
    const names = [
      'engine',
      'terminal',
      'contexts',
      'disk',
      'base image',
      'registry',
      'scenarios',
      'project',
      'user',
      'port',
      'mount',
    ];
    expect(checks.map(({ name }: { readonly name: string }) => name)).toEqual([
      ...names,
      'proxies',
      'certificates',
      'confinement',
    ]);
    expect(nothing.listing(true)).toEqual([]);
    expect(checks).toContainEqual({ name: 'engine', ok: true, level: 'ok', found: expect.any(String) });
  });

  test("doctor in a project: the user and the port, the project's own too", async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const found = async (...args: readonly string[]) => {
      const { code, stdout } = await project.run(['doctor', '--format', 'json', ...args]);
      const { checks } = JSON.parse(stdout) as { checks: readonly { name: string; level: string; found: string }[] };
      return { code, check: (name: string) => checks.find((one) => one.name === name) };
    };
    const down = await found();
    expect(down.check('project')).toMatchObject({ level: 'ok', found: `${project.name} in ${project.directory}` });
    expect(down.check('user')?.found).toContain(`runs as ${developer}:${developer}`);
    expect(down.check('port')?.level).toBe('ok');
    const { url } = await project.up();
    expect((await found()).check('port')?.found).toBe(`the project runs at ${url}`);
    project.write({ 'wsgi-dev.yaml': 'pyhton: 3.11\n' });
    expect((await found()).check('project')).toMatchObject({ level: 'note', found: expect.stringContaining('pyhton') });
  });

  test('doctor --fix: leftovers go, files of others get their owner, and what is of use stays', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    await project.up();
    await project.run(['down']);
    const left = ['run/lock.lock', 'run/paused.json', 'run/settings.json.4711', 'seen-Ab12Cd'];
    const old = new Date(Date.now() - 3_600_000);
    for (const path of left) {
      const at = join(project.directory, '.wsgi-dev', path);
      if (/\.lock$|^seen/.test(path)) mkdirSync(at);
      else writeFileSync(at, '{}');
      chownSync(at, developer, developer);
      utimesSync(at, old, old);
    }
    const history = join(project.state, 'history');
    writeFileSync(history, 'p x\n');
    chownSync(history, 4711, 4711);
    const doctor = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await project.run(['doctor', '--format', 'json', ...args]);
      const { checks } = JSON.parse(stdout) as { checks: readonly { name: string; level: string; fix?: string }[] };
      return { code, stderr, of: (name: string) => checks.find((one) => one.name === name) };
    };
    const before = await doctor();
    expect(before).toMatchObject({ code: 0, stderr: '' });
    expect(before.of('leftovers')).toMatchObject({ level: 'note', fix: expect.stringContaining('remove') });
    expect(before.of('ownership')).toMatchObject({ level: 'note', found: expect.stringContaining('history (4711)') });
    const after = await doctor('--fix');
    expect(after.stderr).toMatch(/^Give .* back to its owner\nRemove what ended sessions left/m);
    expect(after.of('leftovers')).toEqual({ name: 'leftovers', ok: true, level: 'ok', found: 'none' });
    expect(after.of('ownership')).toMatchObject({ level: 'ok' });
    expect(statSync(history).uid).toBe(developer);
    expect(readFileSync(history, 'utf8')).toBe('p x\n');
    const entries = project.listing(true).map(({ path }) => path);
    expect(entries.filter((path) => left.some((one) => path.endsWith(one)))).toEqual([]);
    expect(entries).toContain('.wsgi-dev/run/settings.json');
  });

  test('doctor --fix: what a killed run of scenarios has on the engine goes, what one that goes on has stays', async () => {
    const hanging = 'steps: [{request: GET /}, {response: 200}]\nstep_timeout: 300\n';
    const project = makeProject({
      'wsgi.py': 'import time\ndef application(environ, start_response):\n    time.sleep(300)\n',
      'one.scenario.yaml': hanging,
      'two.scenario.yaml': hanging,
      'three.scenario.yaml': hanging,
    });
    const onEngine = async () => [
      ...(await containersNamed(`${project.name}-ci-`)),
      ...(await networksOf(project.name)).map((name) => `network ${name}`),
    ];
    const begin = async () => {
      const before = await onEngine();
      // More scenarios than jobs: each job has a network, a container that keeps it, and that of the scenario.
      const ci = project.start(['ci', '.', '--jobs', '2']);
      await expect.poll(onEngine, { timeout: 60_000, interval: 100 }).toHaveLength(before.length + 6);
      return { ci, has: (await onEngine()).filter((one) => !before.includes(one)) };
    };
    const killed = await begin();
    killed.ci.child.kill('SIGKILL');
    await killed.ci.result;
    const goesOn = await begin();
    const scenarios = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await project.run(['doctor', '--format', 'json', ...args]);
      const { checks } = JSON.parse(stdout) as { checks: readonly { name: string; level: string; found: string }[] };
      return { code, stderr, check: checks.find(({ name }) => name === 'scenarios') };
    };
    const { check: before } = await scenarios();
    expect(before).toMatchObject({ level: 'note', found: expect.stringMatching(/^a run that was killed has left /) });
    for (const name of killed.has) expect(before?.found).toContain(name.replace(/^\/|^network /, ''));
    for (const name of goesOn.has) expect(before?.found).not.toContain(name.replace(/^\/|^network /, ''));
    const after = await scenarios('--fix');
    expect(after).toMatchObject({ code: 0, check: { level: 'ok' } });
    expect(after.stderr).toMatch(/^Remove the containers .* and the networks /m);
    expect((await onEngine()).toSorted()).toEqual(goesOn.has.toSorted());
    goesOn.ci.child.kill('SIGTERM');
    expect((await goesOn.ci.result).code).toBe(130);
    expect(await onEngine()).toEqual([]);
  });

  test('doctor without an engine, and with a context that is not there, looks at the rest all the same', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    for (const env of [{ DOCKER_HOST: 'unix:///nowhere.sock' }, { DOCKER_CONTEXT: 'nowhere' }]) {
      const { code, stdout, stderr } = await project.run(['doctor', '--fix'], { env });
      expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
      expect(stdout).toMatch(/^FAIL engine: .*nowhere/);
      expect(stdout).toMatch(/^ok {3}port: /m);
      expect(stdout).toMatch(/^ok {3}project: /m);
      expect(stdout).not.toContain('leftovers');
    }
  });

  test('doctor --fix asks on a terminal, and does nothing without a yes', async () => {
    const project = makeProject({ 'wsgi.py': hello(), '.wsgi-dev/run/lock.lock/': '' });
    const lock = join(project.state, 'lock.lock');
    const old = new Date(Date.now() - 3_600_000);
    utimesSync(lock, old, old);
    const ask = async (answer: string): Promise<void> => {
      const terminal = await openTerminal([process.execPath, cliPath, 'doctor', '--fix'], { cwd: project.directory });
      try {
        await terminal.until(/Remove what ended sessions left in .*\? \[Y\/n\] $/);
        terminal.type(answer);
        expect((await terminal.ended).code).toBe(0);
      } finally {
        terminal.close();
      }
    };
    await ask('n\r');
    await ask(key.ctrlD);
    expect(existsSync(lock)).toBe(true);
    await ask('\r');
    expect(existsSync(lock)).toBe(false);
  });

  test('doctor: a port that is named and busy fails, with what to do', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const { code, stdout } = await project.run(['doctor'], { env: { WSGI_DEV_PORT: String(port) } });
      expect(code).toBe(1);
      expect(stdout).toMatch(new RegExp(`^FAIL port: ${port} is busy\n {5}See what listens .*--port`, 'm'));
    } finally {
      server.close();
    }
  });

  const verbs = 'up attach down stop start restart ps logs exec run shell build doctor completion'.split(' ');
  test.each(verbs)('%s --help has an example', async (verb) => {
    const { code, stdout, stderr } = await runCli([verb, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.startsWith(`Usage: wsgi-dev ${verb} `)).toBe(true);
    expect(stdout).toContain(`
Example:
  $ wsgi-dev ${verb}`);
  });

  test('--help names every command', async () => {
    const { code, stdout } = await runCli(['--help']);
    expect(code).toBe(0);
    for (const verb of [...verbs, 'version']) expect(stdout).toMatch(new RegExp(`^ {2}${verb} `, 'm'));
  });
});

describe('wrong words: exit code 2, with what was meant', () => {
  test.each([
    [['strat'], /unknown command 'strat'[\s\S]*Did you mean start\?/],
    [['up', '--debgu'], /unknown option '--debgu'[\s\S]*Did you mean --debug\?/],
    [['ps', '--format', 'yaml'], /--format <format>' argument 'yaml' is invalid[\s\S]*table, json/],
    [['logs', '-n', 'few'], /'few' is invalid[\s\S]*whole number of lines/],
    [['logs', '--since', 'noon'], /'noon' is invalid[\s\S]*10m/],
    [['down', '-t', 'soon'], /'soon' is invalid[\s\S]*whole number of seconds/],
    [['up', '--wait-timeout', '0'], /'0' is invalid[\s\S]*number of seconds/],
    [['up', '--detach-keys', 'ctrl-'], /ctrl-/],
    [['exec'], /missing required argument 'command'/],
    [['up', 'now'], /too many arguments/],
    [['--ansi', 'sometimes', 'ps'], /never, always, auto/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('help of a command, of one below it, and of a word that is none', async () => {
    expect(await runCli(['help', 'up'])).toMatchObject({ code: 0, stdout: (await runCli(['up', '--help'])).stdout });
    expect(await runCli(['help', 'ci', 'init'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(' ci init '),
    });
    const { code, stdout, stderr } = await runCli(['help', 'ci', 'nope']);
    expect({ code, stdout, stderr }).toMatchObject({ code: 2, stdout: '' });
    expect(stderr).toContain("unknown command 'ci nope'");
  });

  test('no command at all: the help, and exit code 2', async () => {
    expect(await runCli([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Run and debug:') });
  });
});

describe('up --dry-run', () => {
  test('prints image and container, and does neither', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { code, stdout } = await project.run(['up', '--dry-run', '--debug', '-e', 'TOKEN=hunter2']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^image:\n {2}tag: wsgi-dev/${project.name}:[0-9a-f]{12}\n {2}build: true\n`));
    expect(stdout).toMatch(/^container:\n[\s\S]*hostIp: 127\.0\.0\.1\n/m);
    expect(stdout).toContain('TOKEN');
    expect(stdout).not.toContain('hunter2');
    expect(await project.images()).toEqual([]);
    expect(await project.containers()).toEqual([]);
    expect(project.listing(true).map(({ path }) => path)).toEqual(['wsgi.py']);
  });
});

describe('where the project is', () => {
  const project = makeProject(
    { 'deep/er/x.txt': '', 'wsgi-dev.yaml': 'app: deep/wsgi.py\n', 'deep/wsgi.py': hello('environ.get("HTTP_HOST")') },
    { shared: true },
  );
  afterAll(project.remove);

  test('a directory below it, -C and -f lead to the same container', async () => {
    const { container } = await project.up();
    const below = await project.run(['ps', '-q'], { cwd: join(project.directory, 'deep/er') });
    const named = await runCli(['-C', project.directory, 'ps', '-q'], { cwd: '/' });
    const byFile = await runCli(['-f', join(project.directory, 'wsgi-dev.yaml'), 'ps', '-q'], { cwd: '/' });
    const byVariable = await runCli(['ps', '-q'], { cwd: '/', env: { WSGI_DEV_PROJECT_DIRECTORY: project.directory } });
    for (const { code, stdout } of [below, named, byFile, byVariable]) {
      expect({ code, stdout }).toEqual({ code: 0, stdout: `${container}\n` });
    }
  });
});
