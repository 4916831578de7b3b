import { describe, expect, it } from 'vitest';
import { ExitCode, type Fault } from '../../src/errors.ts';
import { readModel } from '../../src/integrate/compose/model.ts';
import { replacedBy } from '../../src/integrate/compose/notices.ts';
import { dependenciesOf, readService } from '../../src/integrate/compose/service.ts';
import { checkVersion, missing } from '../../src/integrate/compose/version.ts';

/** What compose prints of a project whose service `web` is this. */
function model(web: object, rest: object = {}) {
  return readModel(JSON.stringify({ name: 'shop', services: { web }, ...rest }));
}

const read = (web: object, rest: object = {}) => readService(model(web, rest), 'web', { HOME: '/home/ann' });

describe('reading a service', () => {
  const joined: readonly (readonly [string, object, object, object])[] = [
    ['its port is the first one', { ports: [{ target: 80, published: '8080' }] }, {}, { port: 80, ports: [] }],
    [
      'further ports',
      { ports: [{ target: 80 }, { target: 81, published: '9000-9001' }] },
      {},
      { ports: [{ containerPort: 81, hostPort: 9000 }] },
    ],
    ['a port of UDP is none', { ports: [{ target: 53, protocol: 'udp' }] }, {}, { port: 8000, ports: [] }],
    ['an exposed port', { expose: ['5000'] }, {}, { port: 5000 }],
    [
      'networks by their names on the engine, the first by priority',
      { networks: { a: null, b: { aliases: ['shop'], priority: 5, ipv4_address: '10.0.0.2' } } },
      { networks: { a: { name: 'shop_a' }, b: { name: 'company', external: true } } },
      {
        networks: [
          { name: 'company', aliases: ['web', 'shop'], ipv4: '10.0.0.2', ipv6: undefined },
          { name: 'shop_a', aliases: ['web'], ipv4: undefined, ipv6: undefined },
        ],
      },
    ],
    [
      'the name of its container, which peers know too',
      { container_name: 'shop_front', networks: { a: { aliases: ['front'] } } },
      { networks: { a: { name: 'shop_a' } } },
      { networks: [{ name: 'shop_a', aliases: ['web', 'shop_front', 'front'] }] },
    ],
    [
      'hosts, as old and new versions write them',
      { extra_hosts: ['a=10.0.0.1', 'b:10.0.0.2', 'c=::1'] },
      {},
      { extraHosts: ['a:10.0.0.1', 'b:10.0.0.2', 'c:::1'] },
    ],
    ['a dollar is one again', { labels: { price: '5$$' } }, {}, { labels: { price: '5$' } }],
    [
      'volumes',
      {
        volumes: [
          { type: 'volume', source: 'data', target: '/data', volume: { nocopy: true } },
          { type: 'volume', target: '/anonymous' },
          { type: 'bind', source: '/srv', target: '/srv', read_only: true, bind: { create_host_path: true } },
          { type: 'tmpfs', target: '/scratch', tmpfs: { size: '1024', mode: 1023 } },
          { type: 'bind', source: '/shop', target: '/app' },
        ],
        tmpfs: ['/run:size=64m,mode=0700', '/cache'],
      },
      { volumes: { data: { name: 'shop_data' } } },
      {
        mounts: [
          { kind: 'volume', source: 'shop_data', target: '/data', readOnly: false, noCopy: true },
          { kind: 'volume', source: undefined, target: '/anonymous', readOnly: false, noCopy: false },
          { kind: 'bind', source: '/srv', target: '/srv', readOnly: true, create: true },
          { kind: 'tmpfs', target: '/scratch', size: 1024, mode: 1023 },
          { kind: 'tmpfs', target: '/run', size: undefined, mode: undefined, options: 'size=64m,mode=0700' },
          { kind: 'tmpfs', target: '/cache', size: undefined, mode: undefined },
        ],
      },
    ],
    [
      'secrets and configs: files are mounted, the others put in',
      {
        secrets: [
          { source: 'a', target: '/run/secrets/a' },
          { source: 'b', target: 'token', uid: '103', mode: '0440' },
        ],
        configs: [{ source: 'c' }, { source: 'lost' }],
      },
      { secrets: { a: { file: '/shop/a.txt' }, b: { environment: 'HOME' } }, configs: { c: { content: 'x: 1' } } },
      {
        mounts: [{ kind: 'bind', source: '/shop/a.txt', target: '/run/secrets/a', readOnly: true, create: false }],
        files: [
          { path: '/run/secrets/token', content: '/home/ann', uid: 103, gid: undefined, mode: 0o440 },
          { path: '/c', content: 'x: 1', uid: undefined, gid: undefined, mode: 0o444 },
        ],
      },
    ],
    ['where it is started', { working_dir: '/code' }, {}, { workingDir: '/code' }],
    ["the project's own root is no other place", { working_dir: '/app' }, {}, { workingDir: undefined }],
  ];
  it.each(joined)('%s', (_name, web, rest, expected) => {
    expect(read(web, rest).joined).toMatchObject(expected);
  });

  it.each(['/run/wsgi-dev', '/tmp/wsgi-dev/x', '/opt/venv', '/opt/', '/usr/lib', '/usr/lib/wsgi-dev/a'])(
    'has no volume at %s, and says so',
    (target) => {
      for (const web of [{ volumes: [{ type: 'volume', source: 'data', target }] }, { tmpfs: `${target}:size=1m` }]) {
        const { joined, notices } = read(web);
        expect(joined.mounts).toEqual([]);
        expect(notices).toEqual([
          expect.stringMatching(`^web: not carried over: the volume at ${target} \\(wsgi-dev has`),
        ]);
      }
    },
  );

  it.each(['/run', '/tmp', '/tmp/wsgi-developers', '/opt/venv/lib/python3.11/site-packages/own', '/opt/data'])(
    'has a volume at %s',
    (target) => {
      const { joined, notices } = read({ volumes: [{ type: 'volume', source: 'data', target }] });
      expect(joined.mounts).toHaveLength(1);
      expect(notices).toEqual([]);
    },
  );

  it("says that it has no other container's network, and is in those of the other service", () => {
    const vpn = { networks: { a: { aliases: ['tunnel'], ipv4_address: '10.0.0.2' } } };
    const web = { network_mode: 'service:vpn', container_name: 'shop_front' };
    const all = { services: { web, vpn }, networks: { a: { name: 'shop_a' } } };
    const { joined, onHost, notices } = readService(readModel(JSON.stringify({ name: 'shop', ...all })), 'web', {});
    expect(joined.networks).toEqual([{ name: 'shop_a', aliases: ['web'], ipv4: undefined, ipv6: undefined }]);
    expect(onHost).toBe(false);
    expect(notices).toEqual([
      'web: `network_mode: service:vpn` has no port to publish: it is in the networks of vpn, reached as vpn and not as localhost',
    ]);
  });

  it.each(['none', 'container:abc'])('says that its network is not %s', (mode) => {
    const { joined, notices } = read({ network_mode: mode });
    expect(joined.networks).toEqual([]);
    expect(notices).toEqual([
      `web: \`network_mode: ${mode}\` has no port to publish: it is in the engine's own network`,
    ]);
  });

  it.each(['host', 'bridge'])('has nothing to say of %s', (mode) => {
    expect(read({ network_mode: mode }).notices).toEqual([]);
  });

  it('has its variables, but for those without a value', () => {
    expect(read({ environment: { A: '1', B: null } }).env).toEqual({ A: '1' });
  });

  it('publishes where the service does', () => {
    expect(read({ ports: [{ target: 80, published: '8080' }] }).hostPort).toBe(8080);
    expect(read({ ports: [{ target: 80 }] }).hostPort).toBe(0);
    expect(read({}).hostPort).toBeUndefined();
  });

  it.each([
    ...['annotations', 'blkio_config', 'cgroup', 'cgroup_parent', 'cpu_shares', 'cpus', 'cpuset', 'credential_spec'],
    ...[
      'deploy',
      'device_cgroup_rules',
      'dns_opt',
      'domainname',
      'external_links',
      'gpus',
      'ipc',
      'isolation',
      'links',
    ],
    ...['mac_address', 'mem_limit', 'memswap_limit', 'oom_score_adj', 'pid', 'pids_limit', 'platform', 'post_start'],
    ...['pre_stop', 'read_only', 'runtime', 'security_opt', 'storage_opt', 'sysctls', 'ulimits', 'userns_mode', 'uts'],
    ...['volumes_from', 'what_compose_may_know_one_day'],
  ])('says that %s is not carried over', (key) => {
    expect(read({ [key]: 1 }).notices).toEqual([`web: not carried over: ${key}`]);
  });

  it.each([
    ['is another way to say what is taken', { label_file: 'a', env_file: [], extends: { service: 'base' } }],
    ['is of wsgi-dev', { cap_drop: ['ALL'], stdin_open: true, stop_grace_period: '5s', scale: 1, attach: false }],
    ['says nothing', { privileged: false, ulimits: {}, cap_add: [], runtime: null }],
    ["is nobody's", { 'x-team': 'shop' }],
  ])('has nothing to say of what %s', (_name, web) => {
    expect(read(web).notices).toEqual([]);
  });

  it('where docker compose runs it, that is what the written file takes away', () => {
    const web = { mem_limit: '64m', platform: 'linux/amd64', privileged: true, cap_add: ['NET_ADMIN'] };
    const more = { volumes: [{ type: 'image', source: 'x', target: '/x' }], ports: [{ target: 53, protocol: 'udp' }] };
    expect(readService(model({ ...web, ...more }), 'web', {}, true).notices).toEqual([
      'web: not carried over: privileged, cap_add, the port 53/udp',
    ]);
  });

  it('says what is not carried over', () => {
    const { notices } = read({
      privileged: true,
      devices: ['/dev/kvm'],
      volumes: [
        { type: 'image', source: 'x', target: '/x' },
        { type: 'bind', source: '/shop', target: '/app' },
      ],
      ports: [{ target: 53, protocol: 'udp' }],
    });
    expect(notices).toEqual([
      'web: the project itself is at /app, not /shop',
      'web: not carried over: privileged, devices, the volume at /x, the port 53/udp',
    ]);
  });
});

it.each([
  [{ command: ['gunicorn', 'shop.wsgi'] }, ['Apache runs web in place of `gunicorn shop.wsgi`']],
  [{ entrypoint: ['run'], command: ['a'.repeat(80)] }, [`Apache runs web in place of \`run ${'a'.repeat(55)}…\``]],
  [{ command: null }, []],
] as const)('what Apache runs in the place of: %j', (service, said) => {
  expect(replacedBy('web', service)).toEqual(said);
});

describe('what a service depends on', () => {
  it('by how it is waited for', () => {
    const migrate = { depends_on: { seed: { condition: 'service_completed_successfully' } } };
    const web = {
      depends_on: {
        db: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
        mail: { condition: 'service_started', required: false },
        // Of a profile that is not active.
        gone: { condition: 'service_started', required: false },
      },
    };
    const all = readModel(JSON.stringify({ name: 'shop', services: { web, migrate, db: {}, mail: {}, seed: {} } }));
    expect(dependenciesOf(all, 'web')).toEqual({
      running: ['db', 'mail'],
      completed: ['migrate'],
      optional: ['mail'],
      all: ['migrate', 'db', 'mail', 'seed'],
      ending: ['migrate', 'seed'],
    });
  });
});

describe('the version of docker compose', () => {
  it.each(['2.20.0', 'v2.40.3', '2.40.3-3', '3.0.0', '5.1', 'dev'])('%s serves', (version) => {
    expect(() => checkVersion(`${version}\n`)).not.toThrow();
  });

  it.each(['2.19.1', 'v2.2.3', '1.29.2'])('%s is refused by name', (version) => {
    let fault: Fault | undefined;
    try {
      checkVersion(`${version}\n`);
    } catch (error) {
      fault = error as Fault;
    }
    expect(fault?.message).toBe(`docker compose ${version} is too old: a compose service needs 2.20 or later`);
    expect(fault?.code).toBe(ExitCode.engine);
    expect(fault?.hint).toMatch(/docker-compose-plugin/);
  });

  it.each([
    "docker: 'compose' is not a docker command.\nSee 'docker --help'",
    'docker: unknown command: docker compose',
    'unknown flag: --ansi\nSee docker --help',
  ])('there is none: %s', (stderr) => {
    expect(missing(stderr)).toBe(true);
  });
});
