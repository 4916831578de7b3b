import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { type ContainerInputs, configHash, containerPlan, listenAddress, urlOf } from '../../src/plan/container.ts';
import { runnerSettings } from '../../src/plan/settings.ts';
import { configOf } from './config.ts';

const inputs: ContainerInputs = {
  image: 'wsgi-dev/shop:1',
  user: '1000:1000',
  nonce: 'n0nce',
  hostPort: 8000,
  editorPort: undefined,
  stateDirectory: '/home/ada/shop/.wsgi-dev/run',
  version: '0.1.0',
  term: 'xterm',
};
const server = configOf().server;

test('the whole plan', () => {
  const config = configOf({
    env: { TOKEN: 'hunter2' },
    mounts: [{ source: '/media', target: '/app/media', readOnly: true }],
  });
  expect(containerPlan(config, inputs)).toEqual({
    name: 'shop-wsgi',
    image: 'wsgi-dev/shop:1',
    command: [],
    user: '1000:1000',
    workingDir: '/app',
    env: ['TERM=xterm', 'TOKEN=hunter2'],
    binds: [
      { source: '/home/ada/shop', target: '/app', readOnly: false },
      { source: '/home/ada/shop/.wsgi-dev/run', target: '/run/wsgi-dev', readOnly: false },
      { source: '/media', target: '/app/media', readOnly: true },
    ],
    publish: [{ hostIp: '127.0.0.1', hostPort: 8000, containerPort: 8000 }],
    network: undefined,
    labels: {
      'dev.wsgi-dev.project': 'shop',
      'dev.wsgi-dev.working-dir': '/home/ada/shop',
      'dev.wsgi-dev.config-hash': expect.stringMatching(/^[0-9a-f]{12}$/),
      'dev.wsgi-dev.nonce': 'n0nce',
      'dev.wsgi-dev.version': '0.1.0',
      'devcontainer.local_folder': '/home/ada/shop',
      'devcontainer.config_file': '/home/ada/shop/.wsgi-dev',
    },
  });
});

const debugpy = (parts: Partial<Config['debug']['editor']> = {}): Partial<Config> => {
  const { debug } = configOf();
  return { debug: { ...debug, debugger: 'debugpy', editor: { ...debug.editor, ...parts } } };
};

test('debugpy is published beside the server, on its own address, in each mode', () => {
  for (const mode of ['serve', 'debug'] as const) {
    expect(containerPlan(configOf({ mode, ...debugpy() }), { ...inputs, editorPort: 5679 }).publish).toEqual([
      { hostIp: '127.0.0.1', hostPort: 8000, containerPort: 8000 },
      { hostIp: '127.0.0.1', hostPort: 5679, containerPort: 5678 },
    ]);
  }
});

test.each([
  [undefined, '127.0.0.1', '0.0.0.0:5678', '127.0.0.1:5679'],
  ['host', '127.0.0.1', '127.0.0.1:5679', '127.0.0.1:5679'],
  ['host', '::1', '[::1]:5679', '[::1]:5679'],
])('debugpy on network %s and %s', (network, host, listen, address) => {
  const config = configOf({ network, mode: 'debug', ...debugpy({ host }) });
  expect(
    runnerSettings(config, 'order', 'n0nce', { hostPort: 8123, editorPort: 5679 }, { person: false, colors: false }),
  ).toMatchObject({
    debugger: 'debugpy',
    editor_listen: listen,
    editor_address: address,
    // Which exceptions stop is the editor's choice.
    post_mortem: true,
  });
});

test("the author's TERM stands, and the host's network publishes nothing", () => {
  expect(containerPlan(configOf({ env: { TERM: 'vt100' } }), inputs).env).toEqual(['TERM=vt100']);
  expect(containerPlan(configOf({ network: 'host' }), inputs)).toMatchObject({ publish: [], network: 'host' });
});

describe('what forces a new container', () => {
  const base = configHash(configOf(), inputs);
  const fixed = (port: number, host = '127.0.0.1') => ({ server: { ...server, host, port, portFixed: true } });

  test.each<[string, Partial<Config>, Partial<ContainerInputs>]>([
    ['another image', {}, { image: 'wsgi-dev/shop:2' }],
    ['another user', {}, { user: '33:33' }],
    ['another wsgi-dev', {}, { version: '0.2.0' }],
    ['another network', { network: 'host' }, {}],
    ['a named port', fixed(8000), {}],
    ['another address', { server: { ...server, host: '0.0.0.0' } }, {}],
    ['debugpy', debugpy(), {}],
    ['a variable', { env: { A: '1' } }, {}],
    ['a mount', { mounts: [{ source: '/a', target: '/a', readOnly: false }] }, {}],
    ['another root', { root: '/home/ada/shop/src' }, {}],
  ])('%s does', (_name, parts, rest) => {
    expect(configHash(configOf(parts), { ...inputs, ...rest })).not.toBe(base);
  });

  test.each<[string, Partial<Config>]>([
    ['the mode', { mode: 'debug' }],
    ['the application', { app: { kind: 'script', path: 'a.wsgi', callable: 'application', factory: false } }],
    [
      'where it is mounted, and static files',
      { server: { ...server, mount: '/shop', static: { '/s': '/home/ada/shop/s' } } },
    ],
    ['reloading', { reload: false }],
    ['a default port that moved', { server: { ...server, port: 0 } }],
  ])('%s does not', (_name, parts) => {
    expect(configHash(configOf(parts), inputs)).toBe(base);
  });

  test('two named ports differ', () => {
    expect(configHash(configOf(fixed(8000)), inputs)).not.toBe(configHash(configOf(fixed(8001)), inputs));
  });
});

test.each([
  ['127.0.0.1', undefined, '/', '0.0.0.0:8000', 'http://127.0.0.1:8123/'],
  ['0.0.0.0', undefined, '/shop', '0.0.0.0:8000', 'http://127.0.0.1:8123/shop/'],
  ['::', undefined, '/', '0.0.0.0:8000', 'http://[::1]:8123/'],
  ['192.0.2.1', 'web', '/', '0.0.0.0:8000', 'http://192.0.2.1:8123/'],
  ['127.0.0.1', 'host', '/', '127.0.0.1:8123', 'http://127.0.0.1:8123/'],
  ['::1', 'host', '/', '[::1]:8123', 'http://[::1]:8123/'],
])('published on %s, network %s, mounted at %s', (host, network, mount, listen, url) => {
  const config = configOf({ network, server: { ...server, host, mount } });
  expect(listenAddress(config, 8123)).toBe(listen);
  expect(urlOf(config, 8123)).toBe(url);
});

test('the order to the runner', () => {
  const config = configOf({
    mode: 'debug',
    root: '/home/ada/shop/src',
    server: { ...server, mount: '/shop', static: { '/static/': '/home/ada/shop/src/web/static' } },
  });
  const ports = { hostPort: 8123, editorPort: undefined };
  expect(runnerSettings(config, 'order', 'n0nce', ports, { person: false, colors: true })).toEqual({
    order: 'order',
    nonce: 'n0nce',
    mode: 'debug',
    app: config.app,
    root: '/app',
    listen: '0.0.0.0:8000',
    mount: '/shop',
    static: { '/static/': '/app/web/static' },
    debugger: 'pdb',
    editor_listen: '',
    editor_address: '',
    post_mortem: false,
    break_at_start: false,
    reload: true,
    url: 'http://127.0.0.1:8123/shop/',
    colors: true,
    notify: false,
  });
});

test.each([
  [undefined, true, true],
  [undefined, false, false],
  [false, true, false],
  [true, false, true],
])('post-mortem said %s with a person there %s is %s', (postMortem, person, expected) => {
  const config = configOf({
    debug: {
      debugger: 'pdb',
      editor: { host: '127.0.0.1', port: 5678, portFixed: false },
      allowRemote: false,
      postMortem,
      breakAtStart: false,
      notify: false,
      compare: true,
      breaks: [],
      coverage: undefined,
      profiler: undefined,
      recorder: undefined,
    },
  });
  const ports = { hostPort: 8123, editorPort: undefined };
  expect(runnerSettings(config, 'order', 'n0nce', ports, { person, colors: false }).post_mortem).toBe(expected);
});
