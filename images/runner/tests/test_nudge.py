"""A Ctrl-C that came as the main thread was on its way into its wait."""

import os
import pty
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
nudge_readline(lambda: {line}, lambda: False)
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


#: Ctrl-C comes as readline is about to wait for keys.
_LINE = """
import os, signal
from wsgi_dev_runner.console import Console
from wsgi_dev_runner.debuggers.nudge import nudge_readline

console = Console(history=False)
console.takes_ctrl_c = True
signal.signal(signal.SIGINT, lambda *_: console.cancel())
signal.signal(signal.SIGWINCH, lambda *_: None)
nudge_readline(lambda: 1, console.dropped)
signal.alarm(30)
told = []
def waiting():
    os.kill(os.getpid(), signal.SIGINT)
    told.append("all")
try:
    console.read_line("> ", waiting)
except KeyboardInterrupt:
    print("cancelled", told)
"""


class EarlyCtrlC(unittest.TestCase):
    def test_before_the_first_prompt_of_a_stop_ends_nothing(self) -> None:
        script = "from wsgi_dev_runner.console import Console; Console(history=False).cancel()"
        subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    def test_cancels_the_line_though_readline_drops_what_its_hook_raises(self) -> None:
        ours, theirs = pty.openpty()
        with subprocess.Popen([sys.executable, "-c", _LINE], stdin=theirs, stdout=theirs, stderr=theirs) as process:
            process.wait()
            os.close(theirs)
            said = os.read(ours, 65536).decode()
            os.close(ours)
        self.assertIn("cancelled ['all']", said)
