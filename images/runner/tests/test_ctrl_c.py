"""What Ctrl-C means to the server while a request is in C code."""

import types
import unittest
from typing import List
from unittest import mock

from wsgi_dev_runner import ctrl_c


class InCCode(unittest.TestCase):
    def pressed(self, *moments: float) -> List[str]:
        """What the server was told, pressed at these moments, in seconds."""
        told: List[str] = []
        server = types.SimpleNamespace(
            activity="busy",
            next=None,
            settings=types.SimpleNamespace(debugger="pdb", debug=True),
            signal=lambda number: told.append("stacks"),
            stop=lambda code: told.append("stop"),
        )
        keys = ctrl_c.CtrlC(server)
        clock = types.SimpleNamespace(monotonic=iter(moments).__next__)
        with mock.patch.object(ctrl_c, "time", clock), mock.patch.object(ctrl_c, "say"):
            for _ in moments:
                keys.on_press()
        return told

    def test_the_first_waits_for_the_prompt(self) -> None:
        self.assertEqual(self.pressed(100), [])

    def test_a_second_and_a_third_soon_after_show_the_stacks_and_end_it(self) -> None:
        self.assertEqual(self.pressed(100, 102.9, 105.8), ["stacks", "stop"])

    def test_of_those_that_come_later_each_is_a_first(self) -> None:
        self.assertEqual(self.pressed(100, 103.1, 106.2, 109.3), [])
        self.assertEqual(self.pressed(100, 101, 105, 106), ["stacks", "stacks"])
