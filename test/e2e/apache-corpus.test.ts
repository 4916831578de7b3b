import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// Configurations that Debian packages ship, as they are, around an application of the tests: debug mode starts, a request
// stops at --break, and what was changed is listed. They are fetched from the archive at the time of the test.

const project = useProject();
const packages = mkdtempSync(join(tmpdir(), 'wsgi-dev-corpus-'));

interface Case {
  readonly package: string;
  readonly file: string;
  /** Of the script that it serves; the package's own may need a database. */
  readonly script: string;
  readonly path: string;
  /** Words of what was changed. */
  readonly changed: readonly string[];
}

const CORPUS: readonly Case[] = [
  {
    package: 'graphite-web',
    file: 'usr/share/graphite-web/apache2-graphite.conf',
    script: 'graphite.wsgi',
    path: '/',
    changed: ['WSGIDaemonProcess _graphite', 'WSGIImportScript /usr/share/graphite-web/graphite.wsgi', 'ErrorLog'],
  },
  {
    package: 'python3-django-hyperkitty',
    file: 'usr/share/doc/python3-django-hyperkitty/examples/apache.conf',
    script: 'wsgi.py',
    path: '/hyperkitty/lists',
    changed: ['WSGIDaemonProcess hyperkitty', 'WSGIProcessGroup hyperkitty', 'Alias /static'],
  },
  {
    package: 'openstack-dashboard-apache',
    file: 'etc/apache2/sites-available/openstack-dashboard.conf',
    script: 'wsgi.py',
    path: '/auth/login',
    changed: ['WSGIDaemonProcess horizon', '<Directory /usr/share/openstack-dashboard>'],
  },
  {
    package: 'openstack-dashboard-apache',
    file: 'etc/apache2/sites-available/openstack-dashboard-alias-only.conf',
    script: 'wsgi.py',
    path: '/horizon/auth/login',
    changed: ['WSGIDaemonProcess horizon', 'WSGIScriptAlias /horizon'],
  },
  {
    package: 'bepasty',
    file: 'usr/share/doc/bepasty/examples/apache_bepasty.conf.example',
    script: 'bepasty.wsgi',
    path: '/',
    // On a server with Debian's defaults it answers 403.
    changed: ['WSGIDaemonProcess bepasty', 'WSGIScriptAlias / /srv/bepasty/bepasty.wsgi'],
  },
];
const APPLICATION = `\
def application(environ, start_response):
    where = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(where)))])
    return [where.encode()]
`;

/** Debian's own archive, as the machine's apt has it: one file of each package. */
function fetched(name: string): string {
  const into = join(packages, name);
  if (!readdirSync(packages).includes(name)) {
    mkdirSync(into);
    execFileSync('apt-get', ['-q', 'download', name], { cwd: into, stdio: 'ignore' });
    const [archive = ''] = readdirSync(into).filter((file) => file.endsWith('.deb'));
    execFileSync('dpkg-deb', ['-x', archive, '.'], { cwd: into });
  }
  return into;
}

beforeAll(async () => {
  execFileSync('apt-get', ['-q', 'update'], { stdio: 'ignore' });
  for (const one of CORPUS) fetched(one.package);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: site.conf}\n`);
}, 180_000);
afterEach(project.clear);
afterAll(() => rmSync(packages, { recursive: true, force: true }));

test.each(CORPUS)('$package: $file', async ({ package: name, file, script, path, changed }) => {
  const text = readFileSync(join(fetched(name), file), 'utf8');
  project.write('site.conf', text);
  project.write(script, APPLICATION);
  const terminal = await project.up(['--break', `${script}:3`]);
  const stopped = await stoppedAt(project, terminal, path);
  await command(terminal, 'p where', new RegExp(`\\n'${path}'\\n\\(Pdb\\) $`));
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: path });
  const report = JSON.parse(readFileSync(join(project.directory, '.wsgi-dev/run/apache.json'), 'utf8'));
  const before: readonly string[] = report.changed.map((one: { before: string }) => one.before);
  for (const words of changed) expect(before.some((line) => line.startsWith(words))).toBe(true);
  expect(readFileSync(join(project.directory, 'site.conf'), 'utf8')).toBe(text);
  rmSync(join(project.directory, script));
});
