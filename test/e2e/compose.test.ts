import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { type ComposeProject, makeComposeProject, prepareCompose } from '../helpers/compose-project.ts';
import { docker } from '../helpers/docker.ts';
import { get, hello } from '../helpers/project.ts';
import { PROMPT } from '../helpers/prompt.ts';
import { key, openTerminal, type Terminal } from '../helpers/pty.ts';

let project: ComposeProject;
const terminals: Terminal[] = [];
const UP_MS = 60_000;

async function up(...args: readonly string[]): Promise<Terminal> {
  const command = [process.execPath, cliPath, 'up', '--debug', '--service', 'web', ...args];
  const terminal = await openTerminal(command, { cwd: project.directory, columns: 160 });
  terminals.push(terminal);
  return terminal;
}

const url = (): string => `http://127.0.0.1:${project.port}/`;

beforeAll(async () => {
  await prepareCompose();
  project = await makeComposeProject({ 'plain.py': hello() });
  const { code, stderr } = await project.run(['build', '--service', 'web']);
  if (code !== 0) throw new Error(stderr);
});
afterEach(async () => {
  for (const terminal of terminals.splice(0)) terminal.close();
  await project.compose('--profile', '*', 'down', '--timeout', '0', '--volumes');
});
afterAll(() => project?.remove());

describe('in the place of a service', () => {
  test('its dependencies come first, a view stops with what PostgreSQL has, and all goes that was started', async () => {
    const terminal = await up();
    await terminal.until(/Ready: http:\/\/127\.0\.0\.1:(\d+)\//, UP_MS);
    expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1', 'web running wsgi']);
    const response = get(url(), 'stock?name=apple');
    await terminal.until(PROMPT);
    terminal.type('p names\r');
    await terminal.until(/\['apple'\]/);
    terminal.type('c\r');
    expect(await response).toEqual({ status: 200, body: '{"names": ["apple"]}' });
    await terminal.until(/200/);
    terminal.type(key.ctrlC);
    await terminal.until(/again/);
    terminal.type(key.ctrlC);
    expect((await terminal.ended).code).toBe(0);
    expect(await project.services()).toEqual([]);
    const networks = await docker.listNetworks({ filters: { name: [project.name] } });
    expect(networks).toEqual([]);
  });

  test("environment, secrets, configs, volumes, hosts, user and directory are the service's", async () => {
    await project.compose('up', '-d', '--wait', 'db');
    const { url: found } = await project.up('--service', 'web');
    expect(JSON.parse((await get(found, 'place')).body)).toEqual({
      env: { COLOUR: 'green', PRICE: '5$', FROM_FILE: 'from web.env', WSGI_DEV_SETTINGS: null },
      hosts: true,
      config: { currency: 'EUR' },
      token: 'from the environment',
      volume: true,
      tmpfs: [1024 * 1024, '0o750'],
      cwd: '/code',
      uid: 4321,
      server: 'Apache',
    });
    // Peers find it by the service's name and its alias, on the port that the service has.
    for (const name of ['web', 'storefront']) {
      const ask = `exec 3<>/dev/tcp/${name}/8765; printf 'GET /place HTTP/1.0\\r\\n\\r\\n' >&3; head -1 <&3`;
      expect(await project.compose('exec', '-T', 'db', 'bash', '-c', ask)).toMatch(/200 OK/);
    }
    expect((await project.run(['down'])).stderr).not.toMatch(/Stopped db/);
    // What ran before stays.
    expect(await project.services()).toContain('db running db-1');
  });

  test('what doesn’t change is asked of compose once: neither its version nor hashes the second time', async () => {
    const bin = mkdtempSync(join(tmpdir(), 'wsgi-dev-docker-'));
    onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
    const real = execFileSync('sh', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\necho "$*" >>${bin}/calls\nexec ${real} "$@"\n`;
    writeFileSync(join(bin, 'docker'), script, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const calls: (readonly string[])[] = [];
    await project.compose('up', '-d', '--wait', 'db');
    for (const _ of [1, 2]) {
      const { code, stderr } = await project.run(['up', '-d', '--service', 'web', '--no-build'], { env });
      expect(code, stderr).toBe(0);
      await project.run(['down'], { env });
      const words = readFileSync(join(bin, 'calls'), 'utf8').trimEnd().split('\n');
      calls.push(
        words.flatMap((line) => / (config --format|config --hash|version|up --no-start)/.exec(line)?.[1] ?? []),
      );
      rmSync(join(bin, 'calls'));
    }
    expect(calls[0]?.toSorted()).toEqual(['config --format', 'config --hash', 'up --no-start', 'version']);
    expect(calls[1]).toEqual(['config --format']);
  });

  test('a running service is stopped, and runs again after the end', async () => {
    await project.compose('--profile', 'shop', 'up', '-d', '--wait', 'web', 'db');
    const terminal = await up();
    await terminal.until(/Stopping web of compose/, UP_MS);
    await terminal.until(/Ready: /, UP_MS);
    expect(await project.services()).toContain('web exited web-1');
    expect((await get(url(), 'place')).status).toBe(200);
    terminal.type(key.ctrlC);
    await terminal.until(/again/);
    terminal.type(key.ctrlC);
    expect((await terminal.ended).code).toBe(0);
    expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1', 'web running web-1']);
  });

  test('a start that fails leaves all as it was', async () => {
    await project.compose('--profile', 'shop', 'up', '-d', '--wait', 'web', 'db');
    project.write({ 'broken.py': 'import no_such_module\n' });
    const { code, stderr } = await project.run(['up', '-d', '--service', 'web', '--app', 'broken.py']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/No module named 'no_such_module'/) });
    expect(stderr).toMatch(/web of compose runs again/);
    expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1', 'web running web-1']);
  });

  test('a command runs among the services, with what this one has', async () => {
    const { code, stdout, stderr } = await project.run([
      'run',
      '--service',
      'web',
      'python3',
      'manage.py',
      'showmigrations',
    ]);
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: expect.stringMatching(/shop\s+\[X\] 0001_initial/) });
    // As with `docker compose run`, they stay.
    expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1']);
  });

  test('a shell and a check stand among the services too, beside the service itself', async () => {
    await project.compose('--profile', 'shop', 'up', '-d', '--wait', 'web', 'db');
    const shell = await project.run(['shell', '-T', '--service', 'web'], {
      input: 'echo $COLOUR $FROM_FILE; pwd; cat /etc/shop.json; python3 manage.py showmigrations\n',
    });
    expect([shell.code, shell.stdout], shell.stderr).toEqual([
      0,
      expect.stringMatching(/^green from web\.env\n\/code\n\{"currency": "EUR"\}shop\n \[X\] 0001_initial/),
    ]);
    expect(shell.stderr).toMatch(/Among the services of [\w-]+, with what web has/);
    const checked = await project.run(['check', '--service', 'web', '--format', 'json', '/names', '/place']);
    expect(JSON.parse(checked.stdout).answers, checked.stderr).toEqual([
      { request: 'GET /names', path: '/names', status: 200 },
      { request: 'GET /place', path: '/place', status: 200 },
    ]);
    expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1', 'web running web-1']);
  });

  test('a dependency that another container has come to need stays at the end', async () => {
    await project.up('--service', 'web');
    await project.compose('up', '-d', 'worker');
    const { stderr } = await project.run(['down']);
    expect(stderr).toMatch(/^db was started for it and runs on: others depend on it$/m);
    expect(stderr).toMatch(/^Stopped migrate, started for it$/m);
    expect(await project.services()).toEqual(['db running db-1', 'worker running worker-1']);
  });

  test('compose lists it, leaves it alone at its own `up`, and takes it down with the rest', async () => {
    const { container } = await project.up('--service', 'web');
    expect(await project.compose('ps', '--format', '{{.Service}} {{.State}}')).toMatch(/^web running$/m);
    await project.compose('--profile', 'shop', 'up', '-d');
    expect((await docker.getContainer(container).inspect()).State.Running).toBe(true);
    await project.compose('--profile', 'shop', 'down', '--timeout', '1');
    expect(await project.services()).toEqual([]);
    const { code, stderr } = await project.run(['down']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/nothing to take down/) });
  });

  test('an `up` over one that is up changes it in the same container; one without the service leaves the place', async () => {
    await project.compose('--profile', 'shop', 'up', '-d', '--wait', 'web', 'db');
    const first = await project.up('--service', 'web');
    const second = await project.up('--service', 'web', '--debug');
    expect(second).toMatchObject({ container: first.container, changed: ['settings'] });
    const alone = await project.run(['up', '-d', '--port', '0', '--format', 'json', '--app', 'plain.py']);
    expect(alone.code, alone.stderr).toBe(0);
    expect(await project.services()).toContain('web running web-1');
    expect((await get(JSON.parse(alone.stdout).url)).body).toBe('hello');
    await project.run(['down']);
    expect(await project.services()).toContain('web running web-1');
  });
});
