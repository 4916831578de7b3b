import { afterEach, beforeAll, expect, test } from 'vitest';
import { command, goOn, stoppedAt } from '../helpers/prompt.ts';
import { useProject } from '../helpers/session-project.ts';

// What real configurations have besides and no package of the archive ships: modules that are packages of their own,
// macros around daemon groups, a locale, a Python of the server's, interpreters alone, files that aren't there.

const project = useProject();
const SITE = `\
# What a server includes that only it has.
Include /etc/apache2/conf-available/monitoring.conf
WSGIRestrictEmbedded On
Define DEPLOYED /srv/shop/current
<Macro Application $name $host>
    WSGIDaemonProcess $name user=$name group=www-data threads=5 \\
        python-home=\${DEPLOYED}/venv home=\${DEPLOYED} umask=0027 \\
        lang=de_DE.UTF-8 locale=de_DE.UTF-8 display-name=%{GROUP}
    <VirtualHost *:80>
        ServerName $host.example.org
        WSGIScriptAlias / \${DEPLOYED}/deploy/$name.wsgi process-group=$name application-group=%{GLOBAL}
        <Directory \${DEPLOYED}/deploy>
            Require all granted
        </Directory>
        <Location /files>
            XSendFile On
            XSendFilePath \${DEPLOYED}/files
        </Location>
        <Location /staff>
            AuthType GSSAPI
            AuthName "staff of $host"
            GssapiCredStore keytab:/etc/apache2/http.keytab
            Require valid-user
        </Location>
    </VirtualHost>
</Macro>
Use Application shop www
Use Application blog blog
UndefMacro Application
`;
const SCRIPT = `\
import os, sys, locale

def application(environ, start_response):
    headers = [("Content-Type", "text/plain")]
    if environ["PATH_INFO"] == "/report" or environ["SCRIPT_NAME"] + environ["PATH_INFO"] == "/files/report":
        headers.append(("X-Sendfile", "/app/files/report.txt"))
    body = repr((os.getcwd(), oct(os.umask(0o27)), locale.setlocale(locale.LC_TIME))).encode()
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]
`;

beforeAll(async () => {
  project.write('deploy/site.conf', SITE);
  project.write('deploy/shop.wsgi', SCRIPT);
  project.write('deploy/blog.wsgi', SCRIPT);
  project.write('files/report.txt', 'of the file\n');
  const apt = '[libapache2-mod-xsendfile, libapache2-mod-auth-gssapi, locales-all]';
  project.write(
    'wsgi-dev.yaml',
    `name: ${project.name}\npackages: {apt: ${apt}}\nserver:\n  apache_config: deploy/site.conf\n  paths: {/srv/shop/current: .}\n`,
  );
  await project.build();
}, 600_000);
afterEach(project.clear);

test('debug mode: a stop, a file by X-Sendfile, a location behind Kerberos, the locale, and what was changed', async () => {
  const terminal = await project.up(['--break', 'deploy/shop.wsgi:7'], { columns: 250 });
  const before = terminal.screen.text();
  expect(before).toMatch(/it is not here: Include :2\n/);
  expect(before).toMatch(/WSGIRestrictEmbedded :3/);
  expect(before).toMatch(
    /carried over from shop, blog: directory \/app|carried over from shop, blog: .*umask 0027, directory \/app/,
  );
  expect(before).toMatch(/LC_ALL=de_DE\.UTF-8|LANG=de_DE\.UTF-8/);
  expect(before).toMatch(
    /python-home \/app\/venv is not here for python3\.11|python-home \/srv\/shop\/current\/venv is not here/,
  );
  const stopped = await stoppedAt(project, terminal, '/files/report');
  await command(terminal, 'p headers[0]', /\n\('Content-Type', 'text\/plain'\)\n\(Pdb\) $/);
  expect(await goOn(terminal, stopped)).toEqual({ status: 200, body: 'of the file\n' });
  const plain = await stoppedAt(project, terminal, '/');
  expect(await goOn(terminal, plain)).toEqual({ status: 200, body: "('/app', '0o27', 'de_DE.UTF-8')" });
  const staff = await fetch(new URL('/staff', project.url()));
  expect([staff.status, staff.headers.get('www-authenticate')]).toEqual([401, 'Negotiate']);
});

test('serve mode has the same, in daemon processes', async () => {
  const { code, stdout, stderr } = await project.run(['up', '-d', '--port', '0', '--format', 'json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { url } = JSON.parse(stdout);
  expect(await (await fetch(new URL('/files/report', url))).text()).toBe('of the file\n');
  expect(await (await fetch(new URL('/', url))).text()).toBe("('/app', '0o27', 'de_DE.UTF-8')");
  expect((await fetch(new URL('/staff', url))).status).toBe(401);
});

const TLS_SITE = `\
<VirtualHost *:80>
    ServerName shop.example.org
    RewriteEngine on
    RewriteCond %{REQUEST_URI} !^/old
    RewriteRule ^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]
    Redirect /old https://shop.example.org/new
</VirtualHost>
<VirtualHost *:443>
    ServerName shop.example.org
    SSLEngine on
    SSLCertificateFile /etc/letsencrypt/live/shop/fullchain.pem
    SSLCertificateKeyFile /etc/letsencrypt/live/shop/privkey.pem
    WSGIScriptAlias / /app/deploy/shop.wsgi
    <Directory /app/deploy>
        Require all granted
    </Directory>
</VirtualHost>
`;

test('a redirect to a host of the configuration stays here, and doesn’t lead to the site that is deployed', async () => {
  project.write('deploy/tls.conf', TLS_SITE);
  const args = ['up', '--debug', '-d', '--port', '0', '--format', 'json', '--apache-config', 'deploy/tls.conf'];
  const { code, stdout, stderr } = await project.run(args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const { apache } = JSON.parse(stdout);
  const [tls = ''] = apache.urls;
  expect(tls).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
  const plain = project.docker('port', project.container() ?? '', '8000/tcp').split('\n')[0] ?? '';
  const led = async (path: string): Promise<string | null> =>
    (await fetch(`http://${plain}${path}`, { redirect: 'manual' })).headers.get('location');
  expect(await led('/cart')).toBe(`${tls}cart`);
  expect(await led('/old/cart')).toBe(`${tls}new/cart`);
  expect(apache.changed.filter(({ why }: { why: string }) => why.startsWith('leads to'))).toHaveLength(2);
});
