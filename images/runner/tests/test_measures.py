"""What measures follows what the process says, and does a request no harm."""

import os
import tempfile
import unittest
from typing import Any, List
from unittest.mock import patch

from wsgi_dev_runner.measures import measuring as measures
from wsgi_dev_runner.measures import profiled
from wsgi_dev_runner.measures.profiled import Profiled


class Heard:
    """Stands for Notes."""

    def __init__(self) -> None:
        self.hearers: List[Any] = []
        self.advice: List[str] = []

    def advise(self, _key: str, text: str) -> None:
        self.advice.append(text)


class MeasuresTest(unittest.TestCase):
    def test_one_that_fails_is_told_and_dropped(self) -> None:
        def hear(_activity: str) -> None:
            raise OSError("no space left")

        notes: Any = Heard()
        measures._begin("coverage", notes, lambda: hear)
        notes.hearers[0]("idle")
        self.assertEqual(notes.hearers, [])
        self.assertEqual(notes.advice, ["no coverage from here on: OSError: no space left"])

    def test_one_that_cannot_begin_is_told(self) -> None:
        def make() -> Any:
            raise ImportError("too old")

        notes: Any = Heard()
        measures._begin("profiler", notes, make)
        self.assertEqual((notes.hearers, notes.advice), ([], ["no profiler from here on: ImportError: too old"]))


class ProfiledTest(unittest.TestCase):
    def test_counts_what_runs_between_busy_and_idle(self) -> None:
        with tempfile.TemporaryDirectory() as directory, patch.object(profiled, "DIRECTORY", directory):
            profile = Profiled()
            self.assertEqual(profiled.report(os.path.dirname(__file__), 0), [])
            _work()
            for _ in range(2):
                profile.hear("busy")
                _work()
                profile.hear("prompt")
                _work()
                profile.hear("busy")
                profile.hear("idle")
            lines = profiled.report(os.path.dirname(os.path.abspath(__file__)), 0)
        self.assertEqual(len(lines), 1)
        self.assertRegex(lines[0], r"^ +0\.000 s +2 calls  test_measures\.py:\d+ _work$")


def _work() -> None:
    pass
