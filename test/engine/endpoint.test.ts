import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type EndpointChoice, type Env, resolveEndpoint } from '../../src/engine/endpoint.ts';

const home = mkdtempSync(join(tmpdir(), 'wsgi-dev-endpoint-'));
const config = join(home, '.docker');
afterAll(() => rmSync(home, { recursive: true }));

function context(name: string, docker: object, tls: Readonly<Record<string, string>> = {}): void {
  const id = createHash('sha256').update(name).digest('hex');
  mkdirSync(join(config, 'contexts/meta', id), { recursive: true });
  const meta = { Name: name, Metadata: {}, Endpoints: { docker } };
  writeFileSync(join(config, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
  for (const [file, content] of Object.entries(tls)) {
    mkdirSync(join(config, 'contexts/tls', id, 'docker'), { recursive: true });
    writeFileSync(join(config, 'contexts/tls', id, 'docker', file), content);
  }
}
context('sock', { Host: 'unix:///ctx.sock', SkipTLSVerify: false });
context('far', { Host: 'tcp://far:2376' }, { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' });
context('lax', { Host: 'tcp://lax', SkipTLSVerify: true });
context('empty', {});
writeFileSync(join(config, 'config.json'), JSON.stringify({ currentContext: 'sock' }));

const bare = mkdtempSync(join(home, 'bare-'));
for (const name of ['ca', 'cert', 'key']) writeFileSync(join(bare, `${name}.pem`), name.toUpperCase());

test.each<[string, EndpointChoice, Env, string]>([
  ['--context wins', { context: 'sock', host: 'tcp://h' }, { DOCKER_HOST: 'tcp://e' }, 'unix:///ctx.sock'],
  ['then --host', { host: 'tcp://h' }, { DOCKER_HOST: 'tcp://e', DOCKER_CONTEXT: 'sock' }, 'tcp://h'],
  ['then DOCKER_HOST', {}, { DOCKER_HOST: 'tcp://e', DOCKER_CONTEXT: 'sock' }, 'tcp://e'],
  ['then DOCKER_CONTEXT', {}, { DOCKER_CONTEXT: 'far' }, 'tcp://far:2376'],
  ['then the current context', {}, {}, 'unix:///ctx.sock'],
  ['then the default socket', {}, { DOCKER_CONFIG: bare }, 'unix:///var/run/docker.sock'],
  ['"default" is no stored context', { context: 'default' }, { DOCKER_CONTEXT: 'far' }, 'unix:///var/run/docker.sock'],
  ['"default" minds DOCKER_HOST', { context: 'default' }, { DOCKER_HOST: 'tcp://e' }, 'tcp://e'],
  ['a host without a scheme', { host: 'h:99' }, {}, 'tcp://h:99'],
  [
    'empty variables count as unset',
    {},
    { DOCKER_HOST: '', DOCKER_CONTEXT: '', DOCKER_CONFIG: '' },
    'unix:///ctx.sock',
  ],
])('%s', (_name, choice, env, address) => {
  expect(resolveEndpoint(choice, { HOME: home, ...env }).address).toBe(address);
});

const tls = { ca: 'CA', cert: 'CERT', key: 'KEY', verify: true };
const none = { ca: undefined, cert: undefined, key: undefined };

test.each<[EndpointChoice, Env, object]>([
  [{ host: 'unix:///a b.sock' }, {}, { kind: 'socket', path: '/a b.sock' }],
  [{ host: 'tcp://h' }, {}, { kind: 'tcp', host: 'h', port: 2375, pathPrefix: '/', tls: undefined }],
  [
    { host: 'tcp://[::1]:80/docker' },
    {},
    { kind: 'tcp', host: '::1', port: 80, pathPrefix: '/docker', tls: undefined },
  ],
  [{ host: 'http://h:1' }, {}, { port: 1, tls: undefined }],
  [{ host: 'https://h' }, {}, { port: 2376, tls: { ...none, verify: true } }],
  [{ host: 'tcp://h' }, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: bare }, { port: 2376, tls }],
  [
    { host: 'tcp://h:5' },
    { DOCKER_TLS: '1', DOCKER_CERT_PATH: bare },
    { port: 5, tls: { ...tls, ca: undefined, verify: false } },
  ],
  [{ context: 'far' }, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nonexistent' }, { host: 'far', tls }],
  [{ context: 'lax' }, {}, { port: 2376, tls: { ...none, verify: false } }],
])('%j with %j', (choice, env, transport) => {
  expect(resolveEndpoint(choice, { HOME: home, ...env }).transport).toMatchObject(transport);
});

test.each<[EndpointChoice, Env, RegExp, RegExp]>([
  [
    { context: 'nosuch' },
    {},
    /No docker context "nosuch" \(from --context\)/,
    /"default", "empty", "far", "lax", "sock"/,
  ],
  [{}, { DOCKER_CONTEXT: 'nosuch' }, /from DOCKER_CONTEXT/, /"far"/],
  [{ context: 'empty' }, {}, /"empty" names no engine/, /meta\.json/],
  [{ host: 'ssh://me@far' }, {}, /over SSH.*ssh:\/\/me@far/, /ssh -fnNT .* me@far/],
  [{ host: 'gopher://x' }, {}, /"gopher:\/\/x" \(from --host\)/, /tcp:\/\/HOST:PORT/],
  [{ host: 'tcp://h:port' }, {}, /"tcp:\/\/h:port"/, /tcp:\/\/HOST:PORT/],
  [
    { host: 'tcp://h' },
    { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nonexistent' },
    /\/nonexistent\/ca\.pem/,
    /DOCKER_CERT_PATH/,
  ],
])('a fault: %j with %j', (choice, env, message, hint) => {
  let fault: unknown;
  try {
    resolveEndpoint(choice, { HOME: home, ...env });
  } catch (error) {
    fault = error;
  }
  expect(fault).toMatchObject({ code: 3, message: expect.stringMatching(message), hint: expect.stringMatching(hint) });
});
