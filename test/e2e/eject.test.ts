import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { openTerminal, type Terminal } from '../helpers/pty.ts';
import { useProject } from '../helpers/session-project.ts';

// What `eject` prints for a project without a configuration of its own, run where wsgi-dev isn't: the image without the
// runner, the project where it is deployed.

const project = useProject();
const SCRIPT = `\
import os
from shop import prices

def make():
    def application(environ, start_response):
        where = environ["SCRIPT_NAME"], prices.PRICE, os.environ["GREETING"], os.environ["API_TOKEN"], os.getcwd()
        breakpoint()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"done"]
    return application
`;

function write(file: string, content: string): void {
  project.write(file, content);
}

beforeAll(async () => {
  for (const directory of ['shop', 'public']) {
    mkdirSync(join(project.directory, directory));
    chownSync(join(project.directory, directory), 1234, 1234);
  }
  write('shop/__init__.py', '');
  write('shop/prices.py', 'PRICE = 10\n');
  write('shop/wsgi.py', SCRIPT);
  write('deploy.wsgi', SCRIPT);
  write('public/robots.txt', 'of the project\n');
  await project.build();
});
afterEach(project.clear);

test.each([
  ['a module', 'shop.wsgi:make()'],
  ['a script', 'deploy.wsgi:make()'],
])('the script that eject prints for %s stands at a prompt on a server without wsgi-dev', async (_, app) => {
  const settings = 'server: {mount: /shop, static: {/files/: ./public}}';
  const env = `env: {GREETING: "it's me", API_TOKEN: the-secret, DATABASE_URL: "postgres://me:the-secret@db/shop"}`;
  write('wsgi-dev.yaml', `name: ${project.name}\napp: ${app}\n${settings}\n${env}\n`);
  const { code, stdout, stderr } = await project.run(['eject']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stdout).not.toMatch(/wsgi-dev\/|\/app\b|the-secret/);
  write('debug.sh', stdout);
  // What it doesn't print it asks for.
  const refused = await onServer('sh debug.sh');
  await refused.until(/API_TOKEN: is a secret that this script doesn't have: export it before/);
  refused.close();
  project.docker('rm', '-f', `${project.name}-ejected`);
  const base = 'http://127.0.0.1:8000/';
  const request = (path: string): string =>
    `python3 -c "import urllib.request as u; print(u.urlopen('${base}${path}').read())"`;
  const asking = `(until ${request('files/robots.txt')} 2>/dev/null; do sleep 0.1; done; ${request('shop/')}) &`;
  const terminal = await onServer(`${asking} API_TOKEN=t DATABASE_URL=d exec sh debug.sh`);
  try {
    await terminal.until(/b'of the project\\n'/, 20_000);
    await terminal.until(/\(Pdb\) $/, 20_000);
    terminal.type('p where\r');
    await terminal.until(/\('\/shop', 10, "it's me", 't', '\/srv\/shop'\)\s+\(Pdb\) $/);
    terminal.type('c\r');
    await terminal.until(/b'done'/);
  } finally {
    terminal.close();
    project.docker('rm', '-f', `${project.name}-ejected`);
  }
});

/** A shell command in the image, without the runner, where the project lies at /srv/shop. */
function onServer(line: string): Promise<Terminal> {
  const [image = ''] = project
    .docker('images', '--format', '{{.Repository}}:{{.Tag}}', `wsgi-dev/${project.name}`)
    .split('\n');
  const user = ['--user', '1234:1234', '--cap-drop', 'ALL', '--name', `${project.name}-ejected`];
  const places = ['-v', `${project.directory}:/srv/shop`, '--tmpfs', '/usr/lib/wsgi-dev', '-w', '/srv/shop'];
  return openTerminal(['docker', 'run', '-it', '--init', ...user, ...places, image, 'sh', '-c', line], {
    cwd: project.directory,
    columns: 160,
  });
}
