import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authority, makeAuthority } from '../helpers/authority.ts';
import { docker, inContainer } from '../helpers/docker.ts';
import { get, hello, makeProject } from '../helpers/project.ts';
import { makeWheel } from '../helpers/wheel.ts';

const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-networks-'));
const servers: Server[] = [];
/** This machine as its containers reach it. */
let gateway = '';
let authority: Authority;
/** Of an index of packages, which shows a certificate of that authority. */
let index = '';
let proxy = '';
/** What the proxy was asked to connect to. */
const connected: string[] = [];

beforeAll(async () => {
  const bridge = await docker.getNetwork('bridge').inspect();
  gateway = bridge.IPAM?.Config?.[0]?.Gateway ?? '';
  authority = makeAuthority(directory);
  const wheel = makeWheel(directory);
  const secure = createSecure(authority.sign('server', 'serverAuth', [`IP:${gateway}`]), (request, answer) => {
    if (request.url?.endsWith('.whl')) answer.end(wheel.content);
    else if (request.url === '/simple/inhouse/') {
      answer.setHeader('Content-Type', 'text/html').end('<a href="/inhouse-1.0-py3-none-any.whl">inhouse-1.0</a>');
    } else answer.writeHead(request.url === '/' ? 200 : 404).end('secure');
  });
  index = `https://${await listen(secure)}`;
  const forward = createServer().on('connect', (request, client, head) => {
    connected.push(request.url ?? '');
    const [host = '', port] = (request.url ?? '').split(':');
    const socket = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.write(head);
      socket.pipe(client).pipe(socket);
    });
    socket.on('error', () => client.destroy());
    client.on('error', () => socket.destroy());
  });
  proxy = `http://ada:s3cret@${await listen(forward)}`;
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(directory, { recursive: true });
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, gateway, resolve));
  return `${gateway}:${(server.address() as AddressInfo).port}`;
}

test('a build and the application go through the proxy, which no image has heard of', async () => {
  const project = makeProject({
    'wsgi.py': hello('__import__("os").environ["https_proxy"]'),
    'requirements.txt': `# ${randomUUID()}\nbottle==0.13.4\n`,
  });
  const env = { HTTPS_PROXY: proxy, NO_PROXY: 'localhost' };
  const { code, stdout, stderr } = await project.run(['up', '-d', '-p', '0', '--format', 'json'], { env });
  expect(code).toBe(0);
  expect(connected).toContain('pypi.org:443');
  const up = JSON.parse(stdout);
  expect(await get(up.url)).toEqual({ status: 200, body: proxy });
  const image = docker.getImage(up.image);
  expect(JSON.stringify([await image.inspect(), await image.history()])).not.toContain('s3cret');
  expect(JSON.stringify((await docker.getContainer(up.container).inspect()).Config.Labels)).not.toContain('s3cret');
  expect(stderr).not.toContain('s3cret');
  // It is no part of what the image is made of.
  const direct = await project.run(['up', '--dry-run'], { env: { HTTPS_PROXY: undefined } });
  expect(direct.stdout).toContain(up.image);
  const shown = await project.run(['up', '--dry-run'], { env });
  expect(shown.stdout).not.toContain('s3cret');
});

test('a proxy on this machine’s loopback: said before it fails', async () => {
  const project = makeProject({ 'wsgi.py': hello() });
  const { stderr } = await project.run(['up', '--dry-run'], { env: { http_proxy: 'http://127.0.0.1:3128' } });
  expect(stderr).toMatch(/HTTP_PROXY names this machine's loopback/);
});

describe('an authority of the project’s own', () => {
  const application = [
    'import ssl, urllib.request, requests, inhouse',
    'def application(environ, start_response):',
    '    start_response("200 OK", [("Content-Type", "text/plain")])',
    '    url = environ["QUERY_STRING"]',
    '    return [urllib.request.urlopen(url).read(), requests.get(url).content, inhouse.NAME.encode()]',
    '',
  ].join('\n');

  const files = (): Readonly<Record<string, string>> => ({
    'wsgi.py': application,
    'requirements.txt': `--extra-index-url ${index}/simple/\nrequests==2.32.3\ninhouse\n`,
  });

  test('is trusted by pip, requests and OpenSSL, in the build, the application and `run`; no layer has it', async () => {
    const project = makeProject({
      ...files(),
      'corp.pem': authority.pem,
      'wsgi-dev.yaml': 'ca_certificates: [corp.pem]\n',
    });
    const { url, container, image } = await project.up();
    expect(await get(url, `?${index}/`)).toEqual({ status: 200, body: 'securesecurein-house' });
    const run = ['run', '-T', 'python', '-c', `import requests; print(requests.get("${index}/").text)`];
    expect(await project.run(run)).toMatchObject({ code: 0, stdout: 'secure\n' });
    const [, body = ''] = authority.pem.split('\n');
    const found = await inContainer(container, ['grep', '-rslF', body, '/etc', '/usr', '/opt', '/var', '/tmp'], '0');
    expect(found).toBe('');
    expect(JSON.stringify(await docker.getImage(image).history())).not.toContain('ca-certificates/');
    // Those that everybody trusts are trusted still.
    const usual = ['sh', '-c', 'grep -c BEGIN "$SSL_CERT_FILE"'];
    expect(Number(await inContainer(container, usual))).toBeGreaterThan(50);
  });

  test('is trusted by uv', async () => {
    const project = makeProject({
      'wsgi.py': hello('__import__("inhouse").NAME'),
      'pyproject.toml': [
        '[project]\nname = "shop"\nversion = "1"\ndependencies = ["inhouse"]',
        `[[tool.uv.index]]\nurl = "${index}/simple/"\n`,
      ].join('\n'),
    });
    copyFileSync(authority.path, join(project.directory, 'corp.pem'));
    const env = { WSGI_DEV_CA_CERTIFICATES: 'corp.pem' };
    const { code, stdout } = await project.run(['up', '-d', '-p', '0'], { env });
    expect(code).toBe(0);
    expect(await get(stdout.trim())).toEqual({ status: 200, body: 'in-house' });
  });

  test('unnamed it is not, and the build says what to name', async () => {
    const project = makeProject(files());
    const { code, stderr } = await project.run(['build']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/certificate is not trusted/);
    expect(stderr).toContain('ca_certificates: [corp-root.pem]');
  });
});

test('`host` stands for all that this machine trusts', async () => {
  const project = makeProject({ 'wsgi.py': hello(), 'wsgi-dev.yaml': 'ca_certificates: [host]\n' });
  const env = { SSL_CERT_FILE: authority.path };
  const { code, stdout } = await project.run(['up', '-d', '-p', '0', '--format', 'json'], { env });
  expect(code).toBe(0);
  const { container } = JSON.parse(stdout);
  const [, body = ''] = authority.pem.split('\n');
  expect(await inContainer(container, ['sh', '-c', `grep -cF '${body}' "$SSL_CERT_FILE"`])).toBe('1\n');
});

describe('an index that answers nothing', () => {
  /** Of an index that answers so to everything: HTTP without TLS. */
  async function indexOf(code: number): Promise<string> {
    const headers = code === 401 ? { 'WWW-Authenticate': 'Basic realm="index"' } : {};
    return await listen(createServer((_request, answer) => answer.writeHead(code, headers).end()));
  }

  test('as it asks for a name and a password', async () => {
    const address = await indexOf(401);
    const requirements = `--index-url http://${address}/simple\n--trusted-host ${gateway}\ninhouse\n`;
    const { code, stderr } = await makeProject({ 'wsgi.py': hello(), 'requirements.txt': requirements }).run(['build']);
    expect(code).toBe(4);
    expect(stderr).toContain(`\nThe index at ${address} wants a name and a password, `);
    expect(stderr).not.toContain('Traceback');
  });

  test('as it forbids', async () => {
    const requirements = `--index-url http://${await indexOf(403)}/simple\n--trusted-host ${gateway}\ninhouse\n`;
    const { code, stderr } = await makeProject({ 'wsgi.py': hello(), 'requirements.txt': requirements }).run(['build']);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^inhouse could not be installed: .* or has refused to answer$/m);
  });

  test('as pip does not ask it without TLS', async () => {
    const requirements = `--index-url http://${await indexOf(200)}/simple\ninhouse\n`;
    const { code, stderr } = await makeProject({ 'wsgi.py': hello(), 'requirements.txt': requirements }).run(['build']);
    expect(code).toBe(4);
    expect(stderr).toContain(`pip ignores the index at ${gateway}, which is asked without TLS`);
    expect(stderr).toContain(`--trusted-host ${gateway}`);
  });
});
