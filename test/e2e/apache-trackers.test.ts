import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { passage } from '../helpers/debian.ts';
import { command, goOn, PROMPT, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// Two trackers run whole, each with its database and under the Apache configuration of its own manual, as it lies among
// what pip installed: Trac behind Apache's passwords, Roundup in a daemon process whose directory leads to the tracker.

const project = useProject();

const PACKAGES = '/opt/venv/lib/python3.11/site-packages';
const TRAC_MANUAL = `${PACKAGES}/trac/wiki/default-pages/TracModWSGI`;
const TRAC_PAGES = `${PACKAGES}/trac/wiki/web_ui.py`;
const ROUNDUP_MANUAL = '/opt/venv/share/doc/roundup/html/_sources/installation.txt';
const ROUNDUP_CLIENT = `${PACKAGES}/roundup/cgi/client.py`;
const TRAC_SETUP = `\
trac-admin the-env initenv "The Shop" sqlite:db/trac.db
trac-admin the-env deploy the-deploy
htpasswd -bc the-env/htpasswd firstuser secret
`;
const ROUNDUP_SETUP = `\
mkdir db
roundup-admin -i foo install classic sqlite \
  mail_domain=example.org,mail_host=localhost,tracker_web=http://localhost/foo/,database=/app/db
roundup-admin -i foo initialise secret
roundup-admin -i foo create issue title="The first issue"
ln -s foo instance
`;

/** Of the installed files. */
const source: Record<string, string> = {};

/** The number of the line in an installed file that says `text`, behind the one that says `after`. */
function lineOf(file: string, text: string, after = text): number {
  const lines = (source[file] ?? '').split('\n');
  const start = lines.findIndex((line) => line.includes(after));
  return lines.findIndex((line, at) => at >= start && line.includes(text)) + 1;
}

function adopting(site: string): void {
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: ${site}}\n`);
}

function changed(): readonly string[] {
  const report = JSON.parse(readFileSync(join(project.directory, '.wsgi-dev/run/apache.json'), 'utf8'));
  return report.changed.map((one: { before: string }) => one.before);
}

beforeAll(async () => {
  project.write('requirements.txt', 'Trac==1.6\nroundup==2.6.0\nsetuptools==80.9.0\n');
  const { code, stdout, stderr } = await project.run(['build']);
  if (code !== 0) throw new Error(stderr);
  const inside = (script: string): string =>
    project.docker(
      ...['run', '--rm', '-u', '1234:1234', '-v', `${project.directory}:/app`, '-w', '/app', '--entrypoint', 'sh'],
      ...[stdout.trim(), '-ec', script],
    );
  for (const file of [TRAC_MANUAL, TRAC_PAGES, ROUNDUP_MANUAL, ROUNDUP_CLIENT]) source[file] = inside(`cat ${file}`);
  inside(TRAC_SETUP);
  inside(ROUNDUP_SETUP);
  const [trac = '', roundup = ''] = [source[TRAC_MANUAL], source[ROUNDUP_MANUAL]];
  project.write('trac.conf', passage(trac, 'Create this file for example', '}}}').replace('{{{#!apache', ''));
  project.write('roundup.conf', passage(roundup, 'as needed):', 'The directory ~roundup-foo'));
  const script = passage(roundup, '``/srv/roundup/foo/roundup.wsgi``', 'This handler allows');
  project.write('foo/roundup.wsgi', script.replace(/^ {4}/gm, ''));
}, 400_000);
afterEach(project.clear);

test("Trac, a page of its wiki, behind Apache's passwords", async () => {
  adopting('trac.conf');
  const line = lineOf(TRAC_PAGES, 'page = WikiPage(self.env, pagename)', 'def process_request');
  const terminal = await project.up(['--break', `${TRAC_PAGES}:${line}`]);
  expect((await project.get('/wiki/TracModWSGI')).status).toBe(401);
  const authorization = `Basic ${btoa('firstuser:secret')}`;
  const response = fetch(new URL('/wiki/TracModWSGI', project.url()), { headers: { authorization } });
  response.catch(() => undefined);
  await terminal.until(new RegExp(`> ${TRAC_PAGES}\\(${line}\\)process_request\\(\\)\\n[\\s\\S]*${PROMPT.source}`));
  await command(terminal, 'p pagename, req.authname', /\n\('TracModWSGI', 'firstuser'\)\n\(Pdb\) $/);
  await command(terminal, 'c', /"GET \/wiki\/TracModWSGI HTTP\/1.1" 200 [^\n]*\n/);
  expect(await (await response).text()).toMatch(/firstuser[\s\S]*Trac and mod_wsgi/);
  expect(changed()).toEqual(
    expect.arrayContaining([
      '<VirtualHost *:80>',
      'DocumentRoot /home/trac-for-my-proj/the-env/htdocs/',
      'WSGIScriptAlias / /home/trac-for-my-proj/the-deploy/cgi-bin/trac.wsgi',
      'AuthUserFile /home/trac-for-my-proj/the-env/htpasswd',
    ]),
  );
});

test('Roundup, an issue', async () => {
  adopting('roundup.conf');
  const line = lineOf(ROUNDUP_CLIENT, "self.template = 'item'", 'def determine_context');
  const terminal = await project.up(['--break', `${ROUNDUP_CLIENT}:${line}`]);
  const stopped = await stoppedAt(project, terminal, '/foo/issue1');
  await command(terminal, 'p klass.classname, self.nodeid', /\n\('issue', '1'\)\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toEqual({
    status: 200,
    body: expect.stringMatching(/<title>\s*Issue 1: The first issue/),
  });
  expect(await project.get('/foo/@@file/style.css')).toMatchObject({ status: 200 });
  expect(changed()).toEqual(
    expect.arrayContaining([
      'ErrorLog /var/log/apache2/error.log',
      expect.stringMatching(/^WSGIDaemonProcess roundup-foo .* user=roundup-foo group=roundup-foo threads=25$/),
      'WSGIScriptAlias /foo /srv/roundup/foo/roundup.wsgi',
      'Alias /foo/@@file/ /srv/roundup/foo/html/',
      'WSGIProcessGroup roundup-foo',
    ]),
  );
});
