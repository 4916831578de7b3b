import type { Config } from '../../src/config/config.ts';

/** The configuration of a small project, with these parts in the place of its own. */
export function configOf(parts: Partial<Config> = {}): Config {
  return {
    name: 'shop',
    directory: '/home/ada/shop',
    root: '/home/ada/shop',
    app: { kind: 'module', module: 'wsgi', callable: 'application', factory: false },
    base: { kind: 'suite', python: '3.11', modWsgi: { kind: 'distro' } },
    server: {
      host: '127.0.0.1',
      port: 8000,
      portFixed: false,
      mount: '/',
      static: {},
      apacheConfig: undefined,
      paths: {},
    },
    packages: { pip: [], groups: [], extras: [], apt: [] },
    env: {},
    mounts: [],
    caCertificates: [],
    beforeStart: [],
    mode: 'serve',
    debug: {
      debugger: 'pdb',
      editor: { host: '127.0.0.1', port: 5678, portFixed: false },
      allowRemote: false,
      postMortem: undefined,
      breakAtStart: false,
      notify: false,
      compare: true,
      breaks: [],
      coverage: undefined,
      profiler: undefined,
      recorder: undefined,
    },
    check: { paths: ['/'] },
    user: undefined,
    network: undefined,
    reload: true,
    ...parts,
  };
}
