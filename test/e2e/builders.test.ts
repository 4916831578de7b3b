import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Authority, makeAuthority } from '../helpers/authority.ts';
import { docker, inContainer } from '../helpers/docker.ts';
import { build, ensureSuite, testImage } from '../helpers/images.ts';
import { get, hello, makeProject } from '../helpers/project.ts';
import { makeWheel } from '../helpers/wheel.ts';

const buildKit = { DOCKER_BUILDKIT: '1' };
const classic = { DOCKER_BUILDKIT: '0' };
const builders = [
  ['BuildKit', buildKit],
  ['the classic builder', classic],
] as const;

/** That the engine has kept none of: apt takes a file of the right name and size as it is. */
const version = `1.${Date.now()}`;
const tool = `inhouse-tool_${version}_all.deb`;

/** Each builder's first build downloads all of it. */
const COLD_MS = 600_000;

const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-builders-'));
const privateBase = testImage(`private-archive-${process.pid}`);
/** What was fetched from the server: its path. */
let fetched: string[] = [];
let authority: Authority;
let server: Server;
let address = '';

/** An index with one package, and an archive with one Debian package: both of an authority that nobody knows. */
beforeAll(async () => {
  const bridge = await docker.getNetwork('bridge').inspect();
  const gateway = bridge.IPAM?.Config?.[0]?.Gateway ?? '';
  authority = makeAuthority(directory);
  const wheel = makeWheel(directory);
  makeArchive(join(directory, 'archive'));
  server = createServer(authority.sign('server', 'serverAuth', [`IP:${gateway}`]), ({ url = '' }, answer) => {
    fetched.push(url);
    // As the index of everybody has it, at an address that always names the same file.
    if (url.endsWith('.whl')) answer.setHeader('Cache-Control', 'max-age=365000000, immutable').end(wheel.content);
    else if (url === '/simple/inhouse/') {
      answer.setHeader('Content-Type', 'text/html').end(`<a href="/${wheel.file}">${wheel.file}</a>`);
    } else if (url.startsWith('/archive/')) {
      try {
        answer.end(readFileSync(join(directory, url)));
      } catch {
        answer.writeHead(404).end();
      }
    } else answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, gateway, resolve));
  address = `https://${gateway}:${(server.address() as AddressInfo).port}`;
  await makePrivateBase();
}, COLD_MS);

afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await docker.getImage(privateBase).remove({ force: true, noprune: true });
  rmSync(directory, { recursive: true });
});

beforeEach(() => {
  fetched = [];
});

/** A flat archive with the package inhouse-tool in it. */
function makeArchive(path: string): void {
  const script = `
set -e
mkdir -p "$1/tool/DEBIAN" "$1/tool/usr/bin" && cd "$1"
printf 'Package: inhouse-tool\\nVersion: %s\\nArchitecture: all\\nMaintainer: A <a@example.org>\\nDescription: of a test\\n' "$2" >tool/DEBIAN/control
printf '#!/bin/sh\\necho from the private archive\\n' >tool/usr/bin/inhouse-tool
chmod 755 tool/usr/bin/inhouse-tool
dpkg-deb --root-owner-group -b tool "$3" >/dev/null
{ cat tool/DEBIAN/control; echo "Filename: ./$3"; echo "Size: $(stat -c %s "$3")"; echo "SHA256: $(sha256sum <"$3" | cut -d' ' -f1)"; } >Packages
`;
  mkdirSync(path);
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', path, version, tool], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** A base image whose apt reads that archive too, with most of what a build would install, and no authorities. */
async function makePrivateBase(): Promise<void> {
  const context = pack();
  const source = `deb [trusted=yes] ${address}/archive ./`;
  const lines = [
    `FROM ${await ensureSuite('bookworm')}`,
    'RUN apt-get update && apt-get install -y --no-install-recommends apache2 libapache2-mod-wsgi-py3 python3-venv',
    `RUN rm -f /etc/ssl/certs/ca-certificates.crt && echo '${source}' >/etc/apt/sources.list.d/private.list`,
  ];
  context.entry({ name: 'Dockerfile' }, `${lines.join('\n')}\n`);
  context.finalize();
  await build(context as unknown as NodeJS.ReadableStream, { t: privateBase });
}

/** A project with a requirement that only the private index has, and a line that none has had before. */
const inhouse = () =>
  makeProject({
    'wsgi.py': hello('__import__("inhouse").NAME'),
    'requirements.txt': `# ${randomUUID()}\n--extra-index-url ${address}/simple/\ninhouse\nbottle==0.13.4\n`,
    'corp.pem': authority.pem,
    'wsgi-dev.yaml': 'ca_certificates: [corp.pem]\n',
  });

const wheels = (): number => fetched.filter((path) => path.endsWith('.whl')).length;

async function upWith(project: ReturnType<typeof makeProject>, env: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await project.run(['up', '-d', '-p', '0', '--format', 'json'], { env });
  if (code !== 0) throw new Error(`up ended with ${code}:\n${stderr}`);
  return { ...(JSON.parse(stdout) as { url: string; container: string; image: string }), stderr };
}

/** Its packages, and what a build may have left. */
async function contentOf(container: string): Promise<string> {
  const packages = 'dpkg-query -W; pip list --format=freeze --disable-pip-version-check; pip show -f inhouse';
  // apt makes the directory of its archives where there is none.
  const places =
    'find /var/cache/apt /var/lib/apt/lists /root /opt/venv -path /var/cache/apt/archives/partial -prune -o -type f';
  const left = `ls -a / /opt /mnt /usr/local/bin; ${places} ! -name "*.pyc" ! -name lock -print`;
  return await inContainer(container, ['sh', '-c', `${packages}; ${left}`], '0');
}

test('with BuildKit what was downloaded is there for other projects; without it the same is in the image', {
  timeout: COLD_MS,
}, async () => {
  const first = await upWith(inhouse(), buildKit);
  expect(await get(first.url)).toEqual({ status: 200, body: 'in-house' });
  expect(wheels()).toBe(1);
  const second = await upWith(inhouse(), buildKit);
  expect(second.stderr).toMatch(/Using cached .*inhouse|inhouse.*cached/i);
  expect(second.image).not.toBe(first.image);
  expect(wheels()).toBe(1);
  const third = await upWith(inhouse(), classic);
  expect(third.stderr).toMatch(/^ *Step \d+\/\d+ : /m);
  expect(wheels()).toBe(2);
  const content = await contentOf(first.container);
  expect(content).toContain('inhouse==1.0');
  expect(await contentOf(second.container)).toBe(content);
  expect(await contentOf(third.container)).toBe(content);
});

test('an image is current whichever builder made it', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  const { image } = await upWith(project, classic);
  const again = await upWith(project, buildKit);
  expect(again.image).toBe(image);
  expect(again.stderr).not.toContain('Building');
});

test('BuildKit builds where nobody asks for the other', async () => {
  const project = makeProject({ 'wsgi.py': hello(), 'requirements.txt': `# ${randomUUID()}\n` });
  const { code, stderr } = await project.run(['build'], { env: { DOCKER_BUILDKIT: undefined } });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^ *\[packages \d+\/\d+\] COPY requirements/m);
});

test.each(builders)('%s: a requirement that is added takes that layer alone, and is told', async (_name, env) => {
  const project = makeProject({
    'wsgi.py': hello('__import__("bottle").__version__'),
    'requirements.txt': 'bottle==0.13.4\n',
    'wsgi-dev.yaml': 'packages: {apt: [hello]}\n',
  });
  await upWith(project, env);
  project.write({ 'requirements.txt': `# ${randomUUID()}\nbottle==0.13.4\nitsdangerous==2.2.0\n` });
  const { stderr, url } = await upWith(project, env);
  expect(stderr).toMatch(/Collecting itsdangerous/);
  expect(stderr).not.toMatch(/Reading package lists|update-ca-certificates\.\.\.|Updating certificates/);
  expect(await get(url)).toEqual({ status: 200, body: '0.13.4' });
});

test('DOCKER_BUILDKIT that is neither yes nor no: 2, and nothing is built', async () => {
  const project = makeProject({ 'wsgi.py': hello(), 'requirements.txt': `# ${randomUUID()}\n` });
  const { code, stderr } = await project.run(['build'], { env: { DOCKER_BUILDKIT: 'maybe' } });
  expect(code).toBe(2);
  expect(stderr).toContain('DOCKER_BUILDKIT is maybe, which is neither yes nor no');
  expect(await project.images()).toEqual([]);
});

describe('an archive of Debian packages over https, of an authority of the project’s own', () => {
  const files = { 'wsgi.py': hello(), 'wsgi-dev.yaml': 'packages: {apt: [inhouse-tool]}\n' };

  test('is trusted by apt in the build, from its first step on; no layer has the certificate', {
    timeout: COLD_MS,
  }, async () => {
    const project = makeProject({ ...files, 'corp.pem': authority.pem });
    const env = { ...buildKit, WSGI_DEV_CA_CERTIFICATES: 'corp.pem', WSGI_DEV_IMAGE: privateBase };
    const { container, image } = await upWith(project, env);
    expect(await inContainer(container, ['inhouse-tool'])).toBe('from the private archive\n');
    expect(fetched).toContain(`/archive/./${tool}`);
    const [, body = ''] = authority.pem.split('\n');
    const places = ['/etc', '/usr', '/opt', '/var', '/tmp', '/mnt'];
    expect(await inContainer(container, ['grep', '-rslF', body, ...places], '0')).toBe('');
    expect(JSON.stringify(await docker.getImage(image).history())).not.toContain(body);
  });

  test('unnamed it is not, and the build says what to name', { timeout: COLD_MS }, async () => {
    const env = { ...buildKit, WSGI_DEV_IMAGE: privateBase };
    const { code, stderr } = await makeProject(files).run(['build'], { env });
    expect(code).toBe(4);
    expect(stderr).toMatch(/certificate is not trusted/);
    expect(stderr).toContain('ca_certificates: [corp-root.pem]');
  });
});
