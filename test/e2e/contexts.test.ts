import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import { planOf } from '../engine/real.ts';
import { type Authority, makeAuthority } from '../helpers/authority.ts';
import { docker } from '../helpers/docker.ts';
import { done } from '../helpers/images.ts';
import { hello, makeProject } from '../helpers/project.ts';
import { type SecondEngine, startSecondEngine } from '../helpers/second-engine.ts';

const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-contexts-'));
const config = join(directory, '.docker');
const certificates = join(directory, 'certificates');
let authority: Authority;
let second: SecondEngine;

beforeAll(async () => {
  authority = makeAuthority(directory);
  second = await startSecondEngine(authority);
  const { key, cert } = authority.sign('client', 'clientAuth');
  mkdirSync(certificates);
  const tls = { 'ca.pem': authority.pem, 'cert.pem': cert, 'key.pem': key };
  for (const [name, text] of Object.entries(tls)) writeFileSync(join(certificates, name), text);
  makeContext('secured', second.secured ?? '', tls);
  makeContext('stranger', second.secured ?? '', { 'ca.pem': authority.pem });
}, 300_000);

afterAll(async () => {
  await second?.stop();
  rmSync(directory, { recursive: true });
});

/** As `docker context create` leaves it. */
function makeContext(name: string, host: string, tls: Readonly<Record<string, string>>): void {
  const id = createHash('sha256').update(name).digest('hex');
  const [meta, secrets] = [join(config, 'contexts/meta', id), join(config, 'contexts/tls', id, 'docker')];
  for (const path of [meta, secrets]) mkdirSync(path, { recursive: true });
  const endpoint = { Host: host, SkipTLSVerify: false };
  writeFileSync(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  for (const [file, text] of Object.entries(tls)) writeFileSync(join(secrets, file), text);
}

/** A project's command with this configuration of docker's, and nothing else that names an engine. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const project = makeProject({ 'wsgi.py': hello() });
  const result = await project.run(args, { env: { DOCKER_CONFIG: config, ...env } });
  return { ...result, project };
}

describe('an engine that does not see the project', () => {
  const files = {
    'wsgi.py': hello(),
    'site.conf': 'WSGIScriptAlias / /app/wsgi.py\n',
    'get.scenario.yaml': 'name: get\nsteps: [{request: GET /}, {response: 200}]\n',
    'compose.yaml': 'services: {web: {image: "nothing.invalid/web"}}\n',
  };

  test.each([
    ['up', ['up', '-d']],
    ['up --debug', ['up', '--debug']],
    ['up --service', ['up', '-d', '--service', 'web']],
    ['run', ['run', 'true']],
    ['shell', ['shell']],
    ['check', ['check']],
    ['ci', ['ci', '.']],
    ['config --apache', ['config', '--apache', '--apache-config', 'site.conf']],
    ['compose init', ['compose', 'init', '--service', 'web']],
  ])('%s: 3 before anything is built, pulled or left', async (_command, args) => {
    const project = makeProject(files);
    const { code, stderr } = await project.run(args, { env: { DOCKER_CONFIG: config, DOCKER_HOST: second.host } });
    expect(code).toBe(3);
    expect(stderr).toContain(`does not see ${project.directory}: the source can't be mounted there`);
    expect(stderr).toContain('--context default');
    expect(stderr).not.toMatch(/Building|Pulling|Making/);
    expect(await second.docker.listContainers({ all: true })).toEqual([]);
    expect(project.listing(true).filter(({ path }) => path.includes('seen-'))).toEqual([]);
  });

  test('doctor says so, and --fix brings the base image that is missing there', async () => {
    const project = makeProject({ 'wsgi.py': hello() });
    const env = { DOCKER_CONFIG: config, DOCKER_HOST: second.host };
    const doctor = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await project.run(['doctor', '--format', 'json', ...args], { env });
      const { checks } = JSON.parse(stdout) as { checks: readonly { name: string; level: string; fix?: string }[] };
      return { code, stderr, of: (name: string) => checks.find((one) => one.name === name) };
    };
    const before = await doctor();
    expect(before.code).toBe(1);
    expect(before.of('mount')).toMatchObject({ level: 'fail', remedy: expect.stringContaining('--context default') });
    expect(before.of('base image')).toMatchObject({ fix: expect.stringMatching(/^(pull|make) /) });
    const after = await doctor('--fix');
    expect(after.stderr).toMatch(/^(Pull|Make) \S+bookworm/m);
    expect(after.of('base image')).toMatchObject({ level: 'ok', found: expect.stringContaining('is on the engine') });
    expect(after.of('base image')?.fix).toBeUndefined();
  }, 400_000);
});

describe('an engine that verifies TLS', () => {
  test.each<[string, readonly string[], () => Readonly<Record<string, string>>]>([
    ['--context', ['-c', 'secured'], () => ({})],
    ['DOCKER_CONTEXT', [], () => ({ DOCKER_CONTEXT: 'secured' })],
    ['DOCKER_HOST', [], () => ({ ...here(), DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates })],
    ['--context before DOCKER_HOST', ['-c', 'secured'], () => ({ DOCKER_HOST: 'tcp://127.0.0.1:1' })],
  ])('answers to %s', async (_how, args, env) => {
    const { code, stdout, stderr } = await run([...args, 'ps', '-a', '--format', 'json'], env());
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  const here = (): Readonly<Record<string, string>> => ({ DOCKER_HOST: second.secured ?? '' });

  test.each<[string, readonly string[], () => Readonly<Record<string, string>>]>([
    ['without a certificate', ['-c', 'stranger'], () => ({})],
    [
      'that does not know its authority',
      [],
      () => ({ DOCKER_HOST: here().DOCKER_HOST?.replace('tcp', 'https') ?? '' }),
    ],
    ['that speaks no TLS', [], here],
  ])('a client %s is told so: 3', async (_who, args, env) => {
    const { code, stderr } = await run([...args, 'ps'], env());
    expect(code).toBe(3);
    expect(stderr).toMatch(/Cannot speak TLS with the engine at (tcp|https):\/\/127\.0\.0\.1:\d+: /);
    expect(stderr).toContain('DOCKER_CERT_PATH');
  });

  test('a terminal works over it', async () => {
    await done(await second.docker.loadImage(await docker.getImage('wsgi-dev/base:bookworm').get()));
    const engine = connect(resolveEndpoint({ context: 'secured' }, { DOCKER_CONFIG: config }));
    const id = await engine.create(planOf(['sh', '-c', 'stty -echo; read a; echo "got $a"; exit 7']));
    const terminal = await engine.attach(id);
    const code = engine.wait(id);
    await engine.start(id);
    terminal.write('hé\n');
    let got = '';
    for await (const chunk of terminal) {
      got += String(chunk);
      if (/got .*\n/.test(got)) break;
    }
    expect(got).toContain('got hé\r\n');
    expect(await code).toBe(7);
    await engine.remove(id);
  });
});
