import os
import tempfile
import unittest
from unittest.mock import patch

from wsgi_dev_runner.adopt import files, remembered


class Remembered(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.file = os.path.join(directory.name, "remembered.json")
        places = {"_FILE": self.file, "_APACHE": "/", "MODULES": "/"}
        for name, value in places.items():
            patched = patch.object(remembered, name, value)
            patched.start()
            self.addCleanup(patched.stop)

    def question(self, text="Listen ${PORT}", arguments=("-t",), **environment):
        return remembered.asked_of(list(arguments), {"/a": text}, environment)

    def test_the_same_question_has_the_same_answer(self):
        self.assertIsNone(remembered.answer_to(self.question(PORT="80")))
        remembered.remember(self.question(PORT="80"), {"output": "x"})
        self.assertEqual({"output": "x"}, remembered.answer_to(self.question(PORT="80", HOSTNAME="other")))
        for other in (self.question(PORT="81"), self.question("Listen 80"), self.question(arguments=["-t", "-X"])):
            self.assertIsNone(remembered.answer_to(other))
        remembered.forget()
        self.assertIsNone(remembered.answer_to(self.question(PORT="80")))

    def test_a_few_are_kept_and_a_broken_file_is_none(self):
        for port in range(6):
            remembered.remember(self.question(PORT=str(port)), {"output": str(port)})
        known = [remembered.answer_to(self.question(PORT=str(port))) is not None for port in range(6)]
        self.assertEqual([False, False, True, True, True, True], known)
        with open(self.file, "w", encoding="utf-8") as file:
            file.write("{")
        self.assertIsNone(remembered.answer_to(self.question(PORT="5")))


class Alone(unittest.TestCase):
    def test_what_reads_or_asks_for_other_files(self):
        for text, expected in [
            (f"listen 80\ninclude {files.COPY}/mods/a.conf", True),
            ('include "/etc/apache2/a.conf"', False),
            ("includeoptional ${WHERE}/a.conf", False),
            ("<IfFile /app/x>\n</IfFile>", False),
        ]:
            copied = files.Copied((), {}, {"/a": text}, [], "", {}, [], "")
            self.assertEqual(expected, copied.alone, text)


if __name__ == "__main__":
    unittest.main()
