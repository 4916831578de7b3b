import base64
import io
import json
import os
import sys
import tempfile
import threading
import types
import unittest
from wsgiref import validate

from wsgi_dev_runner.check.body_input import noted_input
from wsgi_dev_runner.check.cgi import excerpt_of
from wsgi_dev_runner.check.conformance import _words
from wsgi_dev_runner.check.entry import entry_place
from wsgi_dev_runner.check.files import files
from wsgi_dev_runner.check.kinds import KINDS
from wsgi_dev_runner.check.notes import Notes, Place, finding, read_notes
from wsgi_dev_runner.check.order import Asked, Order, read_order, write_order
from wsgi_dev_runner.check.places import Places
from wsgi_dev_runner.check.processes import ended_with
from wsgi_dev_runner.check.report import merged, with_words
from wsgi_dev_runner.check.request import ask, environ_of
from wsgi_dev_runner.check.server import Response, on_the_wire
from wsgi_dev_runner.check.stacks import innermost
from wsgi_dev_runner.check.state import Changes, changed, snapshot
from wsgi_dev_runner.check.tracing import Trace, in_words

TIMEOUT = """\
Timeout (0:00:04)!
Thread 0x01 (most recent call first):
  File "/app/worker.py", line 3 in loop
Thread 0x02 (most recent call first):
  File "/usr/lib/python3.11/socket.py", line 7 in recv
  File "/app/shop/views.py", line 12 in cart
  File "/app/wsgi.py", line 5 in application
"""
CRASH = """\
Fatal Python error: Segmentation fault

Thread 0x02 (most recent call first):
  File "/app/worker.py", line 3 in loop

Current thread 0x01 (most recent call first):
  File "/usr/lib/python3.11/ctypes/__init__.py", line 519 in string_at
  File "/app/shop/views.py", line 13 in cart
"""


def asked(method, path, headers=(), body=""):
    return Asked(f"{method} {path}", method, path, dict(headers), body)


GET = asked("GET", "/")


class Project(unittest.TestCase):
    """A directory of its own, whose files are the project."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = os.path.realpath(directory.name)
        self.places = Places(self.root)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def module(self, name, text):
        """Run as a module of the project, in sys.modules until the test is over."""
        path = self.write(f"{name.replace('.', os.sep)}.py", text)
        module = types.ModuleType(name)
        module.__file__ = path
        sys.modules[name] = module
        self.addCleanup(sys.modules.pop, name)
        exec(compile(text, path, "exec"), vars(module))
        return module

    def order(self, **app):
        return Order({"callable": "application", **app}, self.root, "", [GET], 5)


class WhoseLine(Project):
    def test_the_project_its_packages_and_others(self):
        own = ("a.py", "shop/views.py")
        others = ("venv/lib/python3.11/site-packages/x.py", "dist-packages/y.py")
        for name, expected in [*((name, True) for name in own), *((name, False) for name in others)]:
            self.assertEqual(expected, self.places.is_own(os.path.join(self.root, name)), name)
        self.assertFalse(self.places.is_own("/usr/lib/python3.11/os.py"))
        self.assertFalse(self.places.is_own("<string>"))

    def test_what_a_library_does_for_a_line(self):
        site = self.module("site-packages.helper", "def call(act):\n    return act()\n")
        site.__name__ = vars(site)["__name__"] = "helper"
        module = self.module("pages", "def page(call, act):\n\n    return call(act)\n")
        near, direct = [], []

        def act():
            frame = sys._getframe(1)
            near.append(self.places.nearest(frame))
            direct.append(self.places.direct(frame))

        module.page(site.call, act)
        module.page(lambda one: one(), lambda: direct.append(self.places.direct(sys._getframe(2))))
        self.assertEqual([Place("pages.py", 3, "helper")], near)
        self.assertEqual([None, Place("pages.py", 3)], direct)

    def test_of_stacks(self):
        self.assertEqual(Place("shop/views.py", 12), innermost(TIMEOUT, "/app"))
        self.assertEqual(Place("shop/views.py", 13), innermost(CRASH, "/app"))
        self.assertIsNone(innermost(CRASH, "/elsewhere"))
        self.assertIsNone(innermost("", "/app"))

    def test_of_the_application(self):
        self.write("a.py", "import os\n\napplication = os\n")
        self.write("b/__init__.py", "from c import application\n")
        self.write("d.wsgi", "def other(): pass\n\ndef application(): pass\n")
        self.write("e.py", "x = (\n")
        for app, expected in [
            ({"kind": "module", "module": "a"}, Place("a.py", 3)),
            ({"kind": "module", "module": "b"}, Place("b/__init__.py", 1)),
            ({"kind": "script", "path": "d.wsgi"}, Place("d.wsgi", 3)),
            ({"kind": "script", "path": "e.py"}, Place("e.py", 1)),
            ({"kind": "module", "module": "nowhere"}, None),
        ]:
            self.assertEqual(expected, entry_place(self.order(**app)), app)


class Traced(Project):
    def test_what_was_raised_and_swallowed(self):
        module = self.module(
            "views", "def view():\n    try:\n        {}['x']\n    except KeyError:\n        return [1]\n"
        )
        with Trace(self.places) as trace:
            body = module.view()
        error, place = trace.raised
        self.assertEqual(("KeyError: 'x'", Place("views.py", 3)), (in_words(error), place))
        self.assertEqual(Place("views.py", 5), trace.origins[id(body)])
        self.assertIsNone(sys.gettrace())


STATE = """\
import threading
from collections import deque

count = 0
seen = []
nested = {"by": {"ada": 1}}
queue = deque()
made = None
local = threading.local()
untouched = [1, [2]]


class Basket:
    total = 0

    def __init__(self):
        self.items = []


basket = Basket()


def request():
    global count, made
    count += 1
    seen.append(count)
    nested["by"]["ada"] += 1
    queue.append(1)
    made = made or object()
    local.name = count
    Basket.total += 1
    basket.items.append(1)
"""


class State(Project):
    def test_what_each_request_changes_and_where(self):
        module = self.module("state", STATE)
        module.request()
        before = snapshot(self.places)
        module.request()
        names = changed(before, snapshot(self.places))
        self.assertEqual({"count", "seen", "nested", "queue", "Basket", "basket"}, {name for _, name in names})
        with Changes(self.places, names) as changes:
            module.request()
        lines = {name: place.line for (_, name), place in changes.found.items()}
        self.assertEqual({"count": 25, "seen": 26, "nested": 27, "queue": 28, "Basket": 31, "basket": 32}, lines)

    def test_only_the_projects_modules(self):
        self.assertEqual({}, snapshot(self.places))


class Requests(unittest.TestCase):
    def test_environ(self):
        environ = environ_of(asked("GET", "/caf%C3%A9?x=1"), "/shop")
        shown = [environ[key] for key in ("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")]
        self.assertEqual(["/shop", "/cafÃ©", "x=1"], shown)

    def test_a_body_and_headers_also_on_the_wire(self):
        body = base64.b64encode(b"item=7").decode()
        request = asked("POST", "/cart", {"Content-Type": "text/plain", "X-Who": "ada"}, body)
        environ = environ_of(request, "")
        names = ("REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_X_WHO")
        self.assertEqual(["POST", "text/plain", "6", "ada"], [environ[name] for name in names])
        self.assertEqual(b"item=7", environ["wsgi.input"].read())
        wire = on_the_wire("/shop", request, {"X-More": "1"}).decode()
        self.assertTrue(wire.startswith("POST /shop/cart HTTP/1.0\r\n"))
        self.assertTrue(wire.endswith("\r\nContent-Length: 6\r\nX-More: 1\r\n\r\nitem=7"))

    def test_an_order_is_what_it_was_behind_a_file(self):
        order = Order({"kind": "script"}, "/app", "/shop", [GET, asked("POST", "/cart", {"A": "b"}, "eA==")], 5)
        with tempfile.TemporaryDirectory() as directory:
            write_order(f"{directory}/order", order)
            self.assertEqual(order, read_order(f"{directory}/order"))

    def test_answers(self):
        closed = []

        class Body(list):
            def close(self):
                closed.append(1)

        def application(environ, start_response):
            start_response("404 Not Found", [])
            return Body([b"x"])

        def leaves(environ, start_response):
            raise SystemExit(3)

        self.assertEqual(404, ask(application, GET, "").status)
        self.assertEqual([1], closed)
        self.assertIsInstance(ask(leaves, GET, "").error, SystemExit)
        self.assertEqual(500, ask(lambda environ, start_response: [], GET, "").status)

    def test_response(self):
        response = Response(b"HTTP/1.1 200 OK\r\nA: 1\r\nX-Debug: 2\r\n\r\nbody")
        self.assertEqual((200, b"body", {"a", "x-debug"}), (response.status, response.body, response.names))
        self.assertEqual((0, b""), (Response(None).status, Response(b"").body))

    def test_excerpts(self):
        self.assertEqual(
            ["HTTP/1.1 200 OK", "", "a\\x1b[1m\\xff"], excerpt_of(b"HTTP/1.1 200 OK\r\n\r\na\x1b[1m\xff\n")
        )
        long = excerpt_of("\n".join(map(str, range(40))).encode())
        self.assertEqual([*map(str, range(10)), "… 27 more lines …", "37", "38", "39"], long)
        self.assertLess(len(excerpt_of(b"x" * 1000)[0]), 110)

    def test_ends(self):
        self.assertEqual(["exit code 3", "SIGSEGV"], [ended_with(3), ended_with(-11)])


class Conformance(Project):
    def test_a_read_without_a_size_is_noted_and_passes(self):
        text = (
            "import json\n\ndef all(body):\n    return body.read()\n\ndef loaded(body):\n    return json.load(body)\n"
        )
        module = self.module("reading", text)
        helper = self.module("site-packages.helper", "def read(body):\n    return body.read()\n")
        path = os.path.join(self.root, "notes.jsonl")
        notes = Notes(path)

        def body():
            return noted_input(validate.InputWrapper(io.BytesIO(b"[1]")), notes, self.places)

        self.assertEqual([b"[1]", [1], b"[1]"], [module.all(body()), module.loaded(body()), helper.read(body())])
        self.assertEqual(b"[", body().read(1))
        found = [(one["level"], one["kind"], one["file"], one["line"]) for one in read_notes(path)]
        self.assertEqual([("note", "wsgi", "reading.py", 4), ("note", "wsgi", "reading.py", 7)], found)
        with self.assertRaises(AssertionError):
            body().close()

    def test_each_rule_has_words(self):
        rows = [
            (lambda: validate.InputWrapper(io.BytesIO()).readline(1, 2), "readline() of wsgi.input"),
            (lambda: validate.check_headers([("a",)]), "a header"),
            (lambda: validate.ErrorWrapper(sys.stderr).write(b"x"), "what is written to wsgi.errors"),
            (lambda: validate.WriteWrapper(print)("x"), "what is given to write()"),
            (lambda: validate.check_status("99"), "Status codes must be three characters"),
        ]
        for breaks, begin in rows:
            with self.subTest(begin):
                said = ""
                try:
                    breaks()
                except AssertionError as error:
                    # assertRaises would take its traceback.
                    said = _words(error)
                self.assertEqual(begin, said[: len(begin)])


class Reports(Project):
    def test_each_thing_once_by_place(self):
        self.write("a.py", "first\n    second\n")
        found = [
            finding("stdout", Place("a.py", 2), "writes"),
            finding("load", Place("a.py", 2), "fails"),
            finding("stdout", Place("a.py", 2), "writes", when="GET /"),
            finding("unchecked", None, "none"),
            finding("stdout", Place("a.py", 1), "writes", why="because"),
        ]
        report = with_words(merged(found), self.root)
        shown = [(one["file"], one["line"], one["kind"], one["source"]) for one in report]
        expected = [
            (None, None, "unchecked", None),
            ("a.py", 1, "stdout", "first"),
            ("a.py", 2, "load", "second"),
            ("a.py", 2, "stdout", "second"),
        ]
        self.assertEqual(expected, shown)
        self.assertEqual(["because", KINDS["load"][0]], [report[1]["why"], report[2]["why"]])

    def test_notes_of_a_process_that_was_cut_off(self):
        path = os.path.join(self.root, "notes")
        notes = Notes(path)
        notes.begin("GET /")
        threads = [threading.Thread(target=notes.find, args=("stdout", Place("a.py", 1), "x")) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"note": "answer"})[:-3])
        self.assertEqual(["phase", "finding", *["again"] * 3], [one["note"] for one in read_notes(path)])
        self.assertEqual([], read_notes(path + ".none"))

    def test_directives(self):
        self.write("site.conf", "WSGIRestrictStdout Off\nWSGIRestrictEmbedded On\n")
        found = files(self.order(kind="script", path="a.py"), [])
        self.assertEqual([("leftover", "site.conf", 1)], [(one["kind"], one["file"], one["line"]) for one in found])


if __name__ == "__main__":
    unittest.main()
