import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// What other programs make and bring, run whole in one image: the configuration that mod_wsgi-express generates, with
// mod_wsgi among the project's requirements as its handler imports it, and Mercurial's own application.

const project = useProject();

const APPLICATION = `\
def application(environ, start_response):
    where = environ["SCRIPT_NAME"] + environ["PATH_INFO"]
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(where)))])
    return [where.encode()]
`;
const HGWEB = `\
from mercurial import demandimport; demandimport.enable()
from mercurial.hgweb import hgweb
application = hgweb(b"/app/repository")
`;
const HGWEB_SITE = `\
WSGIDaemonProcess hg user=hg group=hg threads=4 python-path=/usr/lib/python3/dist-packages display-name=%{GROUP}
WSGIProcessGroup hg
WSGIScriptAlias /hg /var/hg/hgweb.wsgi
<Directory /var/hg>
    Require all granted
</Directory>
`;
/** mod_wsgi is compiled for the first two and Python.h. */
const PACKAGES = '[mercurial, apache2-dev, build-essential, python3-dev]';
const SETUP =
  'mod_wsgi-express setup-server wsgi.py --server-root /app/express --port 8123 --user www-data --group www-data';
const REPOSITORY = 'hg init repository && cd repository && echo hi >greeting && hg commit -A -u dev -m "the first"';

/** The project's wsgi-dev.yaml, with that configuration. */
function adopting(path: string): void {
  project.write(
    'wsgi-dev.yaml',
    `name: ${project.name}\npackages: {apt: ${PACKAGES}}\nserver: {apache_config: ${path}}\n`,
  );
}

function changed(): readonly string[] {
  const report = JSON.parse(readFileSync(join(project.directory, '.wsgi-dev/run/apache.json'), 'utf8'));
  return report.changed.map((one: { before: string }) => one.before);
}

beforeAll(async () => {
  project.write('requirements.txt', 'mod_wsgi==5.0.2\n');
  project.write('hgweb.wsgi', HGWEB);
  project.write('site.conf', HGWEB_SITE);
  adopting('site.conf');
  const { code, stdout, stderr } = await project.run(['build']);
  if (code !== 0) throw new Error(stderr);
  const inside = ['run', '--rm', '-v', `${project.directory}:/app`, '--entrypoint', 'sh', stdout.trim(), '-c'];
  project.write('wsgi.py', APPLICATION);
  project.docker(...inside, SETUP);
  project.docker(...inside, REPOSITORY);
}, 400_000);
afterEach(project.clear);

test('the configuration that mod_wsgi-express generates', async () => {
  adopting('express');
  const text = readFileSync(join(project.directory, 'express/httpd.conf'), 'utf8');
  const terminal = await project.up(['--break', 'wsgi.py:3']);
  const stopped = await stoppedAt(project, terminal, '/shop');
  await command(terminal, 'p where', /\n'\/shop'\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: '/shop' });
  expect(changed()).toEqual(
    expect.arrayContaining([
      "ServerRoot '/app/express'",
      'Listen 8123',
      "WSGIPythonHome '/opt/venv'",
      'WSGIRestrictStdin Off',
      '<VirtualHost _default_:8123>',
    ]),
  );
  expect(readFileSync(join(project.directory, 'express/httpd.conf'), 'utf8')).toBe(text);
});

test("Mercurial's hgweb, with a repository", async () => {
  adopting('site.conf');
  const terminal = await project.up(['--break', 'mercurial.hgweb.hgweb_mod:hgweb.__call__']);
  const stopped = await stoppedAt(project, terminal, '/hg/');
  await command(terminal, "p env['SCRIPT_NAME']", /\n'\/hg'\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toEqual({
    status: 200,
    body: expect.stringMatching(/<title>\/hg: log<\/title>[\s\S]*the first/),
  });
  const file = await stoppedAt(project, terminal, '/hg/raw-file/tip/greeting');
  expect(await goOn(terminal, file)).toEqual({ status: 200, body: 'hi\n' });
  expect(changed()).toContainEqual(expect.stringMatching(/^WSGIDaemonProcess hg user=hg group=hg threads=4/));
});
