import os
import tempfile
import unittest

from wsgi_dev_runner.survey import survey

REMAPS = """\
import sys, os, io, codecs
sys.stdout = sys.stderr
if os.name:
    sys.stdin = open(os.devnull)
sys.stdout = codecs.getwriter("utf-8")(sys.stdout.buffer)
saved = sys.stdout


def later():
    sys.stdout = io.StringIO()
"""
RESTORED = """\
import sys, io
saved = sys.stdout
sys.stdout = io.StringIO()
sys.stdout = saved
sys.stdin = io.StringIO()
sys.stdin = sys.__stdin__
"""
DEBUGGER = """\
import pdb, sys


class Debugger:
    def __call__(self, environ, start_response):
        sys.settrace(pdb.Pdb().trace_dispatch)


def examined(environ, start_response):
    try:
        return app(environ, start_response)
    except Exception:
        pdb.post_mortem()
        raise


class Other:
    def __call__(self):
        pdb.Pdb().interaction(None, sys.exc_info()[2])


def looks(error):
    pdb.post_mortem(error)
"""
EXPRESS = "from mod_wsgi.server import PostMortemDebugger\n"
KEYS = 'def view(environ):\n    return environ["wsgi.multithread"]\n'
SITE = """\
<VirtualHost *:80>
    wsgirestrictstdout Off
    # WSGIRestrictStdin On
    WSGIRestrictStdin "On"
    WSGIRestrictSignal Off
    WSGIRestrictEmbedded On
</VirtualHost>
"""


class Survey(unittest.TestCase):
    def survey(self, files, threads=(), processes=()):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = os.path.join(root, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            sources = [os.path.join(root, name) for name in files if name.endswith(".py")]
            workers = [[{"name": name, "place": place} for name, place in list_] for list_ in (threads, processes)]
            loaded = {"root": root, "files": sources, "threads": workers[0], "processes": workers[1]}
            return [text for _, text in survey(loaded)]

    def test_streams_replaced_at_import(self):
        ends = " is needless since mod_wsgi 3.0 (2009-11-21); the debugger has the terminal anyway"
        expected = [f"a.py:2: `sys.stdout = sys.stderr`{ends}", f"a.py:4: `sys.stdin = open(os.devnull)`{ends}"]
        self.assertEqual(expected, self.survey({"a.py": REMAPS}))

    def test_streams_put_back_are_none(self):
        self.assertEqual([], self.survey({"a.py": RESTORED}))

    def test_pdb_in_a_middleware(self):
        found = self.survey({"a.py": DEBUGGER, "b.py": EXPRESS})
        self.assertEqual(
            [
                "a.py:6: `Debugger` stops at the first line of each request",
                "a.py:13: `examined` opens pdb at an exception",
                "a.py:19: `Other` opens pdb at an exception",
                "b.py:1: mod_wsgi-express's PostMortemDebugger",
            ],
            [text.partition(": wsgi-dev")[0].partition(",")[0] for text in found],
        )

    def test_what_a_single_process_answers_differently(self):
        self.assertRegex(self.survey({"a.py": KEYS})[0], "^a.py:2: wsgi.multithread is False in debug mode")

    def test_apache_files(self):
        skipped = {"node_modules/a.conf": SITE, "venv/pyvenv.cfg": "", "venv/b.conf": SITE, ".git/c.conf": SITE}
        own = ("deploy/site.conf", "sites-available/shop", ".htaccess")
        found = self.survey({**{name: SITE for name in own}, "notes.txt": SITE, **skipped})
        self.assertEqual(12, len(found))
        self.assertIn(
            "deploy/site.conf:2: wsgirestrictstdout Off is needless since mod_wsgi 3.0 (2009-11-21): "
            "that is the default",
            found,
        )
        places = {text.partition(": ")[0] for text in found}
        self.assertEqual({f"{name}:{line}" for name in own for line in (2, 4, 5, 6)}, places)

    def test_threads_and_processes(self):
        threads = [("ticker", None), ("pool_0", ["/usr/lib/x.py", 3])]
        self.assertEqual(
            [
                "the threads `ticker`, `pool_0` were started at import: of all that stops, "
                "only breakpoint() stops in them",
                "the process `jobs` was started at import: breakpoint() in it is passed over",
            ],
            self.survey({}, threads, [("jobs", None)]),
        )

    def test_what_cannot_be_read_is_passed_over(self):
        self.assertEqual([], self.survey({"a.py": "sys.stdout = (", "b.py": "\0.stdout"}))


if __name__ == "__main__":
    unittest.main()
