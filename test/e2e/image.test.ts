import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { docker, inContainer } from '../helpers/docker.ts';
import { fileThere, get, hello, makeProject } from '../helpers/project.ts';

const authority = resolve(import.meta.dirname, '../fixtures/authority.pem');
/** A step of the Dockerfile, as either of the engine's builders tells it. */
const step = /Step \d+\/\d+ : |\[\w+ \d+\/\d+\] /;

/** A first line that no requirements file has had before: what stands on it is in no cache. */
const unseen = (): string => `# ${randomUUID()}\n`;
/** What apt prints when its step is not taken from the cache. */
const aptRan = /Reading package lists/;

test('an unchanged project builds nothing; another requirement builds what stands on it', async () => {
  const project = makeProject({
    'wsgi.py': hello(),
    'requirements.txt': '-r base.txt\n',
    'base.txt': 'bottle==0.13.4\n',
  });
  const first = await project.run(['build']);
  expect(first).toMatchObject({ code: 0, stderr: expect.stringMatching(step) });
  const again = await project.run(['up', '-d', '-p', '0', '--format', 'json']);
  expect(JSON.parse(again.stdout)).toMatchObject({ image: first.stdout.trim() });
  expect(again.stderr).not.toMatch(/Step|Building/);
  project.write({ 'wsgi.py': hello('__import__("bottle").__version__') });
  expect((await project.run(['build'])).stdout).toBe(first.stdout);

  project.write({ 'base.txt': `${unseen()}bottle==0.13.4\nitsdangerous==2.2.0\n` });
  const changed = await project.run(['up', '-d', '-p', '0', '--format', 'json']);
  const up = JSON.parse(changed.stdout);
  expect(up.image).not.toBe(first.stdout.trim());
  expect(up.changed).toEqual(['container']);
  expect(await get(up.url)).toEqual({ status: 200, body: '0.13.4' });
  expect(changed.stderr).toMatch(/Collecting itsdangerous/);
  expect(changed.stderr).not.toMatch(aptRan);
  // What was there before is there again without a build.
  project.write({ 'base.txt': 'bottle==0.13.4\n' });
  const back = await project.run(['up', '-d', '-p', '0', '--format', 'json']);
  expect(JSON.parse(back.stdout)).toMatchObject({ image: first.stdout.trim() });
  expect(back.stderr).not.toMatch(step);
});

test('build --no-cache asks the engine for every step anew', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  // A real one takes a minute and spoils the cache of every test beside it, so it ends at the engine's door.
  const asked: string[] = [];
  const door = createServer((incoming, answer) => {
    if (incoming.url?.includes('/build')) {
      asked.push(incoming.url);
      incoming.resume().on('end', () => answer.end('{"error":"stopped at the door"}\n'));
      return;
    }
    const { method, url, headers } = incoming;
    const onward = request({ socketPath: '/var/run/docker.sock', method, path: url, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void door.close());
  const env = { DOCKER_HOST: `tcp://127.0.0.1:${(door.address() as AddressInfo).port}` };
  for (const flags of [['--no-cache'], []]) {
    const { code, stderr } = await project.run(['build', ...flags], { env });
    expect(code).toBe(4);
    expect(stderr).toContain('stopped at the door');
  }
  expect(asked.map((url) => new URL(url, 'http://engine').searchParams.get('nocache') === 'true')).toEqual([
    true,
    false,
  ]);
});

test('Ctrl-C ends a build, with no image and no lock', async () => {
  const project = makeProject({ 'wsgi.py': hello(), 'requirements.txt': `${unseen()}Flask==3.1.3\n` });
  const up = project.start(['up', '-d', '-p', '0']);
  await up.stderrSays(/Collecting/);
  up.child.kill('SIGINT');
  const { code, signal, stdout } = await up.result;
  expect(code === 130 || signal === 'SIGINT').toBe(true);
  expect(stdout).toBe('');
  expect(await project.images()).toEqual([]);
  project.write({ 'requirements.txt': '' });
  expect((await project.run(['up', '-d', '-p', '0'])).stderr).not.toMatch(/Another wsgi-dev/);
});

describe('a build that fails', () => {
  test('a requirement that is not there: 4, the step, its last lines, and plain text', async () => {
    const project = makeProject({ 'wsgi.py': hello(), 'requirements.txt': 'wsgi-dev-no-such-package==9.9\n' });
    const { code, stdout, stderr } = await project.run(['up', '-d', '--format', 'json'], { env: { CI: 'true' } });
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^wsgi-dev: Cannot build the image wsgi-dev\/\S+: at \[packages \d+\/\d+\] RUN .*pip install/m,
    );
    expect(stderr).toMatch(
      /No matching distribution found for wsgi-dev-no-such-package==9\.9\nthe command ended with code 1/,
    );
    expect(stderr).not.toMatch(/\u001b|\r/);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'error',
      code: 4,
      message: expect.stringContaining('Cannot build'),
    });
    expect(await project.images()).toEqual([]);
    expect(await project.containers()).toEqual([]);
  });

  test('a server that runs is left alone by it', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const { url, container } = await project.up();
    project.write({ 'requirements.txt': '!!\n' });
    expect(await project.run(['up', '-d', '-p', '0'])).toMatchObject({ code: 4 });
    expect(await get(url)).toMatchObject({ status: 200 });
    expect((await project.containers()).map(({ Id }) => Id)).toEqual([container]);
  });
});

test('the host’s authorities are the build’s alone, and no compiler is in the image', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  const env = { REQUESTS_CA_BUNDLE: authority };
  const [, body = ''] = readFileSync(authority, 'utf8').split('\n');
  const plan = await project.run(['up', '--dry-run'], { env });
  expect(plan.stdout).toMatch(/certificates\/[0-9a-f]{16}\.crt/);
  const { code, stdout } = await project.run(['up', '-d', '-p', '0', '--format', 'json'], { env });
  expect(code).toBe(0);
  const up = JSON.parse(stdout);
  const without = await project.run(['up', '--dry-run'], { env: { REQUESTS_CA_BUNDLE: undefined } });
  expect(without.stdout).not.toContain(up.image);
  const found = await inContainer(up.container, ['grep', '-rslF', body, '/etc', '/usr', '/opt', '/var', '/tmp'], '0');
  expect(found).toBe('');
  const compilers = await inContainer(up.container, ['sh', '-c', 'command -v gcc cc g++ make ld apxs2; true'], '0');
  expect(compilers).toBe('');
  const layers = await docker.getImage(up.image).history();
  expect(JSON.stringify(layers)).not.toContain('ca-certificates/');
});

test('packages.apt are in the image', async () => {
  const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': 'packages: {apt: [hello]}\n' });
  const { container } = await project.up();
  expect(await inContainer(container, ['hello'])).toBe('Hello, world!\n');
});

test("Debian's Python packages are seen, behind the requirements", async () => {
  const places = 'str([itsdangerous.__file__, blinker.__file__])';
  const project = makeProject({
    'wsgi.py': hello(places, 'import blinker, itsdangerous'),
    'requirements.txt': 'itsdangerous\n',
    'wsgi-dev.yaml': 'packages: {apt: [python3-blinker, python3-itsdangerous]}\n',
  });
  const { url } = await project.up();
  const { body } = await get(url);
  expect(body).toMatch(/'\/opt\/venv\/\S+itsdangerous\S+', '\/usr\/lib\/python3\/dist-packages\/blinker\S+'/);
});

describe('two at once', () => {
  test('on one project: both are done, one after the other, and the second says who holds it', async () => {
    const project = makeProject({
      'wsgi.py': `import time\ntime.sleep(1)\n${hello()}`,
      'requirements.txt': 'bottle==0.13.3\n',
    });
    const all = await Promise.all([1, 2].map(() => project.run(['up', '-d', '-p', '0', '--format', 'json'])));
    expect(all.map(({ code }) => code)).toEqual([0, 0]);
    const [one, two] = all.map(({ stdout }) => JSON.parse(stdout));
    expect(one.container).toBe(two.container);
    expect([one.changed, two.changed].sort()).toEqual([[], ['container']]);
    const waited = all.filter(({ stderr }) =>
      /Another wsgi-dev \(.*\) works on this project; waiting for it/.test(stderr),
    );
    expect(waited).toHaveLength(1);
    expect(all.filter(({ stderr }) => step.test(stderr))).toHaveLength(1);
    expect(await get(one.url)).toMatchObject({ status: 200 });
  });

  test('on several projects, all on the default port', async () => {
    const projects = [1, 2, 3].map((n) => makeProject({ 'wsgi.py': hello(`"project ${n}"`) }));
    const all = await Promise.all(projects.map((project) => project.run(['up', '-d'])));
    expect(all.map(({ code, stderr }) => [code, /busy: something/.test(stderr)])).toEqual(
      projects.map(() => [0, false]),
    );
    const bodies = await Promise.all(all.map(async ({ stdout }) => (await get(stdout.trim())).body));
    expect(bodies).toEqual(['project 1', 'project 2', 'project 3']);
  });

  test('a lock that a killed process left is taken over', async () => {
    const project = makeProject({ 'wsgi.py': 'import time\nopen("/app/loading", "w").close()\ntime.sleep(600)\n' });
    const killed = project.start(['up', '-d', '-p', '0', '--app', 'wsgi:application']);
    await fileThere(join(project.directory, 'loading'));
    killed.child.kill('SIGKILL');
    await killed.result;
    project.write({ 'wsgi.py': hello() });
    const { code, stdout, stderr } = await project.run(['up', '-d', '-p', '0']);
    expect(stderr).toMatch(new RegExp(`Another wsgi-dev \\(process ${killed.child.pid}, up serve, since [\\d:]+Z\\)`));
    expect(code).toBe(0);
    expect(await get(stdout.trim())).toEqual({ status: 200, body: 'hello' });
    expect(await project.containers()).toHaveLength(1);
  });
});
