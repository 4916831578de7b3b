import os
import tempfile
import unittest
from types import SimpleNamespace
from unittest.mock import patch

from wsgi_dev_runner.adopt import as_configured, failures
from wsgi_dev_runner.adopt.differs import differs
from wsgi_dev_runner.adopt.dump import directive
from wsgi_dev_runner.adopt.effects import groups_of
from wsgi_dev_runner.adopt.groups import aliases, groups, placed
from wsgi_dev_runner.adopt.said import Said

LOG = """\
[2026-11-23 09:27:49] [wsgi:error] mod_wsgi (pid=11): Exception occurred processing WSGI script '/app/a.wsgi'.
[2026-11-23 09:27:49] [wsgi:error] Traceback (most recent call last):
[2026-11-23 09:27:49] [wsgi:error]   File "/app/a.wsgi", line 7, in application
[2026-11-23 09:27:49] [wsgi:error]     raise RuntimeError("no")
[2026-11-23 09:27:49] [wsgi:error] RuntimeError: no
[2026-11-23 09:27:50] [wsgi:error] mod_wsgi (pid=12): Failed to exec Python script file '/app/b.wsgi'.
"""


class Differs(unittest.TestCase):
    def of(self, *lines):
        directives = [directive(line, "/app/site.conf", number + 1) for number, line in enumerate(lines)]
        lines = placed(directives)
        scripts = aliases(lines)
        used = groups_of(scripts, lines, groups(directives))
        return differs(scripts, used, lines, Said("/app/site.conf", "site.conf"))

    def test_processes_threads_and_interpreters(self):
        told = self.of("WSGIDaemonProcess shop processes=2", "WSGIScriptAlias / /app/a.wsgi process-group=shop")
        self.assertEqual(
            [
                "shop is 2 processes with variables of their own, wsgi.multiprocess is True (site.conf:1)",
                "shop runs 15 requests at a time, wsgi.multithread is True (site.conf:1)",
                "it runs in an interpreter beside the main one (WSGIApplicationGroup is not said)",
            ],
            told,
        )

    def test_one_that_is_much_like_debug_mode(self):
        told = self.of(
            "WSGIDaemonProcess shop threads=1",
            "WSGIApplicationGroup %{GLOBAL}",
            "WSGIScriptAlias / /app/a.wsgi process-group=shop",
        )
        self.assertEqual([], told)

    def test_scripts_that_share_a_group_or_have_none(self):
        told = self.of("WSGIScriptAlias /a /app/a.wsgi", "WSGIScriptAlias / /app/b.wsgi")
        self.assertEqual(
            [
                "Apache's own processes are several, with an interpreter in each",
                "each script has an interpreter of its own (WSGIApplicationGroup is not said)",
            ],
            told,
        )


class Failures(unittest.TestCase):
    def failing(self, path, error, line=1):
        try:
            exec(compile("\n" * (line - 1) + "raise error", "/app/shop.wsgi", "exec"), {"error": error})
        except type(error):
            pass
        return SimpleNamespace(path=path, status=500, error=error)

    def test_the_same_exception_by_the_same_way_is_one_failure(self):
        first = failures._failure(self.failing("/a", ValueError("a")))
        self.assertEqual(first, failures._failure(self.failing("/b", ValueError("b"))))
        self.assertNotEqual(first, failures._failure(self.failing("/a", KeyError("a"))))
        self.assertNotEqual(first, failures._failure(self.failing("/a", ValueError("a"), line=2)))

    def test_without_one_the_path_and_the_status_count(self):
        of = [failures._failure(SimpleNamespace(path=path, status=status, error=None)) for path, status in self.ANSWERS]
        self.assertEqual([True, False, False], [one == of[0] for one in of])

    ANSWERS = [("/a", 503), ("/b", 503), ("/a", 500)]


class Log(unittest.TestCase):
    def test_what_it_says(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "log")
            with open(path, "w", encoding="utf-8") as file:
                file.write(LOG)
            with patch.object(as_configured, "_LOG", path):
                self.assertEqual("RuntimeError: no", as_configured.last_error())
                self.assertEqual([False, True], [as_configured.could_not_load(f"/app/{name}.wsgi") for name in "ab"])


if __name__ == "__main__":
    unittest.main()
