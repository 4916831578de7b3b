import os
import select
import tempfile
import unittest

from wsgi_dev_runner.watch import Watch


class Watching(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = os.path.realpath(directory.name)
        for name in ("package", ".git", "node_modules", "venv"):
            os.mkdir(os.path.join(self.root, name))
        self.write("venv/pyvenv.cfg")
        self.watch = Watch()
        self.addCleanup(os.close, self.watch.fd)
        self.watch.add_tree(self.root)

    def write(self, name):
        with open(os.path.join(self.root, name), "w", encoding="utf-8") as file:
            file.write("x")

    def saved(self):
        return [os.path.relpath(path, self.root) for path in self.watch.saved()]

    def test_a_new_directory_with_what_is_in_it_already(self):
        os.makedirs(os.path.join(self.root, "new/inner"))
        self.write("new/a.py")
        self.write("new/inner/b.py")
        os.mkdir(os.path.join(self.root, "__pycache__"))
        self.write("__pycache__/c.py")
        self.assertEqual(["new/a.py", "new/inner/b.py"], self.saved())
        self.write("new/inner/b.py")
        self.assertEqual(["new/inner/b.py"], self.saved())

    def test_an_editors_lock_and_backup(self):
        self.write(".#a.py")
        self.write("a.py~")
        self.assertEqual([], self.saved())

    def test_nothing_saved(self):
        self.assertEqual([], self.saved())

    def test_source_files_and_no_others(self):
        for name in ("a.py", "package/b.py", "c.wsgi", "d.txt", "e.pyc", ".git/f.py", "node_modules/g.py", "venv/h.py"):
            self.write(name)
        self.assertEqual(["a.py", "package/b.py", "c.wsgi"], self.saved())
        self.assertEqual([], self.saved())

    def test_an_editors_rename(self):
        self.write("a.tmp")
        os.rename(os.path.join(self.root, "a.tmp"), os.path.join(self.root, "a.py"))
        self.assertEqual(["a.py"], self.saved())

    def test_not_while_it_is_written(self):
        with open(os.path.join(self.root, "a.py"), "w", encoding="utf-8") as file:
            file.write("half")
            file.flush()
            self.assertEqual([], self.saved())
        self.assertTrue(select.select([self.watch.fd], [], [], 1)[0])
        self.assertEqual(["a.py"], self.saved())

    def test_new_directories(self):
        os.makedirs(os.path.join(self.root, "new"))
        self.saved()
        self.write("new/a.py")
        self.assertEqual(["new/a.py"], self.saved())


if __name__ == "__main__":
    unittest.main()
