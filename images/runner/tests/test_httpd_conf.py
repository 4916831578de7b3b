import unittest

from wsgi_dev_runner.httpd_conf import GROUPS, httpd_conf
from wsgi_dev_runner.settings import Settings


def conf(**values):
    values = {"order": "1", "nonce": "n", "mode": "debug", "app": {}, "static": {}, **values}
    return httpd_conf(Settings(**values)).splitlines()


class HttpdConf(unittest.TestCase):
    def test_debug_is_prefork_in_the_main_interpreter(self):
        lines = conf()
        self.assertIn("LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so", lines)
        self.assertEqual(1, sum("mpm_" in line for line in lines))
        alias = [line for line in lines if line.startswith("WSGIScriptAlias")]
        self.assertEqual(1, len(alias))
        self.assertIn("process-group=%{GLOBAL} application-group=%{GLOBAL}", alias[0])
        self.assertFalse([line for line in lines if line.startswith("WSGIDaemonProcess")])

    def test_debug_lets_no_idle_connection_hold_the_process(self):
        lines = conf()
        self.assertIn("KeepAlive Off", lines)
        timeout = next(line for line in lines if line.startswith("RequestReadTimeout"))
        self.assertIn("header=20-40", timeout)
        self.assertIn("body=0", timeout)
        self.assertIn("WSGIRestrictSignal Off", lines)

    def test_serve_is_one_daemon_process_for_each_group(self):
        lines = conf(mode="serve")
        self.assertIn("LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so", lines)
        daemons = [line.split()[1:3] for line in lines if line.startswith("WSGIDaemonProcess")]
        self.assertEqual([[group, "processes=1"] for group in GROUPS], daemons)
        self.assertIn("WSGIRestrictEmbedded On", lines)
        self.assertNotIn("KeepAlive Off", lines)

    def test_static_stands_before_the_application(self):
        for mode in ("debug", "serve"):
            lines = conf(mode=mode, static={"/static/": "/app/static", "/robots.txt": "/app/robots.txt"})
            at = [number for number, line in enumerate(lines) if line.startswith(("Alias", "WSGIScriptAlias"))]
            self.assertEqual('Alias "/static/" "/app/static/"', lines[at[0]])
            self.assertEqual('Alias "/robots.txt" "/app/robots.txt"', lines[at[1]])
            self.assertTrue(lines[at[2]].startswith("WSGIScriptAlias"))

    def test_names_are_quoted(self):
        lines = conf(mount='/a "b\\', static={"/x y": '/app/"q'})
        self.assertIn('Alias "/x y" "/app/\\"q"', lines)
        self.assertTrue(any(line.startswith('WSGIScriptAlias "/a \\"b\\\\" ') for line in lines))

    def test_listens_where_it_is_told(self):
        self.assertIn("Listen [::1]:8080", conf(listen="[::1]:8080"))


if __name__ == "__main__":
    unittest.main()
