import os
import tempfile
import unittest

from wsgi_dev_runner.edits import Edits


class Editing(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = os.path.realpath(directory.name)
        self.edits = Edits(self.root)
        self.addCleanup(os.close, self.edits.fd)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.assertEqual([path], self.edits.read())
        return [path]

    def while_loading(self, text):
        return bool(self.edits.while_loading(self.write("a.py", text)))

    def test_what_the_application_writes_again_as_it_was_is_no_edit(self):
        self.assertTrue(self.while_loading("one"))
        self.assertFalse(self.while_loading("one"))
        self.assertTrue(self.while_loading("two"))

    def test_what_differs_at_each_load_stops_to_be_one(self):
        loads = [self.while_loading(str(number)) for number in range(6)]
        self.assertEqual([True, True, True, False, False, False], loads)

    def test_a_save_between_loads_always_is_one(self):
        for number in range(6):
            self.while_loading(str(number))
        self.assertTrue(self.edits.between_loads(self.write("a.py", "mine")))
        self.assertTrue(self.while_loading("other"))

    def test_an_edit_is_whole_some_time_after_its_last_file(self):
        self.write("a.py", "one")
        first = self.edits.settled_at
        self.write("b.py", "one")
        self.assertGreater(self.edits.settled_at, first)


if __name__ == "__main__":
    unittest.main()
