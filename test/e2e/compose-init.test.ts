import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cliPath } from '../helpers/cli.ts';
import { type ComposeProject, makeComposeProject, prepareCompose } from '../helpers/compose-project.ts';
import { docker } from '../helpers/docker.ts';
import { get } from '../helpers/project.ts';
import { PROMPT } from '../helpers/prompt.ts';
import { key, openTerminal, type Terminal } from '../helpers/pty.ts';

let project: ComposeProject;
const terminals: Terminal[] = [];
const FILES = ['-f', 'compose.yaml', '-f', 'compose.wsgi-dev.yaml', '--profile', 'shop'];

async function terminal(...command: readonly string[]): Promise<Terminal> {
  const opened = await openTerminal(command, { cwd: project.directory, columns: 160 });
  terminals.push(opened);
  return opened;
}

/** Resolves, once the engine listens, with a promise of the container's next event of that kind. */
async function nextEvent(event: string, container: string): Promise<{ readonly comes: Promise<void> }> {
  const stream = (await docker.getEvents({ filters: { event: [event], container: [container] } })) as Readable;
  return { comes: once(stream, 'data').then(() => void stream.destroy()) };
}

const written = (): string => readFileSync(join(project.directory, 'compose.wsgi-dev.yaml'), 'utf8');

beforeAll(async () => {
  await prepareCompose();
  project = await makeComposeProject();
  const { code, stderr } = await project.run(['compose', 'init', '--service', 'web']);
  if (code !== 0) throw new Error(stderr);
});
afterEach(async () => {
  for (const one of terminals.splice(0)) one.close();
  await project.compose(...FILES, 'down', '--timeout', '0', '--volumes');
});
afterAll(async () => {
  await docker.getImage(`wsgi-dev/${project.name}:compose`).remove({ force: true });
  await project.remove();
});

describe('docker compose alone', () => {
  test('runs the service with a debugger: attached to by wsgi-dev, and by docker', async () => {
    await project.compose(...FILES, 'up', '-d', '--wait', 'web');
    const url = `http://127.0.0.1:${project.port}/`;
    const inspected = await docker.getContainer(`${project.name}-web-1`).inspect();
    expect(inspected.HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      Init: true,
      SecurityOpt: ['no-new-privileges:true'],
    });
    expect(inspected.HostConfig.PortBindings).toEqual({
      '8765/tcp': [{ HostIp: '127.0.0.1', HostPort: `${project.port}` }],
    });
    expect(inspected.Config.User).toBe('4321:4321');

    const first = get(url, 'stock?name=pear');
    const attached = await terminal(process.execPath, cliPath, 'attach');
    await attached.until(PROMPT);
    attached.type('p names\r');
    await attached.until(/\['pear'\]/);
    const { stdout } = await project.run(['ps']);
    expect(stdout).toMatch(new RegExp(`${project.name}-web-1 +debug +${url} +paused at shop/urls\\.py:\\d+`));
    attached.type('c\r');
    expect((await first).body).toBe('{"names": ["pear"]}');
    attached.type(key.detach);
    await attached.until(/Still running: `wsgi-dev attach` comes back, `docker compose down` ends it/);
    expect((await attached.ended).code).toBe(0);

    // A plain attach shows what is printed from then on.
    const attaches = await nextEvent('attach', `${project.name}-web-1`);
    const plain = await terminal('docker', 'attach', `${project.name}-web-1`);
    await attaches.comes;
    const second = get(url, 'stock?name=fig');
    await plain.until(PROMPT);
    plain.type('p names\r');
    await plain.until(/\['pear', 'fig'\]/);
    plain.type('c\r');
    expect((await second).status).toBe(200);

    // Its own health check says so too, and the application sees nothing of how it was told.
    const { Health } = (await docker.getContainer(`${project.name}-web-1`).inspect()).State;
    expect(Health?.Status).toBe('healthy');
    expect(JSON.parse((await get(url, 'place')).body)).toMatchObject({
      cwd: '/code',
      env: { PRICE: '5$', WSGI_DEV_SETTINGS: null },
    });

    // It is compose's to take down.
    expect((await project.run(['down'])).stderr).toMatch(/started by docker compose: `docker compose down`/);
    expect((await project.run(['stop'])).code).toBe(1);
    expect(await project.services()).toContain('web running web-1');
  });
});

test('`up --service` takes its place, again and again, and it comes back after', async () => {
  await project.compose(...FILES, 'up', '-d', '--wait', 'web');
  const web = `${project.name}-web-1`;
  const first = await project.run(['up', '-d', '--debug', '--service', 'web']);
  expect(first.code, first.stderr).toBe(0);
  expect(first.stderr).toMatch(/Stopping web of compose/);
  expect(await project.services()).toContain('web exited web-1');
  const url = `http://127.0.0.1:${project.port}/`;
  expect(first.stdout).toBe(`${url}\n`);
  // As an order to the one that runs, and as another container.
  for (const [more, changed] of [
    [[], []],
    [['--post-mortem'], ['settings']],
    [['-e', 'COLOUR=blue'], ['container']],
  ] as const) {
    const again = await project.run(['up', '-d', '--debug', '--service', 'web', '--format', 'json', ...more]);
    expect(JSON.parse(again.stdout), again.stderr).toMatchObject({ url, changed });
  }
  // Compose's own file among those that are named: what it says of the service is wsgi-dev's.
  const env = { COMPOSE_FILE: 'compose.yaml:compose.wsgi-dev.yaml' };
  expect((await project.run(['up', '-d', '--service', 'web'], { env })).code).toBe(0);
  expect(JSON.parse((await get(url, 'place')).body)).toMatchObject({ cwd: '/code', env: { COLOUR: 'green' } });
  const started = await nextEvent('start', web);
  expect((await project.run(['down'])).stderr).toMatch(/web of compose runs again/);
  await started.comes;
  expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1', 'web running web-1']);

  // The other way round: compose's own `up` takes the place, and what has it last is compose's.
  expect((await project.run(['up', '-d', '--service', 'web'])).code).toBe(0);
  await project.compose(...FILES, 'up', '-d', '--wait', 'web');
  expect((await project.run(['ps', '--format', 'json'])).stdout).toMatch(/-web-\d"/);
  expect((await project.run(['down'])).stderr).toMatch(/started by docker compose: `docker compose down`/);
});

test('written again after the service has got another port, it leads there', async () => {
  const before = written();
  const compose = readFileSync(join(project.directory, 'compose.yaml'), 'utf8');
  try {
    // Of what docker compose itself gives the service, nothing is said to be lost.
    const more = '    mem_limit: 512m\n    profiles: [shop]\n';
    project.write({
      'compose.yaml': compose.replace('}:8765', '}:9000').replace('    profiles: [shop]\n', more),
    });
    const { code, stderr } = await project.run(['compose', 'init', '--service', 'web', '--yes']);
    expect(code, stderr).toBe(0);
    expect(stderr).not.toMatch(/not carried over/);
    await project.compose(...FILES, 'up', '-d', '--wait', 'web');
    expect((await get(`http://127.0.0.1:${project.port}/`, 'place')).status).toBe(200);
    // One of somebody's own stays, and that it leads nowhere is said.
    project.write({ 'compose.wsgi-dev.yaml': before.replace(`127.0.0.1:${project.port}:`, '127.0.0.1:9999:') });
    const own = await project.run(['compose', 'init', '--service', 'web', '--yes']);
    expect(own.stderr).toMatch(/compose\.wsgi-dev\.yaml: its `ports` lead to 8765, and the server listens on 9000:/);
    expect(written()).toContain('127.0.0.1:9999:8765');
  } finally {
    project.write({ 'compose.yaml': compose, 'compose.wsgi-dev.yaml': before });
  }
});

test('from a folder below, what it says to do can be done there', async () => {
  const before = written();
  const cwd = join(project.directory, 'shop');
  project.write({ 'compose.wsgi-dev.yaml': '# Nothing yet.\n', 'wsgi-dev.yaml': `name: ${project.name}\n` });
  try {
    const { code, stderr } = await project.run(['compose', 'init', '--service', 'web', '--yes'], { cwd });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^Wrote \.\.\/compose\.wsgi-dev\.yaml$/m);
    const [, command = ''] = /^Start it: (docker compose .*) up -d web; then/m.exec(stderr) ?? [];
    const said = execFileSync('sh', ['-c', `${command} config --images web`], { cwd, encoding: 'utf8' });
    expect(said).toContain(`wsgi-dev/${project.name}:compose\n`);
  } finally {
    rmSync(join(project.directory, 'wsgi-dev.yaml'));
    project.write({ 'compose.wsgi-dev.yaml': before });
  }
});

test('a container that has the port already is told, with what to do', async () => {
  const port = `${project.port}`;
  const other = await docker.createContainer({
    Image: 'wsgi-dev/base:bookworm',
    Cmd: ['sleep', 'infinity'],
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { Init: true, PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: port }] } },
  });
  try {
    await other.start();
    const held = await project.run(['compose', 'init', '--service', 'web']);
    const name = (await other.inspect()).Name.slice(1);
    expect([held.code, held.stderr]).toEqual([
      0,
      expect.stringMatching(
        `Port ${port} is that of the container ${name}, and [^\n]*stop it first, or change the port of web`,
      ),
    ]);
  } finally {
    await other.remove({ force: true });
  }
  const free = await project.run(['compose', 'init', '--service', 'web']);
  expect(free.stderr).not.toMatch(/is that of the container/);
});

describe('a file that is there', () => {
  const own = [
    '# Ours.',
    'services:',
    '  web: # the shop',
    '    ports: !override',
    '      - 127.0.0.1:9999:8765 # as in the wiki',
    '    environment:',
    '      COLOUR: blue # not green',
    '  db:',
    '    shm_size: 64m',
    '',
  ].join('\n');

  test('nobody can be asked: a diff, and nothing is written; --yes merges it, comments and all', async () => {
    const before = written();
    project.write({ 'compose.wsgi-dev.yaml': own });
    const refused = await project.run(['compose', 'init', '--service', 'web']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^\+ {4}tty: true$/m);
    expect(refused.stderr).toMatch(/Nothing was written: .*\n +The diff stands above; --yes writes it/);
    expect(written()).toBe(own);
    const { code, stderr } = await project.run(['compose', 'init', '--service', 'web', '--yes']);
    expect(code, stderr).toBe(0);
    for (const comment of own.match(/#.*/g) ?? []) expect(written()).toContain(comment);
    for (const kept of [
      '      - 127.0.0.1:9999:8765 #',
      '      COLOUR: blue #',
      '    shm_size: 64m',
      '    cap_drop: [ALL]',
    ]) {
      expect(written()).toContain(`\n${kept}`);
    }
    project.write({ 'compose.wsgi-dev.yaml': before });
    expect((await project.run(['compose', 'init', '--service', 'web'])).stderr).toMatch(/nothing to write/);
  });

  test('compose refuses what would come of it: its own word, and nothing is written', async () => {
    const before = written();
    project.write({ 'compose.wsgi-dev.yaml': 'services:\n  web:\n    nets: 7\n' });
    const { code, stderr } = await project.run(['compose', 'init', '--service', 'web', '--yes']);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /docker compose refuses compose\.wsgi-dev\.yaml: nothing was written\n.*services\.web.*nets/,
    );
    expect(written()).toBe('services:\n  web:\n    nets: 7\n');
    project.write({ 'compose.wsgi-dev.yaml': before });
  });

  test('a terminal is asked', async () => {
    const before = written();
    project.write({ 'compose.wsgi-dev.yaml': '# Nothing yet.\n' });
    const asked = await terminal(process.execPath, cliPath, 'compose', 'init', '--service', 'web');
    await asked.until(/Write this\? \[y\/N\] /);
    asked.type('n\r');
    expect((await asked.ended).code).toBe(1);
    expect(written()).toBe('# Nothing yet.\n');
    const again = await terminal(process.execPath, cliPath, 'compose', 'init', '--service', 'web');
    await again.until(/Write this\? \[y\/N\] /);
    again.type('y\r');
    expect((await again.ended).code).toBe(0);
    expect(written()).toMatch(/^# Nothing yet\./);
    project.write({ 'compose.wsgi-dev.yaml': before });
  });
});
