import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ComposeProject, makeComposeProject, prepareCompose } from '../helpers/compose-project.ts';
import { docker } from '../helpers/docker.ts';
import { hello } from '../helpers/project.ts';

let project: ComposeProject;

const STOCK = `
break: ["shop.urls:stock"]
each: [{name: fig}, {name: pear}, {name: plum}]
steps:
  - request: "GET /stock?name=\${name}"
  - stop: {at: shop/urls.py, function: stock, reason: breakpoint}
  - stop:
      reason: breakpoint
      commands: [{run: "p '\${name}' in names", expect: "True"}, {run: "p os.getcwd(), os.environ['COLOUR']", expect: "('/app', 'green')"}]
  - response: {status: 200}
`;
const ALONE = 'config: {app: plain.py}\nsteps: [{run: {command: getent hosts database, code: 2}}]\n';

beforeAll(async () => {
  await prepareCompose();
  project = await makeComposeProject({
    'wsgi-dev.yaml': 'compose: {service: web}\n',
    'stock.scenario.yaml': STOCK,
    'alone.yaml': ALONE,
    'plain.py': hello(),
    'own.yaml':
      'config: {compose: {file: other.yaml, service: solo}}\nsteps: [{run: {command: printenv SOLO, expect: "yes"}}]\n',
    'other.yaml': `name: ${'$'}{PROJECT}\nservices: {solo: {image: 'wsgi-dev/test-base:django', environment: {SOLO: "yes"}}}\n`,
  });
  const { code, stderr } = await project.run(['build']);
  if (code !== 0) throw new Error(stderr);
});
afterEach(() => project.compose('--profile', '*', 'down', '--timeout', '0', '--volumes'));
afterAll(() => project?.remove());

test('scenarios run among the services, which are started once and go with the last one', async () => {
  const { code, stdout, stderr } = await project.run(['ci', 'stock.scenario.yaml', '--jobs', '2']);
  expect([code, stdout], stderr).toEqual([0, expect.stringMatching(/^3 passed/m)]);
  expect(stderr.match(/Starting db/g)).toHaveLength(1);
  expect(stderr.match(/Among the services of/g)).toHaveLength(1);
  expect(stderr).toMatch(/Stopped (db, migrate|migrate, db), started for it/);
  expect(await project.services()).toEqual([]);
  expect(await docker.listNetworks({ filters: { name: [project.name] } })).toEqual([]);
});

test('what ran before stays, and the service itself is left alone', async () => {
  await project.compose('--profile', 'shop', 'up', '-d', '--wait', 'web', 'db');
  const { code, stderr } = await project.run(['ci', 'stock.scenario.yaml', '--filter', 'fig']);
  expect(code, stderr).toBe(0);
  expect(await project.services()).toEqual(['db running db-1', 'migrate exited migrate-1', 'web running web-1']);
});

test('--no-service runs it alone, and only so it can be handed over', async () => {
  const alone = await project.run(['ci', 'alone.yaml', '--no-service', '--output', 'alone']);
  expect(alone.code, alone.stderr).toBe(0);
  expect(alone.stderr).not.toMatch(/services|Starting/);
  expect((await project.run(['ci', 'pack', 'alone'])).code).toBe(0);
  const among = await project.run(['ci', 'stock.scenario.yaml', '--filter', 'fig']);
  expect(among.code, among.stderr).toBe(0);
  const packed = await project.run(['ci', 'pack', '.wsgi-dev/report/stock-name-fig']);
  expect([packed.code, packed.stderr]).toEqual([
    2,
    expect.stringContaining('it ran among the services of a compose file, as web; run it with --no-service'),
  ]);
});

test('a scenario names its own service', async () => {
  const { code, stderr } = await project.run(['ci', 'own.yaml']);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/with what solo has/);
});

test('a dependency that fails ends it before anything runs', async () => {
  project.write({
    'sick.yaml': `name: ${'$'}{PROJECT}
services:
  web: {image: 'wsgi-dev/test-base:django', depends_on: {db: {condition: service_healthy}}}
  db: {image: 'wsgi-dev/test-base:django', command: [bash, -c, 'echo no disk left; exec sleep 1000'], init: true, healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 1}}
`,
    'sick.scenario.yaml': 'config: {compose: {file: sick.yaml}}\nsteps: [{run: "true"}]\n',
  });
  const { code, stdout, stderr } = await project.run(['ci', 'sick.scenario.yaml']);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/db did not come up: [\s\S]*no disk left/);
  expect(await project.services()).toEqual([]);
});
