import os
import sys
import tempfile
import unittest
from unittest import mock

from wsgi_dev_inside import install as module
from wsgi_dev_inside.install import install, steps, trusting
from wsgi_dev_inside.options import parse
from wsgi_dev_inside.project import Project


def commands(*words):
    return steps("/venv/bin/python3", parse(["install", *words]))


class Steps(unittest.TestCase):
    def test_requirements_together_and_packages_by_themselves(self):
        pip = ["/venv/bin/python3", "-m", "pip", "--disable-pip-version-check", "install"]
        self.assertEqual(
            [
                ("a.txt and b.txt", [[*pip, "-r", "a.txt", "-r", "b.txt"]]),
                ("debugpy and ipdb", [[*pip, "debugpy", "ipdb"]]),
            ],
            commands("-r", "a.txt", "-r", "b.txt", "debugpy", "ipdb"),
        )
        self.assertEqual([], commands())

    def test_what_pip_cannot_read_is_for_uv(self):
        (what, found), (packages, _) = commands(
            *("-r", "requirements.txt", "-r", "sub/uv.lock", "-r", "pylock.dev.toml", "-r", "pyproject.toml"),
            *("--group", "dev", "--extra", "pg", "debugpy"),
        )
        self.assertEqual("requirements.txt and sub/uv.lock and pylock.dev.toml and pyproject.toml", what)
        self.assertEqual("debugpy", packages)
        (_, *fetch), export, pylock, together = found
        self.assertEqual("uv==0.13.9", fetch[-1])
        self.assertEqual(["export", "sub"], [export[1], export[export.index("--project") + 1]])
        self.assertEqual(["--group", "dev", "--extra", "pg", "-r", "pylock.dev.toml"], pylock[-6:])
        exported = export[-1]
        self.assertEqual(["--extra", "pg", "--group", "pyproject.toml:dev"], together[6:10])
        self.assertEqual(["-r", "requirements.txt", "-r", exported, "-r", "pyproject.toml"], together[10:])


class Install(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.project = Project(directory.name)
        self.said = []
        patched = mock.patch.object(module, "_say", self.said.append)
        patched.start()
        self.addCleanup(patched.stop)

    def run_with(self, *codes):
        with mock.patch("subprocess.call", side_effect=codes) as call:
            code = install(parse(["install", "-r", "my file.txt", "debugpy"]), self.project)
        return code, call.call_count

    def test_one_that_fails_keeps_the_other_from_nothing(self):
        self.assertEqual((0, 2), self.run_with(0, 0))
        self.assertEqual([], self.said)
        self.assertEqual((1, 2), self.run_with(1, 0))
        self.assertIn("my file.txt could not be installed into " + sys.prefix, self.said[0])
        self.assertIn("wsgi-dev install -r 'my file.txt' debugpy", self.said[1])

    def test_the_systems_authorities_unless_others_are_set(self):
        with mock.patch.object(os.path, "exists", lambda path: True):
            found = trusting({"PIP_CERT": "/ours"})
        self.assertEqual(["/ours", "/etc/ssl/certs/ca-certificates.crt"], [found["PIP_CERT"], found["SSL_CERT_FILE"]])
        with mock.patch.object(os.path, "exists", lambda path: False):
            self.assertEqual({}, trusting({}))
