"""Ctrl-C lands in the application's frame, also where the debugger runs on top of it."""

import bdb
import sys
import unittest

from wsgi_dev_runner import interrupted
from wsgi_dev_runner.interrupted import application_frame


def caught():
    return application_frame(sys._getframe())


class Tracing(bdb.Bdb):
    found = None

    def dispatch_line(self, frame):
        self.found = self.found or caught()
        return super().dispatch_line(frame)


class ApplicationFrame(unittest.TestCase):
    def test_it_is_the_frame_that_runs(self):
        self.assertIs(caught().f_code, caught.__code__)

    def test_what_looks_for_breakpoints_is_none_of_it(self):
        def view():
            return 1

        tracing = Tracing()
        tracing.runcall(view)
        self.assertIs(tracing.found.f_code, view.__code__)

    def test_the_end_of_another_prompt_is_none_of_it(self):
        # The session's handler, which lies in the runner's own files.
        names = {}
        exec(compile("def _on_interrupt(look): return look()", interrupted.__file__, "exec"), names)

        def view():
            return names["_on_interrupt"](caught)

        self.assertIs(view().f_code, view.__code__)


if __name__ == "__main__":
    unittest.main()
