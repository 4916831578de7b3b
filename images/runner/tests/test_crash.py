import os
import tempfile
import unittest
from unittest import mock

from wsgi_dev_runner import crash

TEXT = """Fatal Python error: Bus error

Thread 0x00007fea169ce6c0 (most recent call first):
  File "{package}/nudge.py", line 38 in watch
  File "/usr/lib/python3.11/threading.py", line 975 in run

Thread 0x00007fea169ce6c1 (most recent call first):
  File "/app/work.py", line 7 in work
  File "/usr/lib/python3.11/threading.py", line 975 in run

Current thread 0x00007fea17a2b780 [apache2] (most recent call first):
  File "/usr/lib/python3.11/ctypes/__init__.py", line 519 in string_at
  File "/app/shop/views.py", line 42 in cart
  File "{package}/middleware.py", line 93 in respond
  File "<frozen importlib._bootstrap>", line 491 in _call_with_frames_removed

Extension modules: _speedups (total: 1)
""".format(package=os.path.dirname(crash.__file__))


class Crash(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        for name, value in (("RUNTIME_DIRECTORY", directory.name), ("WHOLE", f"{directory.name}/crash.txt")):
            patch = mock.patch.object(crash, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def stacks(self, text):
        with open(crash._file(7), "w", encoding="utf-8") as file:
            file.write(text)
        self.assertEqual(bool(text), crash.has_stacks(7))
        found = crash.Stacks(7)
        self.assertFalse(crash.has_stacks(7))
        return found

    def test_the_application_s_own_frames_and_threads(self):
        stacks = self.stacks(TEXT)
        shown = stacks.shown()
        for own in ("Bus error", "/app/work.py", "string_at", "/app/shop/views.py", "_speedups"):
            self.assertIn(own, shown)
        for others in ("wsgi_dev_runner", "importlib", "6c0"):
            self.assertNotIn(others, shown)
        self.assertEqual(("shop/views.py", 42), stacks.place("/app"))
        self.assertEqual(("/usr/lib/python3.11/ctypes/__init__.py", 519), stacks.place("/elsewhere"))
        self.assertEqual(7, stacks.signal)

    def test_none(self):
        stacks = self.stacks("")
        self.assertEqual(("", (None, None), 0), (stacks.shown(), stacks.place("/app"), stacks.signal))

    def test_how_it_ended(self):
        self.assertEqual("ended with exit code 3", crash.how_it_ended(3, 0))
        self.assertEqual("was ended by SIGABRT", crash.how_it_ended(0, 6))


if __name__ == "__main__":
    unittest.main()
