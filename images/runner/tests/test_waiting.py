"""The count of requests that wait, as the supervisor writes it down."""

import contextlib
import json
import os
import socket
import tempfile
import time
import unittest
from unittest import mock

from wsgi_dev_runner.waiting import Waiting


class WaitingTest(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.file = os.path.join(stack.enter_context(tempfile.TemporaryDirectory()), "waiting.json")
        stack.enter_context(mock.patch("wsgi_dev_runner.waiting.WAITING", self.file))
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=8))
        for _ in range(2):
            stack.enter_context(socket.create_connection(listening.getsockname()))
        self.waiting = Waiting(f"127.0.0.1:{listening.getsockname()[1]}")

    def told(self):
        try:
            with open(self.file, encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def seconds_to_the_look(self):
        return self.waiting.look_at - time.monotonic()

    def test_a_stop_is_looked_at_soon_and_then_each_second(self):
        self.waiting.on_activity("prompt")
        self.assertLessEqual(self.seconds_to_the_look(), 0.1)
        self.waiting.look()
        self.assertEqual(2, self.told())
        self.assertTrue(0.1 < self.seconds_to_the_look() <= 1)

    def test_a_line_that_is_answered_at_once_costs_no_look(self):
        with mock.patch.object(self.waiting, "look") as look:
            self.waiting.on_activity("prompt")
            self.waiting.on_activity("busy")
        look.assert_not_called()
        self.assertIsNone(self.waiting.look_at)

    def test_nothing_is_told_once_the_program_goes_on(self):
        self.waiting.on_activity("paused")
        self.waiting.look()
        self.waiting.on_activity("busy")
        self.assertIsNone(self.told())
        self.assertIsNone(self.waiting.look_at)


if __name__ == "__main__":
    unittest.main()
