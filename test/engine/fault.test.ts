import { expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { resolveEndpoint } from '../../src/engine/endpoint.ts';
import { engineFault, faultKind, RegistryFault } from '../../src/engine/fault.ts';
import { Fault } from '../../src/errors.ts';

const http = (statusCode: number, text: string): Error =>
  Object.assign(new Error(`(HTTP code ${statusCode}) server error - ${text} `), { statusCode });
const system = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

test.each([
  [system('ECONNREFUSED'), 'unreachable'],
  [system('ENOENT'), 'unreachable'],
  [system('EACCES'), 'unreachable'],
  [system('EPERM'), 'unreachable'],
  [system('ENOTFOUND'), 'unreachable'],
  [system('EAI_AGAIN'), 'unreachable'],
  [system('ETIMEDOUT'), 'unreachable'],
  [system('SELF_SIGNED_CERT_IN_CHAIN'), 'unreachable'],
  [system('ERR_TLS_CERT_ALTNAME_INVALID'), 'unreachable'],
  [http(400, 'Client sent an HTTP request to an HTTPS server.'), 'unreachable'],
  [system('ECONNRESET'), 'went-away'],
  [system('EPIPE'), 'went-away'],
  [http(409, 'Conflict. The container name "/a" is already in use by container "b". You have to'), 'name-taken'],
  [http(404, 'No such container: a'), 'no-container'],
  [http(409, 'Container 8f3c is not running'), 'not-running'],
  [http(409, 'Cannot kill container: a: Container a is not running'), 'not-running'],
  [http(404, 'No such image: a:1'), 'no-image'],
  [http(404, 'network nosuch not found'), 'no-network'],
  [http(400, 'invalid mount config for type "bind": bind source path does not exist: /x'), 'no-mount-source'],
  [http(500, 'driver failed programming: Bind for 0.0.0.0:80 failed: port is already allocated'), 'port-busy'],
  [http(500, 'Error starting userland proxy: listen tcp4 127.0.0.1:80: bind: address already in use'), 'port-busy'],
  [http(500, 'Ports are not available: listen tcp 0.0.0.0:80: bind: permission denied'), 'port-busy'],
  [http(500, 'mkdir /var/lib/docker/overlay2/x: no space left on device'), 'disk-full'],
  [http(404, 'pull access denied for x, repository does not exist or may require docker login'), 'registry'],
  [
    http(500, 'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host'),
    'registry',
  ],
  [http(404, 'manifest for debian:nosuch not found: manifest unknown'), 'registry'],
  [http(409, 'removal of container abc is already in progress'), 'removing'],
  [http(400, 'OCI runtime create failed: exec: "x": executable file not found in $PATH: unknown'), 'command-not-found'],
  [http(400, 'OCI runtime exec failed: exec: "/etc/passwd": permission denied: unknown'), 'command-not-executable'],
  [http(500, 'something new'), 'other'],
])('%s is %s', (error, kind) => {
  const fault = engineFault(error, 'unix:///x.sock', 'do it');
  expect(faultKind(fault)).toBe(kind);
  expect(fault).toMatchObject({ code: 3, cause: error });
  expect(fault instanceof RegistryFault).toBe(kind === 'registry');
  expect(fault.message).not.toContain('HTTP code');
});

test('a fault is passed on as it is', () => {
  const fault = new Fault('mine');
  expect(engineFault(fault, 'x', 'do it')).toBe(fault);
  expect(faultKind(fault)).toBeUndefined();
});

test.each([
  ['unix:///nonexistent.sock', /unix:\/\/\/nonexistent\.sock: there is no such socket/, /doctor --fix/],
  ['tcp://127.0.0.1:1', /tcp:\/\/127\.0\.0\.1:1: nothing listens/, /doctor/],
  ['tcp://wsgi-dev.invalid:2375', /wsgi-dev\.invalid:2375: no such host/, /DOCKER_HOST/],
])('%s can not be reached', async (host, message, hint) => {
  const engine = connect(resolveEndpoint({ host }, {}));
  const requests = [engine.version(), engine.attach('x'), engine.wait('x'), engine.list({})];
  const outcomes = await Promise.allSettled<unknown>(requests);
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({
      reason: {
        code: 3,
        kind: 'unreachable',
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      },
    });
  }
});
