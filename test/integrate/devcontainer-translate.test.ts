import { describe, expect, test } from 'vitest';
import { type ImageFacts, remoteUser, translate } from '../../src/integrate/devcontainer/translate.ts';

const facts: ImageFacts = { env: { PATH: '/bin', A: 'image' }, user: { ids: '1000:1000', home: '/home/dev' } };
const from = (merged: Readonly<Record<string, unknown>>) => translate(merged, facts);

test('nothing said is nothing taken', () => {
  expect(from({ image: 'debian', configFilePath: {}, init: false, privileged: false, entrypoints: [] })).toEqual({
    env: {},
    mounts: [],
    hostname: undefined,
    network: undefined,
    port: undefined,
    user: undefined,
    before: [],
    notices: [],
  });
});

test('the environment: remoteEnv over runArgs over containerEnv, with the image’s filled in', () => {
  const { env } = from({
    containerEnv: { A: '1', B: '2' },
    runArgs: ['-e', 'B=3', '--env=C=4=5'],
    remoteEnv: { C: `\${containerEnv:A}\${containerEnv:NONE:other}`, D: null, PATH: `\${containerEnv:PATH}:/x` },
  });
  expect(env).toEqual({ A: '1', B: '3', C: '1other', PATH: '/opt/venv/bin:/bin:/x' });
});

test('runArgs: the safe ones are taken, others are named', () => {
  expect(
    from({
      runArgs: [
        '--init',
        '--hostname',
        'web',
        '--network=shop',
        '--privileged',
        '--cap-add',
        'ALL',
        '-p',
        '1:2',
        '--label',
        'a=b',
      ],
    }),
  ).toMatchObject({
    hostname: 'web',
    network: 'shop',
    notices: [
      'runArgs: --privileged has no effect',
      'runArgs: --cap-add ALL has no effect',
      'runArgs: -p 1:2 has no effect',
    ],
  });
  expect(from({ runArgs: ['--network', 'container:x'] }).network).toBeUndefined();
});

test('mounts: directories of this machine, volumes and memory, and not the engine', () => {
  const { mounts, notices } = from({
    mounts: [
      'type=bind,source=/a,target=/b,readonly',
      { type: 'bind', source: '/c', target: '/d' },
      'source=cache,target=/cache',
      'type=volume,target=/nameless',
      'type=bind,src=/var/run/docker.sock,dst=/var/run/docker.sock',
      'type=tmpfs,source=x,target=/t',
      'type=npipe,source=x,target=/y',
      'type=bind,target=/z',
      'type=bind,source=/a,target=/opt/venv',
    ],
  });
  expect(mounts).toEqual([
    { source: '/a', target: '/b', readOnly: true },
    { source: '/c', target: '/d', readOnly: false },
    { source: 'cache', target: '/cache', readOnly: false, kind: 'volume' },
    { source: '', target: '/nameless', readOnly: false, kind: 'volume' },
    { source: '', target: '/t', readOnly: false, kind: 'tmpfs' },
  ]);
  expect(notices).toEqual([
    expect.stringMatching(/docker\.sock has no effect: the application would be given the engine/),
    'the mount type=npipe,source=x,target=/y has no effect: type=npipe is not known here',
    'the mount type=bind,target=/z has no effect: it names no source',
    'the mount type=bind,source=/a,target=/opt/venv has no effect: wsgi-dev has its own /opt/venv',
  ]);
});

describe('the port', () => {
  test.each([
    [{ forwardPorts: [5432, 9000] }, 5432],
    [{ forwardPorts: [5432, 8000] }, 8000],
    [{ forwardPorts: [5432, 9000], portsAttributes: { 9000: { label: 'wsgi-dev' } } }, 9000],
    [{ appPort: '9000:8000' }, 9000],
    [{ forwardPorts: ['db:5432', 'localhost:7000'] }, 7000],
    [{ forwardPorts: ['db:5432'] }, undefined],
  ])('of %j is %s', (merged, port) => {
    expect(from(merged).port).toBe(port);
  });
});

test('the commands in their order, those of the creation once', () => {
  const merged = {
    postStartCommands: ['start'],
    postCreateCommands: ['feature', { one: 'a', two: ['b', 'c'] }, '', {}],
    onCreateCommands: [['create', 'it']],
    updateContentCommands: [],
  };
  expect(from(merged).before).toEqual([
    { name: 'onCreateCommand', once: true, commands: [['create', 'it']] },
    { name: 'postCreateCommand', once: true, commands: ['feature'] },
    { name: 'postCreateCommand', once: true, commands: ['a', ['b', 'c']] },
    { name: 'postStartCommand', once: false, commands: ['start'] },
  ]);
});

test('the user: the project’s owner, unless its id is to stay', () => {
  expect([
    remoteUser({}),
    remoteUser({ containerUser: 'a' }),
    remoteUser({ containerUser: 'a', remoteUser: 'b' }),
  ]).toEqual(['root', 'a', 'b']);
  expect(from({ remoteUser: 'dev' }).user).toBeUndefined();
  expect(from({ remoteUser: 'dev', updateRemoteUserUID: false }).user).toBe('1000:1000');
  const root = { ...facts, user: { ids: '0:0', home: '/root' } };
  expect(translate({ updateRemoteUserUID: false }, root).user).toBeUndefined();
});

test('a key without effect is named', () => {
  expect(
    from({
      secretThing: 1,
      privileged: true,
      capAdd: ['SYS_PTRACE'],
      initializeCommand: 'make',
      dockerComposeFile: 'c.yaml',
      service: 'web',
    }).notices,
  ).toEqual([
    'secretThing is not known here, and has no effect',
    'privileged has no effect: the application runs without privileges',
    'capAdd has no effect: the application runs without capabilities',
    expect.stringMatching(/^initializeCommand has no effect: it is for this machine/),
  ]);
});
