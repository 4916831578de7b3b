import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScenarioResult } from '../../src/scenario/result/result.ts';
import { containersNamed, docker, networksOf } from '../helpers/docker.ts';
import { fileThere, makeProject, type TestProject } from '../helpers/project.ts';

const application = `\
import json
import os
import threading
import time

FRUIT = ["apple", "pear"]


def application(environ, start_response):
    path, query = environ["PATH_INFO"], environ["QUERY_STRING"]
    body = ""
    if path == "/stop":
        value = query
        breakpoint()
        body = value.upper()
    elif path == "/raise":
        raise LookupError("no such fruit")
    elif path == "/crash":
        os.abort()
    elif path == "/hang":
        while True:
            time.sleep(0.01)
    elif path == "/json":
        json.loads("{x")
    elif path == "/wait":
        threading.Event().wait()
    elif path == "/write":
        with open("written", "a") as file:
            file.write("x")
        with open("written") as file:
            body = file.read()
    elif path == "/cookie":
        body = environ.get("HTTP_COOKIE", "none")
    elif path == "/echo":
        body = environ["wsgi.input"].read().decode()
    elif path == "/fixed":
        body = " ".join([os.environ["TZ"], str(os.getuid()), os.uname().nodename, environ["HTTP_HOST"], str(hash("x"))])
    start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", "seen=yes")])
    return [body.encode()]
`;
const lineOf = (text: string): number => application.split('\n').findIndex((line) => line.trim() === text) + 1;
const stopLine = lineOf('body = value.upper()');

const BUILD_MS = 300_000;
let project: TestProject;

beforeAll(async () => {
  project = makeProject({ 'wsgi.py': application }, { shared: true });
  const { code, stderr } = await project.run(['build']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
}, BUILD_MS);
afterAll(() => project.remove());

interface CiRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** result.json by the scenario's name. */
  readonly results: ReadonlyMap<string, ScenarioResult>;
}

let count = 0;

/** Runs scenarios, each the text of a file, and reads what they left. */
async function ci(scenarios: readonly string[], ...args: readonly string[]): Promise<CiRun> {
  count += 1;
  const folder = `scenarios-${count}`;
  project.write(Object.fromEntries(scenarios.map((text, at) => [`${folder}/${at}.scenario.yaml`, text])));
  const output = `${folder}/report`;
  const { code, stdout, stderr } = await project.run(['ci', folder, '--output', output, ...args]);
  const directory = join(project.directory, output);
  const results = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
  const read = results
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => JSON.parse(readFileSync(join(directory, name, 'result.json'), 'utf8')) as ScenarioResult);
  return { code, stdout, stderr, results: new Map(read.map((result) => [result.name, result])) };
}

/** The one failure of a run of one scenario. */
async function failure(text: string, ...args: readonly string[]) {
  const { code, stdout, results } = await ci([text], ...args);
  const [result] = results.values();
  return { code, stdout, ...result?.failure };
}

describe('what a scenario can do', () => {
  test('stop, ask, save, answer, keep cookies', async () => {
    const { code, stdout, results } = await ci([
      `
name: all of it
steps:
  - request: GET /stop?pear
  - stop:
      at: wsgi.py:${stopLine}
      function: application
      reason: breakpoint
      commands:
        - {run: p value, expect: "'pear'", save: {fruit: {match: "'(.*)'"}}}
        - {run: p FRUIT, expect: {json: [apple, pear]}}
        - {run: "value = 'quince'"}
  - response: {status: 200, body: QUINCE, headers: {content-type: {contains: text/plain}}}
  - request: {method: POST, path: /echo, form: {fruit: "\${fruit}"}}
  - response: {body: fruit=pear}
  - request: GET /cookie
  - response: {body: seen=yes, save: whole}
  - run: {command: "echo \${whole}; exit 3", code: 3, expect: seen=yes}
`,
    ]);
    expect(stdout).toMatch(/^ok {4}all of it \(/m);
    expect(stdout).toMatch(/^1 passed$/m);
    expect(code).toBe(0);
    expect(results.get('all of it')).toMatchObject({
      outcome: 'passed',
      stops: [{ file: 'wsgi.py', line: stopLine, request: 1, reason: 'breakpoint' }],
      requests: [
        { method: 'GET', path: '/stop?pear', status: 200 },
        { method: 'POST', status: 200 },
        { path: '/cookie', status: 200, bytes: 8 },
      ],
    });
    const [stop] = results.get('all of it')?.stops ?? [];
    expect(stop?.locals).toContainEqual({ name: 'value', value: "'pear'" });
    expect(stop?.source.find(({ current }) => current)?.text.trim()).toBe('body = value.upper()');
    expect(stop?.commands[0]).toEqual({ line: 'p value', output: "'pear'\n" });
  });

  test('steps, several stops of one request, and requests in flight while one is stopped', async () => {
    const { stdout, code } = await ci([
      `
name: in flight
break: ["wsgi.py:${lineOf('value = query')}"]
steps:
  - request: {name: first, path: /stop?a}
  - stop: {at: "wsgi.py:${lineOf('value = query')}", stay: true}
  - request: {name: second, path: /cookie}
  - commands:
      - next
      - {run: p value, expect: "'a'"}
      - continue
  - stop: {at: "wsgi.py:${stopLine}", of: first}
  - response: {of: first, body: A}
  - response: {of: second, body: none}
  - request: {name: third, path: /stop?b}
  - stop: {of: third, at: "wsgi.py:${lineOf('value = query')}"}
  - stop: {of: third, at: "wsgi.py:${stopLine}", commands: [quit]}
  - response: {of: third, status: 500}
`,
    ]);
    expect(stdout).toContain('ok    in flight');
    expect(code).toBe(0);
  });

  test('an exception, Ctrl-C, rows, hooks', async () => {
    const { stdout, code, results } = await ci([
      `
name: it raises
before: [touch prepared]
after: [test -e prepared]
steps:
  - request: GET /raise
  - stop: {reason: exception, exception: {contains: no such fruit}}
  - response: 500
`,
      `
name: it hangs
each: [{turn: 1}, {turn: 2}, {turn: 3}]
steps:
  - request: GET /hang?\${turn}
  # At once, as the request begins.
  - interrupt: true
  - stop: {reason: interrupt, function: application, commands: [quit]}
  - response: 500
`,
      `
name: rows of \${fruit}
each: [{fruit: plum, loud: PLUM}, {fruit: fig, loud: FIG}]
steps:
  - request: GET /stop?\${fruit}
  - stop: {at: wsgi.py}
  - response: {body: "\${loud}"}
`,
    ]);
    expect(stdout).toContain('6 passed');
    expect(code).toBe(0);
    expect([...results.keys()]).toEqual(expect.arrayContaining(['it raises', 'rows of fig', 'rows of plum']));
  });
});

describe('what fails, at once and with its place', () => {
  test('a breakpoint() that no step expects', async () => {
    const { code, stdout, ...rest } = await failure(
      'name: forgotten\nsteps: [{request: GET /stop?x}, {response: 200}]',
    );
    expect(rest).toMatchObject({
      kind: 'stop',
      step: 2,
      at: { file: 'wsgi.py', line: stopLine },
      message: `stopped at wsgi.py:${stopLine} in application (breakpoint), where no step expects it`,
    });
    expect(stdout).toMatch(/^FAIL {2}forgotten/m);
    expect(stdout).toMatch(new RegExp(`-> +${stopLine} +body = value\\.upper\\(\\)`));
    expect(code).toBe(1);
  });

  test('one during a command, at once', async () => {
    expect(await failure('steps: [{request: GET /stop?x}, {run: sleep 60}, {response: 200}]')).toMatchObject({
      kind: 'stop',
      step: 2,
      at: { file: 'wsgi.py', line: stopLine },
    });
  });

  test('one during a command, where a step that follows takes it, is no failure', async () => {
    const { code, stdout } = await ci([
      'before: ["true", "true"]\nsteps: [{request: GET /stop?x}, {run: sleep 1}, {run: "true"}, {stop: {at: wsgi.py}}, {response: 200}]',
    ]);
    expect({ code, stdout }).toMatchObject({ code: 0 });
  });

  test('an expectation, with both sides', async () => {
    const { code, stdout, kind, message } = await failure(
      'steps: [{request: GET /stop?x}, {stop: {commands: [{run: p value, expect: "\'y\'"}]}}]',
    );
    expect(kind).toBe('expectation');
    expect(message).toMatch(/p value\n +expected: +'y'\n +actual: +'x'/);
    expect(stdout).toContain("actual:   'x'");
    expect(code).toBe(1);
  });

  test.each([
    ['a stop elsewhere', '[{request: GET /stop}, {stop: {at: wsgi.py:1}}]', 'expectation', /where it stops/],
    ['a stop that never comes', '[{request: GET /cookie}, {stop: {at: wsgi.py}}]', 'absent', /nothing has stopped/],
    ['a status', '[{request: GET /cookie}, {response: 404}]', 'expectation', /the status/],
    ['a crash', '[{request: GET /crash}, {response: 200}]', 'crash', /was ended by SIGABRT at wsgi\.py:\d+$/],
    ['a command that lets it go on', '[{request: GET /stop}, {stop: {commands: [c, p 1]}}]', 'command', /`c` let the/],
    ['a command in the container', '[{run: exit 7}]', 'expectation', /the exit code of exit 7/],
  ])('%s', async (_name, steps, kind, message) => {
    const found = await failure(`steps: ${steps}`);
    expect(found).toMatchObject({ code: 1, kind });
    expect(found.message).toMatch(message);
  });

  test.each([
    ['before', 'before: ["echo no table >&2; exit 3"]\nsteps: [{run: "true"}]'],
    ['run', 'steps: [{run: "echo no table >&2; exit 3"}]'],
  ])('a command of `%s`, with what it printed', async (_, text) => {
    const { code, stdout, message } = await failure(text);
    expect(message).toMatch(/expected: 0\n +actual: +3\n +printed:\n +no table$/);
    expect(stdout).toMatch(/^ +printed:\n +no table$/m);
    expect(code).toBe(1);
  });

  test('what is wrong with all of them is told once, and none of them was interrupted', async () => {
    const steps = 'steps: [{request: GET /cookie}, {response: 200}]';
    const { code, stdout, stderr } = await ci([steps, steps, steps], '--frozen');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.match(/wsgi-dev\.lock does not exist/g)).toHaveLength(1);
  });

  test('a hang: at the limit of the step, with code 124', async () => {
    const found = await failure('step_timeout: 1\nsteps: [{request: GET /hang}, {response: 200}]');
    expect(found).toMatchObject({ code: 124, kind: 'time' });
    expect(found.message).toMatch(/waiting for the response of GET \/hang: nothing within 1 s/);
    // Ctrl-C found where: the loop, or the sleep in it.
    const lines = [lineOf('while True:'), lineOf('time.sleep(0.01)')];
    expect(found.at?.file).toBe('wsgi.py');
    expect(lines).toContain(found.at?.line);
    expect(found.source?.find(({ current }) => current)?.line).toBe(found.at?.line);
  });

  test.each([
    ['json.loads("{x")', '/json', 'stop', /json\/decoder\.py:\d+ in raw_decode \(exception\)/],
    ['threading.Event().wait()', '/wait', 'time', /\nIt stood at \/usr\/lib\/python3.*\/threading\.py:\d+$/],
  ])('in a library: %s is the line of the project that led there', async (line, path, kind, message) => {
    const found = await failure(`step_timeout: 2\npost_mortem: true\nsteps: [request: GET ${path}, response: 200]`);
    expect(found).toMatchObject({
      kind,
      message: expect.stringMatching(message),
      at: { file: 'wsgi.py', line: lineOf(line) },
    });
    expect(found.source).toContainEqual({ line: lineOf(line), text: `        ${line}`, current: true });
  });

  test('a crash: with the source around its place, and the last words', async () => {
    const { at, source, stdout } = await failure('steps: [{request: GET /crash}, {response: 200}]');
    const line = lineOf('os.abort()');
    expect(at).toEqual({ file: 'wsgi.py', line });
    expect(source).toContainEqual({ line, text: '        os.abort()', current: true });
    expect(stdout).toMatch(new RegExp(`wsgi\\.py:${line}: The application's process was ended by SIGABRT`));
    expect(stdout).toMatch(/last seen:[\s\S]*Fatal Python error: Aborted/);
  });

  test('an application that does not load', async () => {
    project.write({ 'broken.py': 'import nowhere\n' });
    const found = await failure('config: {app: "broken:application"}\npost_mortem: false\nsteps: [{request: GET /}]');
    expect(found).toMatchObject({ code: 1, kind: 'start' });
    expect(found.message).toMatch(/broken\.py:1: ModuleNotFoundError: No module named 'nowhere'/);
  });

  test('faults of the files are told together, before anything runs', async () => {
    const { code, stderr } = await ci(['steps: [{requst: GET /}]', 'steps: []', 'nmae: x\nsteps: [{run: ls}]']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /0\.scenario\.yaml:1:10: [\s\S]*1\.scenario\.yaml:1:[\s\S]*2\.scenario\.yaml:1:1: [\s\S]*`name`/,
    );
  });
});

test('what only the whole configuration shows to be wrong is told with its line too', async () => {
  const { code, stderr } = await ci(['steps: [{request: GET /}]\nconfig:\n  app: nowhere:application\n']);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /0\.scenario\.yaml:3:8: there is no module nowhere .*\n {6}app: nowhere:application\n {11}\^\n/,
  );
});

test('what is odd about the configuration is told once, however many scenarios have it', async () => {
  const odd = makeProject({
    'wsgi.py': application,
    'wsgi-dev.yaml': 'env: {TOKEN: $NOT_SET_ANYWHERE}\n',
    ...Object.fromEntries(['a', 'b'].map((name) => [`${name}.scenario.yaml`, 'skip: not today\nsteps: [{run: ls}]'])),
  });
  const { stdout, stderr } = await odd.run(['ci', '.', '--output', 'report']);
  expect(stdout).toContain('2 skipped');
  expect(stderr.match(/the variable NOT_SET_ANYWHERE is not set/g)).toHaveLength(1);
});

test('the schema of scenario files is printed for an editor; without files there is nothing to run', async () => {
  const { code, stdout } = await project.run(['ci', '--schema']);
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync(resolve(import.meta.dirname, '../../schemas/scenario.schema.json'), 'utf8'));
  expect(await project.run(['ci'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Which scenarios?') });
});

describe('runs', () => {
  test('jobs side by side change nothing of each other, and leave nothing behind', async () => {
    const scenario = (name: string) => `
name: ${name}
steps:
  - request: GET /write
  - response: {body: x}
  - request: GET /write
  - response: {body: xx}
`;
    const { stdout, code } = await ci(['a', 'b', 'c', 'd'].map(scenario), '--jobs', '2');
    expect(stdout).toContain('4 passed');
    expect(code).toBe(0);
    expect(existsSync(join(project.directory, 'written'))).toBe(false);
    expect(await containersNamed(`${project.name}-ci-`)).toEqual([]);
    expect(await networksOf(project.name)).toEqual([]);
    // One image with the source in it is kept, for a source that is the same the next time.
    const sources = await docker.listImages({ filters: { reference: [`wsgi-dev/${project.name}-source`] } });
    expect(sources).toHaveLength(1);
  });

  test('one after the other, each is alone: no files, no processes of the one before', async () => {
    const leaves =
      'name: leaves\nsteps: [{run: "touch /tmp/left /app/left; sleep 1000 >/dev/null 2>&1 &"}, {request: GET /write}]';
    const finds = `
name: finds
steps:
  - run: {command: ls /tmp/left /app/left, code: 2}
  - run: {command: "cat /proc/[0-9]*/comm", expect: {contains: apache2, not: {contains: sleep}}}
  - request: GET /write
  - response: {body: x}
`;
    const { stdout } = await ci([leaves, finds, finds.replace('finds', 'finds nothing')]);
    expect(stdout).toContain('3 passed');
    expect(await containersNamed(`${project.name}-ci-`)).toEqual([]);
  });

  test('a line that is longer than the terminal is wide is typed whole, and its echo is no output', async () => {
    const fruit = 'pear '.repeat(200);
    const { stdout, results } = await ci([
      `
name: long
steps:
  - request: GET /stop
  - stop: {commands: ["found = '${fruit}'", {run: "p '${fruit}' == found", expect: {exact: "True"}}]}
`,
    ]);
    expect(stdout).toContain('1 passed');
    expect(results.get('long')?.stops[0]?.commands).toMatchObject([{ output: '' }, { output: 'True\n' }]);
  });

  test('what an earlier run has left is no part of the source', async () => {
    project.write({
      'again/x.scenario.yaml': 'steps: [{run: test -e /app/again}, {run: test ! -e /app/again/evidence}]',
    });
    for (const _ of [1, 2]) {
      expect(await project.run(['ci', 'again', '--output', 'again/evidence'])).toMatchObject({ code: 0 });
    }
  });

  test('each is the same on every machine: zone, user, names', async () => {
    const { stdout } = await ci([
      'name: fixed\nsteps:\n  - request: GET /fixed\n  - response: {body: {match: "^UTC 1000 wsgi-dev localhost:8000 -?\\\\d+$"}}',
    ]);
    expect(stdout).toContain('1 passed');
  });

  test('filter, skip and only', async () => {
    const all = [
      'name: one\ntags: [a]\nsteps: [{run: "true"}]',
      'name: two\nskip: not today\nsteps: [{run: "false"}]',
      'name: three\nsteps: [{run: "false"}]',
    ];
    expect((await ci(all, '--filter', '/one|two/')).stdout).toMatch(
      /^ok {4}one[\s\S]*^skip {2}two \(not today\)[\s\S]*^1 passed, 1 skipped$/m,
    );
    expect((await ci(all, '--filter', 'tag:a')).stdout).toMatch(/^1 passed$/m);
    expect(await ci(all, '--filter', 'nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('one, two'),
    });
    expect((await ci([...all, 'name: four\nonly: true\nsteps: [{run: "true"}]'])).stdout).toMatch(/^1 passed$/m);
  });

  test('a failed one is run again, where that is asked for', async () => {
    const flaky = `name: flaky\nsteps: [{run: 'test "$(hostname)" = nowhere'}]`;
    const { stdout, code, results } = await ci([flaky], '--retry', '1');
    expect(stdout.match(/FAIL/g)).toHaveLength(1);
    expect(results.get('flaky')?.outcome).toBe('failed');
    expect(code).toBe(1);
  });

  test('a failed one is left to a person, who attaches to it', async () => {
    project.write({ 'held/x.scenario.yaml': 'name: held\nsteps: [{request: GET /stop?quince}, {response: 200}]' });
    const running = project.start(['ci', 'held', '--on-failure', 'attach']);
    const said = await running.stdoutSays(/attach --project-name (\S+)\n/);
    const name = /--project-name (\S+)/.exec(said)?.[1] ?? '';
    const [container] = await docker.listContainers({ filters: { name: [name] } });
    const url = `http://127.0.0.1:${container?.Ports[0]?.PublicPort}/`;
    expect(JSON.parse((await project.run(['ps', '--project-name', name, '--format', 'json'])).stdout)).toMatchObject({
      state: 'paused',
      url,
      paused: { file: 'wsgi.py', line: stopLine },
    });
    const { stdout, stderr } = await project.run(['attach', '--project-name', name], { input: 'p value\nc\n' });
    expect(stdout).toContain("'quince'");
    expect(`${stdout}${stderr}`).toContain(`Attached to ${name}: ${url} `);
    expect(await project.run(['down', '--project-name', name])).toMatchObject({ code: 0 });
    expect((await running.result).code).toBe(1);
    expect(await networksOf(project.name)).toEqual([]);
  });

  test('SIGTERM while the image is built ends that too, and nothing is run', async () => {
    const unseen = makeProject({
      'wsgi.py': application,
      'requirements.txt': `# ${randomUUID()}\nFlask==3.1.3\n`,
      'one.scenario.yaml': 'steps: [{request: GET /}, {response: 200}]',
    });
    const running = unseen.start(['ci', '.']);
    await running.stderrSays(/Collecting/);
    running.child.kill('SIGTERM');
    const { code, stdout } = await running.result;
    expect({ code, stdout }).toEqual({ code: 130, stdout: expect.stringContaining('0 passed, 1 skipped') });
    expect(await unseen.images()).toEqual([]);
  });

  test('SIGTERM ends it, and nothing is left', async () => {
    project.write({ 'slow/long.scenario.yaml': 'steps: [{request: GET /hang}, {response: 200}]\nstep_timeout: 60' });
    const states = join(project.directory, '.wsgi-dev/ci');
    const made = new Promise<string>((resolve) => {
      const watcher = watch(states, (_event, name) => {
        watcher.close();
        resolve(String(name));
      });
    });
    const running = project.start(['ci', 'slow']);
    await fileThere(join(states, await made, 'state.json'));
    running.child.kill('SIGTERM');
    expect((await running.result).code).toBe(130);
    expect(await containersNamed(`${project.name}-ci-`)).toEqual([]);
    expect(await networksOf(project.name)).toEqual([]);
  });
});
