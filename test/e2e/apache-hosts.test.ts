import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useProject } from '../helpers/session-project.ts';

// Several hosts, TLS without its certificates, modules that are not loaded by default, a whole tree, and one of mod_wsgi-express.

const project = useProject();
const SITES = `\
Define DEPLOYED /srv/shop
<VirtualHost *:80>
    ServerName shop.example.org
    Redirect permanent / https://shop.example.org/
</VirtualHost>
<IfModule mod_ssl.c>
<VirtualHost _default_:443>
    ServerName shop.example.org
    SSLEngine on
    SSLCertificateFile /etc/letsencrypt/live/shop/fullchain.pem
    SSLCertificateKeyFile /etc/letsencrypt/live/shop/privkey.pem
    Include /etc/letsencrypt/options-ssl-apache.conf
    Header always set X-Shop "tls"
    WSGIDaemonProcess shop processes=2 threads=15
    WSGIScriptAlias / \${DEPLOYED}/shop.wsgi process-group=shop
    <Directory \${DEPLOYED}>
        <Files shop.wsgi>
            Require all granted
        </Files>
    </Directory>
</VirtualHost>
</IfModule>
<Macro Site $name $port>
<VirtualHost *:$port>
    ServerName $name.example.org
    SetEnv SITE $name
    WSGIScriptAliasMatch ^/(one|two) /srv/shop/shop.wsgi
    <Location />
        Require all granted
    </Location>
</VirtualHost>
</Macro>
Use Site blog 8080
Use Site wiki 8081
`;
const SCRIPT = `\
import os

def application(environ, start_response):
    body = f"{environ['wsgi.url_scheme']} {environ.get('SITE')} {environ['mod_wsgi.application_group']!r}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
`;

/** Over TLS, whoever signed the certificate. */
function getTls(url: string): Promise<{ body: string; header: unknown }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false, rejectUnauthorized: false }, (response) => {
      text(response).then((body) => resolve({ body, header: response.headers['x-shop'] }), reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** As a browser does that takes each name below .localhost for this machine. */
function getAs(host: string, port: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, headers: { host: `${host}:${port}` }, agent: false };
    const sent = plainRequest(options, (response) => {
      text(response).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

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
  project.write('shop.wsgi', SCRIPT);
  project.write('sites.conf', SITES);
  project.write('wsgi-dev.yaml', `name: ${project.name}\n`);
  const built = await project.run(['config', '--apache', '--apache-config', 'sites.conf']);
  if (built.code !== 0) throw new Error(built.stderr);
});
afterEach(project.clear);

test.each([
  ['debug', ['--debug']],
  ['serve', []],
])('hosts have a URL each, in %s mode', async (mode, args) => {
  const { urls, changed, notes } = await up(...args, '--apache-config', 'sites.conf');
  const [tls = ''] = urls.filter((url) => url.startsWith('https:'));
  const group = mode === 'debug' ? "''" : "'shop.example.org|'";
  expect(await getTls(tls)).toEqual({ body: `https None ${group}`, header: 'tls' });
  expect(changed).toContainEqual(
    expect.objectContaining({
      before: 'SSLCertificateKeyFile /etc/letsencrypt/live/shop/privkey.pem',
      after: 'SSLCertificateKeyFile /tmp/wsgi-dev/self-signed.key',
    }),
  );
  expect(changed).toContainEqual(
    expect.objectContaining({ before: 'Include /etc/letsencrypt/options-ssl-apache.conf', after: null }),
  );
  expect(notes).toContainEqual('modules that it needs are loaded: headers');
  const port = new URL(urls.find((url) => url.startsWith('http:')) ?? '').port;
  for (const name of ['blog', 'wiki']) {
    expect(await getAs(`${name}.example.org.localhost`, port, '/two/x')).toMatch(new RegExp(`^http ${name} `));
  }
  const first = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' });
  // To the host that is here, and not to the site that is deployed.
  expect(first.headers.get('location')).toBe(tls);
});

test("a whole tree, with Debian's own files", async () => {
  project.docker(
    ...[
      'run',
      '--rm',
      '-u',
      '0',
      '-v',
      `${project.directory}:/app`,
      `${image()}`,
      'cp',
      '-r',
      '/etc/apache2',
      '/app/tree',
    ],
  );
  project.write('tree/sites-enabled/shop.conf', SITES);
  project.write(
    'tree/mods-enabled/headers.load',
    'LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so\n',
  );
  project.write('tree/mods-enabled/macro.load', 'LoadModule macro_module /usr/lib/apache2/modules/mod_macro.so\n');
  const { urls, changed } = await up('--debug', '--apache-config', 'tree');
  expect(changed).toContainEqual(
    expect.objectContaining({ before: expect.stringMatching(/^LoadModule mpm_event_module /), after: null }),
  );
  const port = new URL(urls[0] ?? '').port;
  expect(await getAs('wiki.example.org.localhost', port, '/one')).toBe("http wiki ''");
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toContain('Apache2 Debian Default Page');
});

/** The project's image. */
function image(): string {
  return (
    project.docker('images', '--format', '{{.Repository}}:{{.Tag}}', `wsgi-dev/${project.name}`).split('\n')[0] ?? ''
  );
}
