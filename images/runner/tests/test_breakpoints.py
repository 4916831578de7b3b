import os
import sys
import tempfile
import unittest

from wsgi_dev_runner.breakpoints import BreakpointError, at_prompt, resolve

SOURCE = '''"""A module."""
import os

# a comment


class Shop:
    @property
    def cart(self):
        """What is in it."""
        total = 1
        return (
            total
        )


def only_docstring():
    """Nothing else."""


async def later():
    return 1
'''


class Resolve(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = directory.name
        for path, source in {
            "shop.py": SOURCE,
            "package/__init__.py": "raise RuntimeError('a breakpoint imports nothing')\n",
            "package/views.py": SOURCE,
        }.items():
            file = os.path.join(self.root, path)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "w") as stream:
                stream.write(source)
        sys.path.insert(0, self.root)
        self.addCleanup(sys.path.remove, self.root)

    def place(self, spec):
        found = resolve(spec, self.root)
        return os.path.relpath(found.file, self.root), found.line, found.condition

    def refusal(self, spec):
        with self.assertRaises(BreakpointError) as caught:
            resolve(spec, self.root)
        return str(caught.exception)

    def test_what_runs_as_the_module_is_loaded_and_never_again(self):
        told = {line: resolve(f"shop.py:{line}", self.root).at_load for line in (2, 7, 8, 11, 13, 22)}
        self.assertEqual(told, {2: True, 7: True, 8: True, 11: False, 13: False, 22: False})

    def test_what_is_typed_at_the_prompt_is_said_as_pdb_takes_it(self):
        place = os.path.join(self.root, "shop.py")
        for typed, expected in {
            "shop.py:11": f"{place}:11",
            "shop.py:11 if x": f"{place}:11, x",
            "shop:Shop.cart if x > 1": f"{place}:11, x > 1",
        }.items():
            self.assertEqual(at_prompt(typed, self.root), expected)
        for pdbs_own in ("", "10", "10, x", "shop.py:10, x", "shop:10", "cart", "shop.cart", "nowhere.py:3"):
            self.assertEqual(at_prompt(pdbs_own, self.root), pdbs_own)
        with self.assertRaises(BreakpointError):
            at_prompt("shop.py:4", self.root)

    def test_a_function_that_is_named_is_meant_alone(self):
        functions = {spec: resolve(spec, self.root).function for spec in ("shop:Shop.cart", "shop.py:9", "shop.py:11")}
        self.assertEqual(functions, {"shop:Shop.cart": "cart", "shop.py:9": "cart", "shop.py:11": None})

    def test_places(self):
        for spec, expected in {
            "shop.py:11": ("shop.py", 11, None),
            "./shop.py:11 if total > 1": ("shop.py", 11, "total > 1"),
            "shop.py:9": ("shop.py", 11, None),
            "shop:Shop.cart": ("shop.py", 11, None),
            "package.views:later if True": ("package/views.py", 22, "True"),
            "shop:only_docstring": ("shop.py", 18, None),
        }.items():
            with self.subTest(spec):
                self.assertEqual(expected, self.place(spec))

    def test_refusals(self):
        for spec, expected in {
            "shop.py": "`shop.py` is no breakpoint: FILE:LINE or MODULE:FUNCTION",
            "shop.py:4": "`shop.py:4`: line 4 can't break; the nearest that can is shop.py:2",
            "shop.py:900": "the nearest that can is shop.py:22",
            "gone.py:1": "can't be read",
            "gone:cart": "there is no module gone",
            "package.gone:cart": "there is no module package.gone",
            "sys:exit": "there is no module sys",
            "shop:basket": "shop.py has no basket; it has Shop, later, only_docstring",
            "shop:Shop.basket": "shop.py has no basket; it has cart",
            "shop.py:11 if (": "the condition is no expression",
        }.items():
            with self.subTest(spec):
                self.assertIn(expected, self.refusal(spec))


if __name__ == "__main__":
    unittest.main()
