"""The trace function lets go of what holds no breakpoint."""

import bdb
import sys
import unittest

from wsgi_dev_runner.stop.narrow import Narrow


def elsewhere():
    return 1


def held(number):
    result = number + 1  # here
    return result + elsewhere()


LINE = held.__code__.co_firstlineno + 1


class Debugger(bdb.Bdb):
    def __init__(self):
        super().__init__()
        self.looked_at = set()
        self.stopped_at = []

    def trace_dispatch(self, frame, event, arg):
        self.looked_at.add(frame.f_code.co_name)
        return super().trace_dispatch(frame, event, arg)

    def user_line(self, frame):
        self.stopped_at.append(frame.f_lineno)


class NarrowTrace(unittest.TestCase):
    def traced(self, lines):
        debugger = Debugger()
        debugger.reset()
        for line in lines:
            self.assertIsNone(debugger.set_break(__file__, line))
        frame = sys._getframe()
        debugger.botframe = frame
        debugger._set_stopinfo(frame, None, -1)
        before = sys.gettrace()
        Narrow(debugger).begin()
        try:
            held(1)
        finally:
            sys.settrace(before)
            debugger.clear_all_breaks()
        return debugger

    def test_only_the_function_with_a_breakpoint_is_handed_on(self):
        debugger = self.traced([LINE])
        self.assertEqual(debugger.looked_at, {"held"})
        self.assertEqual(debugger.stopped_at, [LINE])

    def test_without_breakpoints_nothing_is_traced(self):
        self.assertEqual(self.traced([]).looked_at, set())

    def test_a_function_of_the_same_file_is_let_go(self):
        debugger = self.traced([elsewhere.__code__.co_firstlineno + 1])
        self.assertEqual(debugger.looked_at, {"elsewhere"})


if __name__ == "__main__":
    unittest.main()
