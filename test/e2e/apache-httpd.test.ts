import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, PROMPT } from '../helpers/prompt.ts';
import { get, useProject } from '../helpers/session-project.ts';

// A whole /etc/httpd of a Red Hat system, with its links, modules that are elsewhere or not at all, and a site in
// conf.d.

const project = useProject();
const FIXTURE = resolve(import.meta.dirname, '../fixtures/httpd');
const SCRIPT = `\
import os
import shoplib

def application(environ, start_response):
    where = repr((environ["SCRIPT_NAME"], environ["wsgi.url_scheme"], shoplib.NAME, os.getcwd()))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(where)))])
    return [where.encode()]
`;

interface Up {
  readonly urls: readonly string[];
  readonly changed: readonly { readonly before: string; readonly after: string | null; readonly why: string }[];
  readonly notes: readonly string[];
}

async function up(...args: readonly string[]): Promise<Up> {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json', ...args]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout).apache;
}

beforeAll(async () => {
  cpSync(FIXTURE, join(project.directory, 'httpd'), { recursive: true });
  for (const [name, to] of [
    ['logs', '../../var/log/httpd'],
    ['modules', '../../usr/lib64/httpd/modules'],
    ['run', '/run/httpd'],
    ['state', '../../var/lib/httpd'],
  ]) {
    symlinkSync(to ?? '', join(project.directory, 'httpd', name ?? ''));
  }
  project.write('src/shop.wsgi', SCRIPT);
  project.write('src/shoplib.py', 'NAME = "of the project"\n');
  project.write('tools/report.wsgi', SCRIPT);
  project.write('wsgi-dev.yaml', `name: ${project.name}\nserver: {apache_config: httpd}\n`);
  await project.build();
});
afterEach(project.clear);

test.each([
  ['debug', ['--debug']],
  ['serve', []],
])('it runs in %s mode, and what was changed of it is said', async (mode, args) => {
  const { urls, changed, notes } = await up(...args);
  const plain = urls.find((url) => url.startsWith('http:')) ?? '';
  const tls = urls.find((url) => url.startsWith('https:')) ?? '';
  expect(await get(new URL(plain))).toEqual({ status: 200, body: "('', 'http', 'of the project', '/app')" });
  expect(await get(new URL(tls))).toEqual({ status: 200, body: "('', 'https', 'of the project', '/app')" });
  // By the suffix of its name.
  expect(await get(new URL('/tools/report.wsgi', plain))).toEqual({
    status: 200,
    body: "('/tools/report.wsgi', 'http', 'of the project', '/app')",
  });
  expect(notes).toContainEqual('/opt/shop is taken for . of the project (server.paths)');
  const left = new Map(changed.filter(({ after }) => after === null).map(({ before, why }) => [before, why]));
  expect(left.get('PidFile run/httpd.pid')).toBe("the container's own");
  expect(left.get('User apache')).toBe("the container's own");
  expect(left.get('ErrorLog "logs/error_log"')).toBe('logs go to the terminal');
  expect(left.get('LoadModule unixd_module modules/mod_unixd.so')).toBe('Apache has it built in');
  expect(left.get('LoadModule systemd_module modules/mod_systemd.so')).toBe('Apache has it built in');
  expect(left.get('LoadModule auth_gssapi_module modules/mod_auth_gssapi.so')).toBe(
    'the image has no such module: packages.apt: [libapache2-mod-auth-gssapi]',
  );
  expect(left.get('SSLCipherSuite PROFILE=SYSTEM')).toBe("Debian's OpenSSL has no such profiles");
  expect(left.get('SSLPassPhraseDialog exec:/usr/libexec/httpd-ssl-pass-dialog')).toBe("the container's own");
  expect(left.has('LoadModule mpm_event_module modules/mod_mpm_event.so')).toBe(mode === 'debug');
  const certificates = changed.filter(({ before }) => before.startsWith('SSLCertificateFile /etc/pki/tls/certs/'));
  expect(certificates).toHaveLength(2);
  expect(new Set(certificates.map(({ why }) => why))).toEqual(new Set(['it is not here: a self-signed one']));
  expect(readFileSync(join(project.directory, 'httpd/conf/httpd.conf'), 'utf8')).toBe(
    readFileSync(join(FIXTURE, 'conf/httpd.conf'), 'utf8'),
  );
});

test('a stop in the application, and in a script that has its handler by its suffix', async () => {
  const terminal = await project.up(['--break', 'src/shop.wsgi:6', '--break', 'tools/report.wsgi:6']);
  for (const [path, name] of [
    ['/cart', ''],
    ['/tools/report.wsgi', '/tools/report.wsgi'],
  ]) {
    const response = project.get(path ?? '');
    await terminal.until(PROMPT);
    await command(terminal, 'p environ["SCRIPT_NAME"]', new RegExp(`\\n'${name}'\\n\\(Pdb\\) $`));
    expect((await goOn(terminal, { response })).status).toBe(200);
  }
});
