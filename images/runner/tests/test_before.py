import contextlib
import io
import json
import os
import tempfile
import unittest
from unittest import mock

from wsgi_dev_runner import before


class Before(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.out = os.path.join(self.directory, "out")
        for name, value in {"BEFORE": "before.json", "RUNTIME_DIRECTORY": "run", "_DONE": "run/created"}.items():
            patch = mock.patch.object(before, name, os.path.join(self.directory, value))
            patch.start()
            self.addCleanup(patch.stop)

    def run_steps(self, *steps):
        with open(before.BEFORE, "w", encoding="utf-8") as file:
            json.dump([{"name": name, "once": once, "commands": commands} for name, once, commands in steps], file)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            before.run_before()
        try:
            with open(self.out, encoding="utf-8") as file:
                return file.read().split(), said.getvalue()
        except FileNotFoundError:
            return [], said.getvalue()

    def test_once_is_once_in_a_containers_life(self):
        steps = [
            ("postCreateCommand", True, [f"echo created >>{self.out}"]),
            ("postStartCommand", False, [["sh", "-c", f"echo started >>{self.out}"]]),
        ]
        self.assertEqual(["created", "started"], self.run_steps(*steps)[0])
        self.assertEqual(["created", "started", "started"], self.run_steps(*steps)[0])

    def test_after_one_that_failed_none_follows(self):
        seen, said = self.run_steps(("postCreateCommand", True, ["exit 3"]), ("x", True, [f"echo no >>{self.out}"]))
        self.assertEqual([], seen)
        self.assertIn("postCreateCommand failed: `exit 3` ended with 3; no other command is run", said)
        seen, said = self.run_steps(("x", True, [["/no/such/program"]]))
        self.assertIn("x failed: /no/such/program: No such file or directory", said)
        self.assertEqual(["again"], self.run_steps(("x", True, [f"echo again >>{self.out}"]))[0])
