import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker, inContainer } from '../helpers/docker.ts';
import { developer, get, hello, makeProject, type Up } from '../helpers/project.ts';

const identity = hello('(os.getuid(), os.getgid(), sorted(os.environ))', 'import os');

describe.each(['serve', 'debug'] as const)('a container in %s mode', (mode) => {
  const project = makeProject(
    {
      'shop/wsgi.py': hello('(os.getuid(), os.getgid(), os.environ["TOKEN"], sorted(os.environ))', 'import os'),
      'shop/__init__.py': '',
    },
    { shared: true },
  );
  let up: Up;
  beforeAll(async () => {
    up = await project.up(
      '--app',
      'shop.wsgi:application',
      '-e',
      'TOKEN=hunter2',
      ...(mode === 'debug' ? ['--debug'] : []),
    );
  });
  afterAll(project.remove);

  test('has no privileges, no socket, no restart, bounded logs, and is published on the loopback', async () => {
    const { Config, HostConfig, Mounts, NetworkSettings } = await docker.getContainer(up.container).inspect();
    expect(Config).toMatchObject({
      User: `${developer}:${developer}`,
      Tty: true,
      Healthcheck: { Test: ['NONE'] },
      StopSignal: 'SIGTERM',
    });
    expect(HostConfig).toMatchObject({
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Privileged: false,
      Init: true,
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'local', Config: { 'max-size': expect.stringMatching(/^\d+m$/) } },
      PidMode: '',
      IpcMode: expect.not.stringMatching(/host/),
    });
    expect(HostConfig.CapAdd ?? []).toEqual([]);
    const { port } = new URL(up.url);
    expect(NetworkSettings.Ports).toEqual({ '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: port }] });
    expect(Mounts.map(({ Source, Destination }) => [Source, Destination])).toEqual(
      expect.arrayContaining([
        [project.directory, '/app'],
        [project.state, '/run/wsgi-dev'],
      ]),
    );
    expect(Mounts).toHaveLength(2);
    expect(JSON.stringify(HostConfig)).not.toContain('docker.sock');
  });

  test('every process in it is the owner of the project, without capabilities', async () => {
    const script = 'for p in /proc/[0-9]*; do grep -hsE "^(Uid|CapEff|CapBnd|NoNewPrivs):" $p/status; done | sort -u';
    expect((await inContainer(up.container, ['sh', '-c', script])).trim().split('\n')).toEqual([
      'CapBnd:\t0000000000000000',
      'CapEff:\t0000000000000000',
      'NoNewPrivs:\t1',
      `Uid:\t${[developer, developer, developer, developer].join('\t')}`,
    ]);
  });

  test('secrets and the nonce: where they belong, and nowhere else', async () => {
    const { Config } = await docker.getContainer(up.container).inspect();
    expect(JSON.stringify(Config.Labels)).not.toContain('hunter2');
    const nonce = Config.Labels['dev.wsgi-dev.nonce'] ?? '';
    expect(nonce).toMatch(/^[0-9a-f]{24}$/);
    const { body } = await get(up.url);
    expect(body).toMatch(new RegExp(`^\\(${developer}, ${developer}, 'hunter2', `));
    const environments = await inContainer(up.container, ['sh', '-c', 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline']);
    expect(environments).toContain('TOKEN=hunter2');
    expect(environments).not.toContain(nonce);
    expect(statSync(join(project.state, 'settings.json')).mode & 0o077).toBe(0);
    const { stdout } = await project.run(['logs']);
    expect(stdout).not.toContain(nonce);
    const image = await docker.getImage(up.image).inspect();
    expect(JSON.stringify(image)).not.toContain('hunter2');
  });

  test('leaves nothing of root’s in the source tree, and no compiled files', async () => {
    await get(up.url);
    await project.run(['restart']);
    await project.run(['down']);
    expect(
      project
        .listing()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['shop', 'shop/__init__.py', 'shop/wsgi.py']);
    expect(project.listing(true).filter(({ uid }) => uid !== developer)).toEqual([]);
    expect(readFileSync(join(project.directory, '.wsgi-dev/.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('beyond the loopback', () => {
  test('--debug is refused: 2, with the remedy, before anything is made', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    for (const port of ['0.0.0.0:0', '[::]:0', '192.0.2.1:0']) {
      const { code, stdout, stderr } = await project.run(['up', '-d', '--debug', '--port', port]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/reachable from other machines[\s\S]*--allow-remote-debug/);
    }
    const byVariable = await project.run(['up', '-d', '--debug'], { env: { WSGI_DEV_PORT: '0.0.0.0:0' } });
    expect(byVariable).toMatchObject({ code: 2, stderr: expect.stringContaining('WSGI_DEV_PORT=0.0.0.0:0') });
    expect(await project.images()).toEqual([]);
    expect(project.listing(true).map(({ path }) => path)).toEqual(['wsgi.py']);
  });

  test('--debug over a server that is published there is refused, too', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    expect(await project.run(['up', '-d', '-p', '0.0.0.0:0'])).toMatchObject({ code: 0 });
    expect(await project.run(['up', '-d', '--debug', '-p', '0.0.0.0:0'])).toMatchObject({ code: 2 });
    const loopback = await project.up('--debug');
    expect(loopback.changed).toEqual(['container']);
    const { NetworkSettings } = await docker.getContainer(loopback.container).inspect();
    expect(NetworkSettings.Ports['8000/tcp']).toMatchObject([{ HostIp: '127.0.0.1' }]);
  });

  test('serve mode may, and --allow-remote-debug lets debug mode', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const result = await project.run([
      'up',
      '-d',
      '--debug',
      '-p',
      '0.0.0.0:0',
      '--allow-remote-debug',
      '--format',
      'json',
    ]);
    expect(result.code).toBe(0);
    const { url, container } = JSON.parse(result.stdout) as Up;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(await get(url)).toMatchObject({ status: 200 });
    const { NetworkSettings } = await docker.getContainer(container).inspect();
    expect(NetworkSettings.Ports['8000/tcp']?.[0]?.HostIp).toBe('0.0.0.0');
  });
});

describe.runIf(process.getuid?.() === 0)('who it runs as', () => {
  test('a project of root’s: www-data', async () => {
    const project = makeProject({ 'wsgi.py': identity }, { owner: 0 });
    const { url } = await project.up();
    expect((await get(url)).body).toMatch(/^\(33, 33, /);
    expect(project.listing().filter(({ uid }) => uid !== 0)).toEqual([]);
  });

  test('a project of root’s that www-data can’t read: the first path, and the remedy', async () => {
    const project = makeProject({ 'wsgi.py': identity, 'shop/secret.py': '' }, { owner: 0 });
    chmodSync(join(project.directory, 'shop/secret.py'), 0o600);
    const { code, stderr } = await project.run(['up', '-d']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/shop\/secret\.py belongs to root[\s\S]*chmod[\s\S]*--user/);
    expect(await project.containers()).toEqual([]);
    const root = await project.up('--user', '0', '--debug');
    expect((await get(root.url)).body).toMatch(/^\(0, 0, /);
  });

  test('root, after www-data: with --debug, and without it is refused before anything is changed', async () => {
    const project = makeProject({ 'wsgi.py': identity }, { owner: 0 });
    const { container } = await project.up();
    const { code, stderr } = await project.run(['up', '-d', '--user', '0:0']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/serves no application as root[\s\S]*--debug/);
    expect((await project.containers()).map(({ Id }) => Id)).toEqual([container]);
    const root = await project.up('--user', '0:0', '--debug');
    expect((await get(root.url)).body).toMatch(/^\(0, 0, /);
    const back = await project.up();
    expect((await get(back.url)).body).toMatch(/^\(33, 33, /);
  });

  test('--user decides', async () => {
    const project = makeProject({ 'wsgi.py': identity });
    const { url } = await project.up('--user', '4321:99');
    expect((await get(url)).body).toMatch(/^\(4321, 99, /);
    expect(await project.up('--user', '4321:98')).toMatchObject({ changed: ['container'] });
  });

  test('a plain user of the engine’s group runs everything on a project of their own', async () => {
    const project = makeProject({ 'wsgi.py': identity });
    const options = { uid: developer, gid: statSync('/var/run/docker.sock').gid, env: { HOME: project.directory } };
    const up = await project.run(['up', '-d', '-p', '0'], options);
    expect(up).toMatchObject({ code: 0 });
    expect((await get(up.stdout.trim())).body).toMatch(new RegExp(`^\\(${developer}, ${developer}, `));
    for (const args of [['up', '-d', '--debug', '-p', '0'], ['restart'], ['ps'], ['exec', 'true'], ['down']]) {
      expect(await project.run(args, options)).toMatchObject({ code: 0 });
    }
    expect(project.listing(true).filter(({ uid }) => uid !== developer)).toEqual([]);
  });

  test('a plain user on a project of another’s that they may write', async () => {
    const project = makeProject({ 'wsgi.py': identity });
    chmodSync(project.directory, 0o777);
    const options = { uid: 2345, gid: statSync('/var/run/docker.sock').gid, env: { HOME: project.directory } };
    const up = await project.run(['up', '-d', '-p', '0'], options);
    expect(up).toMatchObject({ code: 0 });
    expect((await get(up.stdout.trim())).body).toMatch(new RegExp(`^\\(${developer}, `));
    expect(await project.run(['down'], options)).toMatchObject({ code: 0 });
  });
});
