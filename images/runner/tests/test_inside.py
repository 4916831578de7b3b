import os
import signal
import sys
import tempfile
import unittest
from unittest import mock

from wsgi_dev_inside.breaks import checked
from wsgi_dev_inside.check_text import report_text, summary
from wsgi_dev_inside.detect import detect
from wsgi_dev_inside.fault import Fault
from wsgi_dev_inside.options import parse
from wsgi_dev_inside.ports import free_place, parse_port, url_of
from wsgi_dev_inside.project import Project
from wsgi_dev_inside.python_home import python_home
from wsgi_dev_inside.requests import requests_of
from wsgi_dev_inside.serve import Inside as Inside_
from wsgi_dev_inside.target import parse_target
from wsgi_dev_runner.supervisor import Supervisor

APPLICATION = "def application(environ, start_response):\n    return []\n"
MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'


class Inside(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = os.path.realpath(directory.name)

    def write(self, **files):
        for name, text in files.items():
            path = os.path.join(self.root, name.replace("__", "/").replace("_DOT_", "."))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)

    def assertFault(self, pattern, function, *arguments):
        with self.assertRaisesRegex(Fault, pattern):
            function(*arguments)


class Detect(Inside):
    def test_files_by_how_much_they_say(self):
        self.write(package__wsgi_DOT_py=APPLICATION)
        self.assertEqual(
            {"kind": "module", "module": "package.wsgi", "callable": "application", "factory": False}, detect(self.root)
        )
        self.write(main_DOT_py="from flask import Flask\nif True:\n    app = Flask(__name__)\n")
        self.assertEqual({"kind": "module", "module": "main", "callable": "app", "factory": False}, detect(self.root))
        self.write(**{"my-site_DOT_wsgi": "def create_app():\n    pass\n"})
        self.assertEqual(
            {"kind": "script", "path": "my-site.wsgi", "callable": "create_app", "factory": True}, detect(self.root)
        )

    def test_django_says_it_itself(self):
        self.write(app_DOT_py=APPLICATION, manage_DOT_py=MANAGE, shop__wsgi_DOT_py=APPLICATION)
        self.assertEqual("shop.wsgi", detect(self.root)["module"])
        self.write(shop__settings_DOT_py='WSGI_APPLICATION = "shop.server.wsgi.handler"\n')
        self.assertEqual(["shop.server.wsgi", "handler"], [detect(self.root)[key] for key in ("module", "callable")])

    def test_none_and_several(self):
        self.write(app_DOT_py="syntax error\n")
        self.assertFault("No WSGI application found", detect, self.root)
        self.write(app_DOT_py=APPLICATION, main_DOT_py=APPLICATION)
        self.assertFault(r"Several WSGI[^\0]*\n  app.py:application\n  main.py:application", detect, self.root)


class Target(Inside):
    def test_what_is_written(self):
        self.write(wsgi_DOT_py=APPLICATION, shop____init___DOT_py="app = 1\n", bin__site_DOT_wsgi=APPLICATION)
        for text, wanted in {
            "a.b:make()": ("a.b", "make", True),
            "wsgi": ("wsgi", "application", False),
            "wsgi.py": ("wsgi", "application", False),
        }.items():
            target = parse_target(text, self.root)
            self.assertEqual(wanted, (target["module"], target["callable"], target["factory"]), text)
        script = {"kind": "script", "path": "bin/site.wsgi", "callable": "other", "factory": False}
        self.assertEqual(script, parse_target("bin/site.wsgi:other", self.root))

    def test_faults(self):
        for text, pattern in {
            "wsgi:": "has no application",
            "a b:app": "neither a file here nor",
            "a:b.c": "expected module:callable",
        }.items():
            self.assertFault(pattern, parse_target, text, self.root)


class Environment(Inside):
    def venv(self, name, version, there=True):
        self.write(**{f"{name}__pyvenv_DOT_cfg": f"home = /usr/bin\nversion = {version}\n"})
        if there:
            self.write(**{f"{name}__bin__python3": ""})

    def test_the_first_that_fits(self):
        said = []
        version = "{}.{}.1".format(*sys.version_info)
        self.assertEqual(sys.prefix, python_home(self.root, {}, said.append))
        self.venv("venv", version)
        self.assertEqual(os.path.join(self.root, "venv"), python_home(self.root, {}, said.append))
        self.venv("own", version)
        own = os.path.join(self.root, "own")
        self.assertEqual(own, python_home(self.root, {"VIRTUAL_ENV": own}, said.append))
        self.assertEqual([], said)

    def test_one_that_would_not_start_is_passed_over(self):
        said = []
        self.venv("venv", "2.7.18")
        self.venv(".venv", "3.9.1", there=False)
        self.assertEqual(sys.prefix, python_home(self.root, {}, said.append))
        self.assertRegex(said[0], r"^\.venv was made on another machine")
        self.assertRegex(said[1], r"^venv is of Python 2\.7, mod_wsgi here of 3\.")


class Words(Inside):
    def test_ports(self):
        self.assertEqual(("127.0.0.1", 80), parse_port("80"))
        self.assertEqual(("::1", 80), parse_port("[::1]:80"))
        for text in ("x", "1:2:3", "99999", "-1"):
            self.assertFault("--port", parse_port, text)
        self.assertEqual("http://127.0.0.1:80/", url_of("0.0.0.0", 80))
        self.assertFault("others could reach", free_place, "0.0.0.0:0", True, False, print)
        self.assertNotEqual(0, free_place("0.0.0.0:0", True, True, print)[1])

    def test_breakpoints(self):
        self.assertEqual("a/b.py:3 if x > 1", checked(" a/b.py:3 if x > 1 "))
        for place in ("a.py", "a.py:0", "a.py:3 if", "a:b c"):
            self.assertFault("expected FILE:LINE", checked, place)

    def test_the_hosts_words_are_told(self):
        self.assertFault("isn't for the inside", parse, ["attach"])
        self.assertFault("--user: the user is what devcontainer.json says", parse, ["up", "--user=1"])
        self.assertFault("unrecognized arguments", parse, ["up", "--nothing"])
        self.assertIs(True, parse(["up", "--debugger-startup"]).break_at_start)
        self.assertIsNone(parse(["up"]).post_mortem)
        self.assertIs(False, parse(["up", "--no-post-mortem"]).post_mortem)

    def test_a_report(self):
        words = {"why": "Because.", "remedy": "Don't."}
        problem = {"kind": "stdout", "level": "problem", "file": "a.py", "line": 2, "source": "print(1)", **words}
        note = {"kind": "load", "level": "note", "file": None, "line": None, "source": None, **words}
        report = {
            "findings": [
                {**problem, "message": "GET / writes", "client": ["1"], "also": ["GET /b"]},
                {**problem, "message": "again", "line": 3, "source": None},
                {**note, "message": "so it is"},
            ],
            "answers": [{"request": "GET /", "status": 200}, {"request": "GET /b", "status": None}],
            "seconds": 1.5,
        }
        self.assertEqual(
            "a.py:2  print(1)\n  problem: GET / writes [stdout]\n      | 1\n    and so: GET /b\n"
            "    why: Because.\n    do:  Don't.\n\na.py:3\n  problem: again [stdout]\n\n"
            "the application\n  note: so it is [load]",
            report_text(report),
        )
        self.assertEqual("2 problems in 2 files, 1 note (GET / 200, GET /b –; 1.5 s)", summary(report))

    def test_what_counts_of_the_configuration(self):
        self.write(**{"wsgi-dev_DOT_yaml": "# x\nname: shop\napp: 'shop:app'  # mine\nroot: src\n", "src__deep__x": ""})
        project = Project(os.path.join(self.root, "src", "deep"))
        self.assertEqual((self.root, "shop", "shop:app"), (project.directory, project.name, project.app))
        self.assertEqual(os.path.join(self.root, "src"), project.root)


class Signals(unittest.TestCase):
    def test_a_closed_terminal_ends_the_server(self):
        server = object.__new__(Inside_)
        with mock.patch.object(Supervisor, "_on_signal") as heard:
            for number in (signal.SIGHUP, signal.SIGUSR1):
                server._on_signal(number)
        self.assertEqual([mock.call(signal.SIGTERM), mock.call(signal.SIGUSR1)], heard.call_args_list)


class Requests(unittest.TestCase):
    def test_as_on_the_host(self):
        found = requests_of(["/", "POST /cart item=7", 'POST /cart {"item": 7}', "/", "DELETE /cart"])
        self.assertEqual(["GET /", "POST /cart", "POST /cart (2)", "DELETE /cart"], [one["name"] for one in found])
        types = [one["headers"].get("Content-Type") for one in found]
        self.assertEqual([None, "application/x-www-form-urlencoded", "application/json", None], types)
        for text in ("cart", "GET / item=7", "/a#b"):
            with self.assertRaises(Fault):
                requests_of([text])
