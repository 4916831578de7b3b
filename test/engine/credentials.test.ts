import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dockerCredentials, registryOf } from '../../src/engine/credentials.ts';

const directory = mkdtempSync(join(tmpdir(), 'wsgi-dev-credentials-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A helper that answers for "known" as docker's do, for everybody else that it knows nobody. */
const helper = `#!/bin/sh
read registry
case "$1 $registry" in
  "get known:5000") echo '{"ServerURL":"known:5000","Username":"ada","Secret":"s3:cret"}' ;;
  "get token:5000") echo '{"ServerURL":"token:5000","Username":"<token>","Secret":"t0ken"}' ;;
  "get broken:5000") echo 'the keychain is locked'; exit 1 ;;
  *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
`;
writeFileSync(join(directory, 'docker-credential-test'), helper);
chmodSync(join(directory, 'docker-credential-test'), 0o755);

const find = (config: unknown, ref: string) => {
  writeFileSync(join(directory, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  return dockerCredentials({ DOCKER_CONFIG: directory, PATH: `${directory}:/usr/bin:/bin` })(ref);
};

test.each([
  ['debian:bookworm-slim', 'https://index.docker.io/v1/'],
  ['team/shop', 'https://index.docker.io/v1/'],
  ['localhost/shop', 'localhost'],
  ['registry.example:5000/team/shop:2', 'registry.example:5000'],
  ['ghcr.io/team/shop@sha256:00', 'ghcr.io'],
])('%s is in %s', (ref, registry) => {
  expect(registryOf(ref)).toBe(registry);
});

const auth = (text: string): object => ({ auth: Buffer.from(text).toString('base64') });
const ada = { username: 'ada', password: 's3:cret', serveraddress: 'known:5000' };

test.each<[string, unknown, string, unknown]>([
  ['auths', { auths: { 'known:5000': auth('ada:s3:cret') } }, 'known:5000/x', ada],
  ['auths by address', { auths: { 'https://known:5000/v2/': auth('ada:s3:cret') } }, 'known:5000/x', ada],
  ['auths in the clear', { auths: { 'known:5000': { username: 'ada', password: 's3:cret' } } }, 'known:5000/x', ada],
  [
    'Docker Hub',
    { auths: { 'https://index.docker.io/v1/': auth('ada:x') } },
    'debian:bookworm',
    { username: 'ada', password: 'x', serveraddress: 'https://index.docker.io/v1/' },
  ],
  [
    'a token',
    { auths: { 'known:5000': { identitytoken: 't' } } },
    'known:5000/x',
    { identitytoken: 't', serveraddress: 'known:5000' },
  ],
  ['credsStore', { credsStore: 'test' }, 'known:5000/x', ada],
  ['credHelpers before credsStore', { credsStore: 'none', credHelpers: { 'known:5000': 'test' } }, 'known:5000/x', ada],
  ['a helper before auths', { credsStore: 'test', auths: { 'known:5000': auth('b:c') } }, 'known:5000/x', ada],
  [
    'a token of a helper',
    { credsStore: 'test' },
    'token:5000/x',
    { identitytoken: 't0ken', serveraddress: 'token:5000' },
  ],
  ['a helper that knows nobody', { credsStore: 'test' }, 'other:5000/x', undefined],
  ['another registry', { auths: { 'known:5000': auth('ada:x') } }, 'known.example/x', undefined],
  ['an empty entry', { auths: { 'known:5000': {} } }, 'known:5000/x', undefined],
  ['auths that are none', { auths: [] }, 'known:5000/x', undefined],
  ['what is no JSON', '{', 'known:5000/x', undefined],
])('%s', async (_what, config, ref, expected) => {
  expect(await find(config, ref)).toEqual(expected);
});

test.each([
  ['there is none', { credsStore: 'nosuch' }, 'known:5000/x', /docker-credential-nosuch .*no such program/],
  ['it fails', { credsStore: 'test' }, 'broken:5000/x', /docker-credential-test .*the keychain is locked/],
])('a helper that is named, but %s', async (_what, config, ref, message) => {
  await expect(find(config, ref)).rejects.toMatchObject({
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/docker login/),
  });
});
