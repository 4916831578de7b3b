import contextlib
import io
import json
import os
import tempfile
import time
import types
import unittest
from unittest import mock

from wsgi_dev_runner import hooks


class Quiet:
    """An inbox that nothing comes to."""

    def wait(self, others, seconds):
        time.sleep(0.005)

    def signals(self):
        return b""


class Before(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name
        self.out = os.path.join(self.directory, "out")
        os.mkdir(os.path.join(self.directory, "run"))
        for name, value in {"BEFORE": "before.json", "RUNTIME_DIRECTORY": "run", "_DONE": "run/created"}.items():
            patch = mock.patch.object(hooks, name, os.path.join(self.directory, value))
            patch.start()
            self.addCleanup(patch.stop)

    def run_steps(self, *steps):
        with open(hooks.BEFORE, "w", encoding="utf-8") as file:
            json.dump([{"name": name, "once": once, "commands": commands} for name, once, commands in steps], file)
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            hooks.run_before(types.SimpleNamespace(root=self.directory, asks=False), Quiet())
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
        self.assertIn("x failed: `/no/such/program` ended with 127; no other command is run", said)
        self.assertEqual(["again"], self.run_steps(("x", True, [f"echo again >>{self.out}"]))[0])
