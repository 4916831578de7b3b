import os
import sys
import tempfile
import unittest

from wsgi_dev_runner.loading import Loader, LoadError, describe, project_traceback, script_module_name
from wsgi_dev_runner.outcome import is_in_source

CALLABLE = "def application(environ, start_response):\n    return [{!r}]\n"


class Loading(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = os.path.realpath(directory.name)
        modules = set(sys.modules)
        self.addCleanup(lambda: [sys.modules.pop(name) for name in set(sys.modules) - modules])
        sys.path.insert(0, self.root)
        self.addCleanup(sys.path.remove, self.root)
        written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        self.addCleanup(setattr, sys, "dont_write_bytecode", written)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def script(self, text, callable="application", factory=False):
        self.write("app.wsgi", text)
        return Loader({"kind": "script", "path": "app.wsgi", "callable": callable, "factory": factory}, self.root)

    def module(self, name, callable="application", factory=False):
        return Loader({"kind": "module", "module": name, "callable": callable, "factory": factory}, self.root)

    def error(self, loader):
        try:
            loader.load()
        except BaseException as error:
            # Without this frame: in Apache the runner's own come first.
            return error.with_traceback(error.__traceback__.tb_next)
        self.fail("loaded")

    def test_script_of_any_name(self):
        self.assertEqual([b"x"], self.script(CALLABLE.format(b"x")).load()({}, None))
        self.assertIn(script_module_name("app.wsgi"), sys.modules)

    def test_module_dotted_callable_and_factory(self):
        self.write(
            "shop_a/wsgi.py",
            "class holder:\n    app = staticmethod(lambda e, s: [b'h'])\ndef make():\n    return holder.app\n",
        )
        self.assertEqual([b"h"], self.module("shop_a.wsgi", "holder.app").load()({}, None))
        self.assertEqual([b"h"], self.module("shop_a.wsgi", "make", factory=True).load()({}, None))

    def test_a_saved_script_is_loaded_anew(self):
        loader = self.script(CALLABLE.format(b"1"))
        loader.load()
        self.assertFalse(loader.saved())
        path = self.write("app.wsgi", CALLABLE.format(b"2"))
        os.utime(path, ns=(1, 1))
        self.assertTrue(loader.saved())
        self.assertEqual([b"2"], loader.reload()({}, None))
        self.assertFalse(loader.saved())
        os.unlink(path)
        self.assertFalse(loader.saved())

    def test_a_script_that_others_hold_is_not_reloadable_alone(self):
        alone = self.script(CALLABLE.format(b"1"))
        alone.load()
        self.assertEqual(os.path.join(self.root, "app.wsgi"), alone.reloadable_script())
        self.write("shared_b.py", "class Model: pass\n" + CALLABLE.format(b"1"))
        self.write("other_b.py", "from shared_b import Model\n")
        shared = self.module("shared_b")
        shared.load()
        self.assertEqual(os.path.join(self.root, "shared_b.py"), shared.reloadable_script())
        __import__("other_b")
        self.assertIsNone(shared.reloadable_script())

    def test_what_is_no_application(self):
        for text, callable, message in (
            ("def app(e, s): pass\n", "application", "app.wsgi has no `application`; it has app"),
            ("x = 1\n", "application", "app.wsgi has no `application`; it holds nothing callable"),
            ("application = 7\n", "application", "`application` in app.wsgi is a int, which is not callable"),
            (
                "async def application(s, r, w): pass\n",
                "application",
                "`application` in app.wsgi is an ASGI application; Apache with mod_wsgi serves WSGI",
            ),
        ):
            with self.subTest(text=text):
                error = self.error(self.script(text, callable))
                self.assertIsInstance(error, LoadError)
                self.assertEqual(message, describe(error, self.root)["message"])
                self.assertEqual([], project_traceback(error))

    def test_errors_name_the_place_in_the_project(self):
        self.write("broken_c.py", "x = 1\nimport nothing_of_this_name\n")
        for text, file, line, message in (
            ("import broken_c\n", "broken_c.py", 2, "ModuleNotFoundError: No module named 'nothing_of_this_name'"),
            ("\ndef broken(:\n", "app.wsgi", 2, "SyntaxError: invalid syntax"),
            ("raise SystemExit(3)\n", "app.wsgi", 1, "SystemExit: 3"),
        ):
            with self.subTest(text=text):
                error = self.error(self.script(text))
                self.assertEqual({"message": message, "file": file, "line": line}, describe(error, self.root))
                shown = "".join(project_traceback(error))
                self.assertNotIn("wsgi_dev_runner", shown)
                self.assertNotIn("importlib", shown)
                self.assertNotIn(script_module_name("app.wsgi"), sys.modules)

    def test_an_error_in_the_source_is_told_from_one_that_its_code_raised(self):
        self.write("broken_d.py", "def broken(:\n")
        for text, expected in (
            ("def broken(:\n", True),
            ("import broken_d\n", True),
            ("eval('1 +')\n", False),
            ("raise SyntaxError\n", False),
            ("missing\n", False),
        ):
            with self.subTest(text=text):
                self.assertEqual(expected, is_in_source(self.error(self.script(text))))


if __name__ == "__main__":
    unittest.main()
