import json
import os
import tempfile
import unittest
from unittest import mock

from wsgi_dev_runner.alone import VARIABLE, leave_settings
from wsgi_dev_runner.health import healthy
from wsgi_dev_runner.settings import read_settings

ORDER = {"mode": "debug", "app": {"kind": "script", "path": "wsgi.py", "callable": "application", "factory": False}}


class AloneTest(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = directory.name

    def test_leaves_settings_with_a_nonce_of_its_own(self) -> None:
        nonces = []
        for _ in range(2):
            with mock.patch.dict(os.environ, {VARIABLE: json.dumps(ORDER)}):
                leave_settings(self.directory)
                self.assertNotIn(VARIABLE, os.environ)
            settings = read_settings(self.directory)
            self.assertTrue(settings.debug)
            nonces.append(settings.nonce)
        self.assertEqual(len(set(nonces)), 2)
        self.assertTrue(all(len(nonce) == 24 for nonce in nonces))

    def test_says_what_to_do_where_it_may_not_write(self) -> None:
        missing = os.path.join(self.directory, "none")
        environment = mock.patch.dict(os.environ, {VARIABLE: json.dumps(ORDER)})
        with environment, self.assertRaisesRegex(SystemExit, "wsgi-dev compose init"):
            leave_settings(missing)

    def test_healthy_once_ready(self) -> None:
        path = os.path.join(self.directory, "state.json")
        self.assertFalse(healthy(path))
        for text, expected in (('{"phase": "starting"}', False), ('{"phase": "ready"}', True), ("{", False)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(healthy(path), expected, text)
