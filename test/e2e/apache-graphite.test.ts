import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useDebian } from '../helpers/debian.ts';
import { command, PROMPT } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// An application that is a Debian package, run whole as its server has it: its code and its libraries in Debian's own
// places, its settings in /etc, its database and its metrics in /var, under the Apache configuration that it brings.

const project = useProject();
const fetched = useDebian();

const SITE = 'usr/share/graphite-web/apache2-graphite.conf';
const VIEWS = '/usr/lib/python3/dist-packages/graphite/events/views.py';
const METRIC = '/var/lib/graphite/whisper/orders.wsp';
const YAML = `
packages: {apt: [graphite-web]}
server: {apache_config: apache2-graphite.conf}
# What a server has in these places, the project has in its own.
mounts:
  - ./etc:/etc/graphite:ro
  - ./lib:/var/lib/graphite
  - ./log:/var/log/graphite
# The package's script names another module for its settings than the package has: a server's envvars says this, too.
env: {GRAPHITE_SETTINGS_MODULE: local_settings}
hooks:
  before_start:
    - graphite-manage migrate --run-syncdb --verbosity 0
    - whisper-create --overwrite ${METRIC} 1s:10m && whisper-update ${METRIC} N:42
`;
const RENDER = '/render?target=orders&from=-5min&format=json&noNullPoints=1';

let line = 0;

function directory(path: string): void {
  const made = join(project.directory, path);
  mkdirSync(made, { recursive: true });
  chownSync(made, 1234, 1234);
}

/** What was changed of the configuration: "before → after". */
function changed(): readonly string[] {
  const report = JSON.parse(readFileSync(join(project.directory, '.wsgi-dev/run/apache.json'), 'utf8'));
  return report.changed.map((one: { before: string; after: string | null }) => `${one.before} → ${one.after}`);
}

beforeAll(async () => {
  const package_ = fetched('graphite-web');
  for (const one of ['etc', 'lib', 'lib/whisper', 'log']) directory(one);
  project.write('apache2-graphite.conf', readFileSync(join(package_, SITE), 'utf8'));
  project.write('etc/local_settings.py', readFileSync(join(package_, 'etc/graphite/local_settings.py'), 'utf8'));
  project.write('wsgi-dev.yaml', `name: ${project.name}${YAML}`);
  const source = readFileSync(join(package_, VIEWS), 'utf8').split('\n');
  line = source.findIndex((text) => text.includes("if 'when' in event:")) + 1;
  await project.build();
}, 400_000);
afterEach(project.clear);

test('debug mode: a breakpoint in its code, before it writes to its database', async () => {
  const terminal = await project.up(['--break', `${VIEWS}:${line}`]);
  const event = { what: 'release', tags: ['shop', 'blue'] };
  const posted = fetch(new URL('/events/', project.url()), { method: 'POST', body: JSON.stringify(event) });
  posted.catch(() => undefined);
  await terminal.until(new RegExp(`> ${VIEWS}\\(${line}\\)post_event\\(\\)\\n[\\s\\S]*${PROMPT.source}`));
  await command(terminal, 'p tags', /\n'shop blue'\n\(Pdb\) $/);
  await command(terminal, 'c', /"POST \/events\/ HTTP\/1.1" 200 [^\n]*\n/);
  expect((await posted).status).toBe(200);
  expect(await project.get('/events/get_data')).toEqual({
    status: 200,
    body: expect.stringContaining('"what": "release"'),
  });
  expect(await project.get(RENDER)).toEqual({ status: 200, body: expect.stringContaining('"datapoints": [[42.0, ') });
  const script = '/usr/share/graphite-web/graphite.wsgi';
  const global = 'process-group=%{GLOBAL} application-group=%{GLOBAL}';
  expect(changed()).toEqual([
    '<VirtualHost *:80> → <VirtualHost *:8000>',
    expect.stringMatching(
      /^WSGIDaemonProcess _graphite processes=5 threads=5 .* user=_graphite group=_graphite → null$/,
    ),
    'WSGIProcessGroup _graphite → WSGIProcessGroup %{GLOBAL}',
    `WSGIImportScript ${script} process-group=_graphite application-group=%{GLOBAL} → WSGIImportScript ${script} ${global}`,
    `WSGIScriptAlias / ${script} → WSGIScriptAlias / ${script} ${global}`,
    'ErrorLog /var/log/apache2/graphite-web_error.log → null',
    'CustomLog /var/log/apache2/graphite-web_access.log combined → null',
  ]);
});

test('serve mode: its daemon processes, with the same database', async () => {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url } = JSON.parse(stdout);
  const page = async (path: string): Promise<string> => (await fetch(new URL(path, url))).text();
  expect(await page('/account/login')).toContain('action="/account/login"');
  expect(await page('/')).toContain('<title>Graphite Browser</title>');
  expect(await page('/static/css/default.css')).toContain('{');
  expect(await page(RENDER)).toContain('"datapoints": [[42.0, ');
  expect(await page('/events/get_data')).toContain('"what": "release"');
  expect(changed()).toContainEqual(
    expect.stringMatching(
      / user=_graphite group=_graphite → WSGIDaemonProcess _graphite processes=5 threads=5 (?!.*user=)/,
    ),
  );
});
