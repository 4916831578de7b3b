import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { developer, hello, makeProject } from '../helpers/project.ts';

test('config: each value, and who said it', async () => {
  const project = makeProject({
    'shop/wsgi.py': hello(),
    'static/a.css': '',
    'requirements.txt': '',
    'more.env': 'FROM_FILE=1\n',
    'wsgi-dev.yaml': [
      'name: shop',
      'python: 3.11',
      'server:',
      '  port: 8080',
      '  static: {/static/: ./static}',
      'packages: {apt: [libpq5]}',
      'env: {DEBUG: 1, LEVEL: low, API_TOKEN: hunter2}',
      'env_file: [more.env]',
      'debug: {notify: true}',
      '',
    ].join('\n'),
    'wsgi-dev.override.yaml': 'packages: {apt: [curl]}\nenv: {LEVEL: high}\n',
  });
  const env = { WSGI_DEV_DEBUGGER: 'ipdb' };
  const args = ['config', '-p', '9000', '-e', 'SECRET_KEY=x', '--break', 'shop/wsgi.py:1'];
  const { code, stdout, stderr } = await project.run([...args, '--format', 'json'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    name: { value: 'shop', from: 'wsgi-dev.yaml:1:7' },
    app: { value: 'shop.wsgi:application', from: 'found' },
    root: { value: '.', from: 'default' },
    python: { value: '3.11', from: 'wsgi-dev.yaml:2:9' },
    server: {
      port: { value: '127.0.0.1:9000', from: '--port 9000' },
      mount: { value: '/', from: 'default' },
      static: { '/static/': { value: 'static', from: 'wsgi-dev.yaml:5:22' } },
    },
    packages: {
      pip: { value: ['requirements.txt'], from: 'found' },
      apt: { value: ['libpq5', 'curl'], from: 'wsgi-dev.yaml:6:18, wsgi-dev.override.yaml:1:18' },
    },
    env: {
      DEBUG: { value: '1', from: 'wsgi-dev.yaml:7:14' },
      LEVEL: { value: 'high', from: 'wsgi-dev.override.yaml:2:14' },
      API_TOKEN: { value: 'MASKED' },
      FROM_FILE: { value: '1', from: 'wsgi-dev.yaml:8:12' },
      SECRET_KEY: { value: 'MASKED', from: '--env SECRET_KEY' },
    },
    debug: {
      debugger: { value: 'ipdb', from: 'WSGI_DEV_DEBUGGER=ipdb' },
      break: { value: ['shop/wsgi.py:1'], from: "--break 'shop/wsgi.py:1'" },
      notify: { value: true, from: 'wsgi-dev.yaml:9:17' },
    },
  });
  expect(stdout).not.toContain('hunter2');
  const text = (await project.run(args, { env })).stdout;
  expect(text).toMatch(/^name: shop +# wsgi-dev\.yaml:1:7$/m);
  expect(text).toMatch(/^ {2}port: 127\.0\.0\.1:9000 +# --port 9000$/m);
  expect(text).toMatch(/^ {2}apt: \[libpq5, curl\] +# wsgi-dev\.yaml:6:18, wsgi-dev\.override\.yaml:1:18$/m);
});

test('config with faults says them, as up does', async () => {
  const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': 'sever: {}\n' });
  const { code, stdout, stderr } = await project.run(['config']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/wsgi-dev\.yaml:1:1: unknown key `sever`/);
});

test('config --schema is the published one', async () => {
  const project = makeProject({});
  const { code, stdout } = await project.run(['config', '--schema']);
  expect(code).toBe(0);
  expect(stdout).toBe(readFileSync(new URL('../../schemas/wsgi-dev.schema.json', import.meta.url), 'utf8'));
});

test('init writes what was found, as the owner’s, and nothing over what is there', async () => {
  const project = makeProject({ 'shop/wsgi.py': hello(), 'requirements.txt': '' });
  expect(await project.run(['init'])).toMatchObject({ code: 0, stdout: '', stderr: 'Wrote wsgi-dev.yaml\n' });
  const file = join(project.directory, 'wsgi-dev.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^# yaml-language-server: \$schema=(\S+)\n/);
  for (const path of ['wsgi-dev.yaml', '.wsgi-dev', '.wsgi-dev/.gitignore', '.wsgi-dev/wsgi-dev.schema.json']) {
    expect(statSync(join(project.directory, path)).uid, path).toBe(developer);
  }
  const { stdout } = await project.run(['config', '--format', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    name: { value: project.name, from: expect.stringMatching(/^wsgi-dev\.yaml:\d+:\d+$/) },
    app: { value: 'shop.wsgi:application', from: expect.stringMatching(/^wsgi-dev\.yaml:\d+:\d+$/) },
    packages: { pip: { value: ['requirements.txt'] } },
  });
  project.write({ 'wsgi-dev.yaml': 'name: mine\n' });
  const again = await project.run(['init']);
  expect(again).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--force') });
  expect(readFileSync(file, 'utf8')).toBe('name: mine\n');
  expect((await project.run(['init', '--force'])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('the schema that the first line names comes with the first start in a fresh clone, and with a newer version', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  expect((await project.run(['init'])).code).toBe(0);
  const copy = join(project.directory, '.wsgi-dev/wsgi-dev.schema.json');
  const published = readFileSync(copy, 'utf8');
  // As git leaves it: what it ignores isn't in a clone.
  rmSync(join(project.directory, '.wsgi-dev'), { recursive: true });
  expect((await project.run(['run', 'true'])).code).toBe(0);
  expect(readFileSync(copy, 'utf8')).toBe(published);
  expect(statSync(copy).uid).toBe(developer);
  writeFileSync(copy, '{}');
  expect((await project.run(['run', 'true'])).code).toBe(0);
  expect(readFileSync(copy, 'utf8')).toBe(published);
});

test.each([
  [['-f', 'conf/dev.yaml'], 'conf/dev.yaml', 'conf/.wsgi-dev/wsgi-dev.schema.json'],
  [['-C', 'shop', '-f', 'conf/dev.yaml'], 'conf/dev.yaml', 'shop/.wsgi-dev/wsgi-dev.schema.json'],
])('init %j names the schema by the way from the file', async (flags, written, schema) => {
  const project = makeProject({ 'conf/': '', 'shop/': '' });
  expect((await project.run([...flags, 'init'])).code).toBe(0);
  const file = join(project.directory, written);
  const [, way = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? [];
  expect(resolve(dirname(file), way)).toBe(join(project.directory, schema));
  expect(JSON.parse(readFileSync(resolve(dirname(file), way), 'utf8'))).toMatchObject({ title: 'wsgi-dev.yaml' });
});

test('init where nothing, or several are found: the file says so, and which', async () => {
  const none = makeProject({});
  expect(await none.run(['init'])).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/No WSGI application found/),
  });
  expect(readFileSync(join(none.directory, 'wsgi-dev.yaml'), 'utf8')).toMatch(
    /## No WSGI application.*[\s\S]*^# app: /m,
  );
  const several = makeProject({ 'wsgi.py': hello(), 'site.wsgi': hello() });
  expect((await several.run(['init'])).code).toBe(0);
  const text = readFileSync(join(several.directory, 'wsgi-dev.yaml'), 'utf8');
  expect(text).toMatch(/^## .*site\.wsgi/m);
});

test('config and a plan: no password of a URL, whoever said it', async () => {
  const project = makeProject({
    'wsgi.py': hello(),
    'wsgi-dev.yaml': 'env: {DATABASE_URL: "postgres://shop:hunter2@db/shop", AWAY: "http://ada@example.com/"}\n',
  });
  const env = {
    HTTP_PROXY: 'http://ada:hunter2@10.0.0.1:3128',
    HTTPS_PROXY: 'ada:hunter2@10.0.0.1:3128',
    DOCKER_CONFIG: project.directory,
  };
  for (const args of [['config'], ['config', '--format', 'json'], ['up', '--dry-run'], ['config', '-v']]) {
    const { code, stdout, stderr } = await project.run(args, { env });
    expect(code, args.join(' ')).toBe(0);
    expect(stdout + stderr, args.join(' ')).not.toContain('hunter2');
  }
  const { stdout } = await project.run(['config', '--format', 'json'], { env });
  expect(JSON.parse(stdout).env).toMatchObject({
    DATABASE_URL: { value: 'postgres://shop:MASKED@db/shop' },
    AWAY: { value: 'http://ada@example.com/' },
    http_proxy: { value: 'http://ada:MASKED@10.0.0.1:3128', from: 'the proxies of this machine' },
    HTTPS_PROXY: { value: 'ada:MASKED@10.0.0.1:3128' },
  });
});

test('a message that names such a URL has no password in it either', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  const { code, stderr } = await project.run(['-v', '-H', 'http://ada:hunter2@127.0.0.1:1', 'ps']);
  expect(code).toBe(3);
  expect(stderr).toContain('http://ada:MASKED@127.0.0.1:1');
  expect(stderr).not.toContain('hunter2');
});
