import os
import tempfile
import unittest

from wsgi_dev_runner.adopt.directives import known
from wsgi_dev_runner.adopt.dump import directive
from wsgi_dev_runner.adopt.effects import UnknownGroup, effects, groups_of
from wsgi_dev_runner.adopt.groups import GLOBAL, aliases, groups, guards, placed
from wsgi_dev_runner.adopt.hosts import Door, hosts, reached, urls
from wsgi_dev_runner.adopt.local import gateway, let_in
from wsgi_dev_runner.adopt.locales import is_utf8, variables
from wsgi_dev_runner.adopt.modules import package_for, short, with_needed
from wsgi_dev_runner.adopt.paths import Paths
from wsgi_dev_runner.adopt.providers import providers
from wsgi_dev_runner.adopt.redirects import led_here
from wsgi_dev_runner.adopt.rules import ruled
from wsgi_dev_runner.adopt.said import Said
from wsgi_dev_runner.adopt.scripts import refused
from wsgi_dev_runner.adopt.started import at_start


def read(text):
    return [directive(line, "site.conf", at + 1) for at, line in enumerate(text.strip().split("\n"))]


def used(text):
    directives = read(text)
    lines = placed(directives)
    return [group and group.name for group in groups_of(aliases(lines), lines, groups(directives))]


class Providers(unittest.TestCase):
    def test_modules_behind_words(self):
        rows = [
            ("Require group staff", ["authz_groupfile"]),
            ("Require not ip 10.0.0.1", ["authz_host"]),
            ("Require valid-user", ["authz_user"]),
            ("Require ldap-group cn=staff", ["authnz_ldap"]),
            ("Require all granted", []),
            ("Require expr %{HTTP_HOST} == 'x'", []),
            ("AuthBasicProvider socache file", ["authn_socache", "authn_file"]),
            ("AuthType Digest", ["auth_digest"]),
            ("AuthType None", []),
            ("AuthName group", []),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, providers(read(text)))


class Redirects(unittest.TestCase):
    def test_they_lead_to_the_host_here(self):
        text = """<VirtualHost *:80>
ServerName shop.example.org
</VirtualHost>
<VirtualHost *:443>
ServerName shop.example.org
ServerAlias www.shop.example.org
SSLEngine on
</VirtualHost>
<VirtualHost *:80>
ServerName blog.example.org
</VirtualHost>"""
        doors = reached(
            hosts(placed(read(text)), []),
            Door("0.0.0.0:8000", "http://127.0.0.1:8123/"),
            Door("0.0.0.0:8443", "https://127.0.0.1:8443/"),
        )
        rows = [
            ("redirect", "permanent / https://shop.example.org/", "permanent / https://127.0.0.1:8443/"),
            ("redirect", '301 "/a" "https://www.shop.example.org"', '301 "/a" "https://127.0.0.1:8443"'),
            ("redirect", "/ http://blog.example.org/", "/ http://blog.example.org.localhost:8123/"),
            ("redirect", "/ https://elsewhere.example.org/", "/ https://elsewhere.example.org/"),
            ("redirect", "/ https://shop.example.org.au/", "/ https://shop.example.org.au/"),
            ("redirectmatch", "^/(.*)$ https://shop.example.org:443/$1", "^/(.*)$ https://127.0.0.1:8443/$1"),
            (
                "rewriterule",
                "^ https://%{SERVER_NAME}%{REQUEST_URI} [END,NE,R=permanent]",
                "^ https://%{SERVER_NAME}:8443%{REQUEST_URI} [END,NE,R=permanent]",
            ),
            ("rewriterule", "(.*) https://%{HTTP_HOST}$1 [R]", "(.*) https://%{SERVER_NAME}:8443$1 [R]"),
            ("setenv", "SITE https://shop.example.org/", "SITE https://shop.example.org/"),
        ]
        for key, args, expected in rows:
            with self.subTest(args):
                self.assertEqual(expected, led_here(key, args, doors))


class Refused(unittest.TestCase):
    def told(self, text):
        lines = placed(read(text))
        said = Said("/app/site.conf", "site.conf")
        return refused(aliases(lines), lines, [], said)

    def test_a_location_below_lets_nobody_into_the_rest(self):
        secret = "<Location /secret>\nRequire valid-user\n</Location>\n"
        self.assertEqual(["/srv/shop"], self.told(secret + "WSGIScriptAlias / /srv/shop/a.wsgi"))
        self.assertEqual([], self.told(secret + "WSGIScriptAlias /secret/a /srv/shop/a.wsgi"))
        self.assertEqual([], self.told(secret + "WSGIScriptAlias /secret /srv/shop/a.wsgi"))
        self.assertEqual(["/srv/shop"], self.told(secret + "WSGIScriptAlias /secrets /srv/shop/a.wsgi"))

    def test_a_directory_or_a_location_around_does(self):
        for section in ("<Directory /srv/shop>", "<Location />", "<Files a.wsgi>"):
            end = section.split(" ")[0].replace("<", "</") + ">"
            text = f"{section}\nRequire all granted\n{end}\nWSGIScriptAlias / /srv/shop/a.wsgi"
            with self.subTest(section):
                self.assertEqual([], self.told(text))


class Rules(unittest.TestCase):
    def test_debug_mode(self):
        rows = [
            ("WSGIDaemonProcess shop threads=5", None),
            ("WSGIProcessGroup shop", "%{GLOBAL}"),
            ("WSGIProcessGroup %{GLOBAL}", "%{GLOBAL}"),
            ("WSGIScriptAlias / /a.wsgi", "/ /a.wsgi process-group=%{GLOBAL} application-group=%{GLOBAL}"),
            (
                "WSGIScriptAlias / /a.wsgi process-group=shop application-group=x pass-authorization=on",
                "/ /a.wsgi pass-authorization=on process-group=%{GLOBAL} application-group=%{GLOBAL}",
            ),
            ("WSGIAccessScript /a.py application-group=x", "/a.py application-group=%{GLOBAL}"),
            ("WSGIRestrictEmbedded On", None),
            ("MaxRequestWorkers 150", None),
            ("Listen 80", None),
            ("User www-data", None),
            ('CustomLog "|/bin/x y" combined', None),
            ("KeepAlive On", None),
            ("SSLCipherSuite PROFILE=SYSTEM", None),
            ("SSLCipherSuite HIGH:!aNULL", "HIGH:!aNULL"),
            ("SSLCryptoDevice builtin", None),
            ("SetEnv A b", "A b"),
            ("WSGIPassAuthorization On", "On"),
            ('ServerAdmin "a  b"', '"a  b"'),
        ]
        for text, expected in rows:
            with self.subTest(text):
                after, why = ruled(read(text)[0], debug=True)
                self.assertEqual(expected, after)
                self.assertEqual(after == read(text)[0].args, why == "")

    def test_serve_mode_keeps_daemons_and_limits(self):
        rows = [
            ("WSGIDaemonProcess shop user=a group=b threads=5", "shop threads=5"),
            ("WSGIProcessGroup shop", "shop"),
            ("WSGIRestrictEmbedded On", "On"),
            ("MaxRequestWorkers 150", "150"),
            ("Listen 80", None),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, ruled(read(text)[0], debug=False)[0])


class Groups(unittest.TestCase):
    def test_which_one_is_in_effect(self):
        declared = "WSGIDaemonProcess a\nWSGIDaemonProcess b\nWSGIDaemonProcess c\n"
        rows = [
            ("WSGIScriptAlias / /x.wsgi", [None]),
            ("WSGIProcessGroup a\nWSGIScriptAlias / /x.wsgi", ["a"]),
            ("WSGIProcessGroup a\nWSGIScriptAlias / /x.wsgi process-group=b", ["b"]),
            ("WSGIProcessGroup a\n<Location /y>\nWSGIProcessGroup b\n</Location>\nWSGIScriptAlias /y /x.wsgi", ["b"]),
            ("WSGIProcessGroup a\n<Location /z>\nWSGIProcessGroup b\n</Location>\nWSGIScriptAlias /y /x.wsgi", ["a"]),
            ("WSGIProcessGroup a\n<Location /y>\nWSGIProcessGroup b\n</Location>\nWSGIScriptAlias /yy /x.wsgi", ["a"]),
            (
                "WSGIProcessGroup a\n<Location /y>\nWSGIProcessGroup b\n</Location>\nWSGIScriptAlias /y/z /x.wsgi",
                ["b"],
            ),
            ("<LocationMatch ^/y>\nWSGIProcessGroup b\n</LocationMatch>\nWSGIScriptAlias /y /x.wsgi", ["b"]),
            ("<LocationMatch ^/z>\nWSGIProcessGroup b\n</LocationMatch>\nWSGIScriptAlias /y /x.wsgi", [None]),
            ("<Directory /d>\nWSGIProcessGroup c\n</Directory>\nWSGIScriptAlias / /d/x.wsgi", ["c"]),
            (
                "WSGIProcessGroup a\n<VirtualHost *:80>\nWSGIProcessGroup b\nWSGIScriptAlias / /x.wsgi\n"
                "</VirtualHost>\n<VirtualHost *:81>\nWSGIScriptAlias / /x.wsgi\n</VirtualHost>",
                ["b", "a"],
            ),
            ("WSGIProcessGroup %{GLOBAL}\nWSGIScriptAlias / /x.wsgi", [None]),
            ("WSGIProcessGroup %{ENV:X}\nWSGIScriptAlias / /x.wsgi", [None]),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, used(declared + text))

    def test_of_a_location_below_it_comes_behind_the_own_one(self):
        declared = "WSGIDaemonProcess a\nWSGIDaemonProcess b\nWSGIProcessGroup a\n"
        rows = [
            ("<Location /y>", "WSGIScriptAlias / /x.wsgi", ["a", "b"]),
            ("<Location /y/z>", "WSGIScriptAlias /y /x.wsgi", ["a", "b"]),
            ("<Location ~ ^/y>", "WSGIScriptAlias / /x.wsgi", ["a", "b"]),
            ("<LocationMatch ^/y>", "WSGIScriptAlias / /x.wsgi", ["a", "b"]),
            ("<Location /yy>", "WSGIScriptAlias /y /x.wsgi", ["a"]),
            ("<Location /y>", "WSGIScriptAlias / /x.wsgi process-group=a", ["a"]),
            ("<Location /y>", "WSGIImportScript /x.wsgi", ["a"]),
        ]
        for section, alias, expected in rows:
            end = section.split(" ")[0].replace("<", "</") + ">"
            with self.subTest(section, alias=alias):
                text = f"{declared}{section}\nWSGIProcessGroup b\n{end}\n{alias}"
                self.assertEqual(expected, used(text))

    def test_one_that_is_not_declared(self):
        with self.assertRaises(UnknownGroup) as caught:
            used("WSGIDaemonProcess a\nWSGIProcessGroup b\nWSGIScriptAlias / /x.wsgi")
        self.assertEqual(("b", 2), (caught.exception.name, caught.exception.said.line))


class Effects(unittest.TestCase):
    def test_of_the_group_that_is_used(self):
        with tempfile.TemporaryDirectory() as root:
            text = (
                f"WSGIDaemonProcess never python-path=/nowhere umask=0077\n"
                f"WSGIDaemonProcess shop python-path={root}:/gone home={root} umask=0027 lang=C.UTF-8"
                " python-home=/old/venv\n"
                "WSGIProcessGroup shop\nWSGIScriptAlias / /x.wsgi"
            )
            lines = placed(read(text))
            found = effects(groups_of(aliases(lines), lines, groups(read(text))), lines, root, "/opt/venv")
        self.assertEqual([root], found.python_path)
        self.assertEqual((root, 0o27, {}), (found.cwd, found.umask, found.environment))
        begins = ["carried over", "python-home /old/venv", "python-path /gone"]
        self.assertEqual([True] * 3, [note.startswith(begin) for note, begin in zip(found.notes, begins)])

    def test_a_location_below_adds_to_it(self):
        with tempfile.TemporaryDirectory() as root:
            text = (
                f"WSGIDaemonProcess site python-path={root} umask=0007\nWSGIDaemonProcess long home=/ umask=0077\n"
                "WSGIProcessGroup site\nWSGIScriptAlias / /x.wsgi\n"
                "<Location /reports>\nWSGIProcessGroup long\n</Location>"
            )
            lines = placed(read(text))
            found = effects(groups_of(aliases(lines), lines, groups(read(text))), lines, root, "/opt/venv")
        self.assertEqual(([root], 0o7), (found.python_path, found.umask))

    def test_two_homes_are_too_many(self):
        with tempfile.TemporaryDirectory() as root:
            text = (
                f"WSGIDaemonProcess a home={root}\nWSGIDaemonProcess b home=/\n"
                "WSGIScriptAlias /a /x.wsgi process-group=a\nWSGIScriptAlias /b /y.wsgi process-group=b"
            )
            lines = placed(read(text))
            found = effects(groups_of(aliases(lines), lines, groups(read(text))), lines, root, "/opt/venv")
        self.assertEqual(root, found.cwd)
        self.assertTrue([note for note in found.notes if note.startswith("one process has one home")])

    def test_locales(self):
        rows = [
            ("lang=C.UTF-8 locale=POSIX", {}, []),
            ("lang=xx_XX.UTF-8", {}, ["lang=xx_XX.UTF-8 is not in the image (packages.apt: [locales-all] brings it)"]),
            ("locale=xx_XX", {}, ["locale=xx_XX is not in the image (packages.apt: [locales-all] brings it)"]),
        ]
        for text, expected, begins in rows:
            with self.subTest(text):
                notes = []
                self.assertEqual(expected, variables(dict(word.split("=") for word in text.split()), notes))
                self.assertEqual(begins, [note.rpartition(": ")[0] for note in notes])
        self.assertEqual(
            [True, True, True, False, False],
            [is_utf8(one) for one in ("de_DE.UTF-8", "de_DE.utf8", "ca_ES.UTF-8@valencia", "de_DE", "de_DE@euro")],
        )


class Interpreters(unittest.TestCase):
    def test_what_is_loaded_at_the_start(self):
        with tempfile.TemporaryDirectory() as root:
            script = f"{root}/x.wsgi"
            open(script, "w").close()
            declared = "WSGIDaemonProcess shop\nServerName shop.example.org:80\n"
            usual = "shop.example.org|"
            rows = [
                (f"WSGIScriptAlias / {script} process-group=shop application-group=%{{GLOBAL}}", ("shop", GLOBAL), 0),
                (f"WSGIProcessGroup shop\nWSGIScriptAlias / {script}", ("shop", usual), 1),
                (f"WSGIProcessGroup shop\nWSGIScriptAlias /Api/ {script}", ("shop", f"{usual}/api"), 1),
                (f"WSGIApplicationGroup x\nWSGIScriptAlias / {script}", (GLOBAL, "x"), 0),
                (f"WSGIScriptAlias / {script} application-group=%{{SERVER}}", None, 0),
                (f"WSGIProcessGroup %{{ENV:G}}\nWSGIScriptAlias / {script}", None, 0),
                (f"WSGIScriptAliasMatch ^/x {script}", None, 0),
                (f"WSGIScriptAlias / {root}/", None, 0),
                (f"WSGIRestrictEmbedded On\nWSGIScriptAlias / {script}", None, 0),
                (f"WSGIImportScript {script} process-group=shop application-group=y", ("shop", "y"), 0),
                (f"WSGIProcessGroup shop\nWSGIAccessScript {script}", (GLOBAL, GLOBAL), 0),
            ]
            for text, expected, named in rows:
                with self.subTest(text):
                    lines = placed(read(declared + text))
                    found = at_start([*aliases(lines), *guards(lines)], lines)
                    self.assertEqual([] if expected is None else [(script, expected)], found.scripts)
                    self.assertEqual(named, len(found.named))


class PathsTest(unittest.TestCase):
    def test_a_script_of_the_project_says_where_that_is_deployed(self):
        rows = [
            (["wsgi.py"], "/srv/shop/wsgi.py", "/srv/shop", "."),
            (["deploy/shop.wsgi"], "/srv/shop/current/deploy/shop.wsgi", "/srv/shop/current", "."),
            (["src/shop/wsgi.py"], "/srv/app/shop/wsgi.py", "/srv/app", "src"),
            (["a/wsgi.py", "b/wsgi.py"], "/srv/app/c/wsgi.py", None, None),
            (["a/x.wsgi"], "/srv/y.wsgi", None, None),
            (["x.wsgi"], "%DIR%/x.wsgi", "%DIR%", "."),
        ]
        for files, script, deployed, here in rows:
            with self.subTest(script), tempfile.TemporaryDirectory() as root:
                for file in files:
                    os.makedirs(os.path.dirname(os.path.join(root, file)), exist_ok=True)
                    open(os.path.join(root, file), "w").close()
                paths = Paths({}, root)
                paths.learn(script)
                expected = {} if deployed is None else {deployed: os.path.normpath(os.path.join(root, here))}
                self.assertEqual(expected, paths.found)

    def test_whole_parts_of_paths_are_replaced(self):
        paths = Paths({"/srv/shop": "/app", "/srv/shop/lib": "/app/l"}, "/app")
        rows = [
            ("/static /srv/shop/static", "/static /app/static"),
            ('"/srv/shop"', '"/app"'),
            ("/srv/shopping/x", "/srv/shopping/x"),
            ("x python-path=/srv/shop/lib:/srv/x", "x python-path=/app/l:/srv/x"),
            ("/a/srv/shop/x", "/a/srv/shop/x"),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, paths.map(text))

    def test_each_of_several_prefixes_is_replaced_once(self):
        paths = Paths({"/srv/shop": "/app", "/opt/vendor": "/app/vendor", "/app": "/app/old"}, "/app")
        rows = [
            (
                "site python-path=/srv/shop/lib:/opt/vendor home=/srv/shop",
                "site python-path=/app/lib:/app/vendor home=/app",
            ),
            ("/ /srv/shop/x.wsgi /app/y", "/ /app/x.wsgi /app/old/y"),
        ]
        for text, expected in rows:
            with self.subTest(text):
                self.assertEqual(expected, paths.map(text))
        self.assertEqual("/srv/shop", Paths({}, "/app").map("/srv/shop"))


class Hosts(unittest.TestCase):
    def test_each_host_has_a_url(self):
        text = """\
<VirtualHost *:80>
ServerName shop.example.org
Redirect / https://shop.example.org/
</VirtualHost>
<VirtualHost *:443>
ServerName shop.example.org:443
SSLEngine on
WSGIScriptAlias / /a.wsgi
</VirtualHost>
<VirtualHost *:8080>
ServerName shop.example.org
WSGIScriptAlias /admin /b.wsgi
</VirtualHost>
<VirtualHost *:8081>
WSGIScriptAlias / /c.wsgi
</VirtualHost>"""
        lines = placed(read(text))
        plain = Door("0.0.0.0:8000", "http://127.0.0.1:8000/")
        tls = Door("0.0.0.0:8443", "https://127.0.0.1:8443/")
        doors = reached(hosts(lines, aliases(lines)), plain, tls)
        self.assertEqual(
            [
                ("80", plain, "port-80.shop.example.org.localhost"),
                ("443", tls, "shop.example.org.localhost"),
                ("8080", plain, "shop.example.org.localhost"),
                ("8081", plain, "port-8081.localhost"),
            ],
            [(host.port, door, name) for host, door, name in doors],
        )
        self.assertEqual(
            [
                "http://port-8081.localhost:8000/",
                "http://shop.example.org.localhost:8000/admin/",
                "https://127.0.0.1:8443/",
            ],
            urls(doors),
        )


class Local(unittest.TestCase):
    def test_who_is_let_in(self):
        for said, after in [
            ("Require local", "ip 127.0.0.0/8 ::1 172.17.0.1"),
            ("Require not local", "not ip 127.0.0.0/8 ::1 172.17.0.1"),
            ("Require ip 10.0.0.0/8 127.0.0.1", "ip 10.0.0.0/8 127.0.0.1 172.17.0.1"),
            ("Allow from localhost", "from localhost 172.17.0.1"),
            ("Deny from 127", None),
            ("Require ip 10.0.0.0/8", None),
            ("Require all granted", None),
            ("Allow from all", None),
            ("Options local", None),
        ]:
            with self.subTest(said):
                self.assertEqual(let_in(directive(said, "site.conf", 1), "172.17.0.1"), after)
                self.assertIsNone(let_in(directive(said, "site.conf", 1), None))

    def test_the_gateway(self):
        head = "Iface Destination Gateway Flags\n"
        for rows, address in [
            ("eth0 000011AC 00000000 0001\neth0 00000000 010011AC 0003\n", "172.17.0.1"),
            ("eth0 000011AC 00000000 0001\n", None),
            ("", None),
        ]:
            with tempfile.NamedTemporaryFile("w") as file:
                file.write(head + rows)
                file.flush()
                self.assertEqual(gateway(file.name), address)
        self.assertIsNone(gateway("/nowhere"))


class Modules(unittest.TestCase):
    def test_directives(self):
        table = known()
        rows = [
            ("header", "headers"),
            ("require", "authz_core"),
            ("<proxy", "proxy"),
            ("servername", ""),
            ("order", "access_compat"),
        ]
        for name, module in rows:
            self.assertEqual(module, table[name])
        self.assertGreater(len(table), 600)

    def test_names(self):
        for name in ("ssl_module", "mod_ssl.c", "ssl"):
            self.assertEqual("ssl", short(name))
        self.assertEqual(["proxy", "proxy_http", "socache_shmcb", "ssl"], with_needed(["proxy_http", "ssl", "proxy"]))
        self.assertEqual("libapache2-mod-xsendfile", package_for("XSendFilePath"))
        self.assertEqual("libapache2-mod-auth-gssapi", package_for("GssapiCredStore"))
        self.assertEqual("", package_for("NoSuchDirective"))


if __name__ == "__main__":
    unittest.main()
