"""A Ctrl-C that came as the main thread was on its way into its wait."""

import subprocess
import sys
import unittest

#: Counts the nudges; the line is another one after the third.
_SCRIPT = """
import os, signal, time
from wsgi_dev_runner.debuggers.nudge import nudge_readline

nudges = []
signal.signal(signal.SIGINT, lambda *_: None)
signal.signal(signal.SIGWINCH, lambda *_: nudges.append(1))
nudge_readline(lambda: {line})
os.kill(os.getpid(), signal.SIGINT)
until = time.monotonic() + 30
while len(nudges) < {wanted} and time.monotonic() < until:
    time.sleep(0.01)
# One more would come in this time.
time.sleep({quiet})
print(len(nudges))
"""


class Nudges(unittest.TestCase):
    def count(self, line: str, wanted: int, quiet: float) -> int:
        script = _SCRIPT.format(line=line, wanted=wanted, quiet=quiet)
        return int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True).stdout)

    def test_go_on_while_the_same_line_is_awaited(self) -> None:
        self.assertEqual(self.count("1", 4, 0), 4)

    def test_end_once_another_line_is_awaited(self) -> None:
        self.assertEqual(self.count("1 if len(nudges) < 3 else 2", 3, 0.5), 3)

    def test_are_not_sent_where_no_line_is_awaited(self) -> None:
        self.assertEqual(self.count("0", 0, 0.3), 0)
