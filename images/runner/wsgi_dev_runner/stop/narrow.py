"""The trace function of a request in which nothing is stepped: it lets go at once of what holds no breakpoint.

bdb's own looks at each call for its breakpoints and for much else, and at each line of a file that has one.
"""

import sys
from bdb import Bdb
from types import CodeType, FrameType
from typing import Any, Set

from ..breakpoints import lines_of


class Narrow:
    """Hands to `debugger` only the functions that hold one of its breakpoints."""

    def __init__(self, debugger: Bdb) -> None:
        self._debugger = debugger
        #: The files without a breakpoint, by the name that code has: each call asks.
        self._without: Set[str] = set()

    def begin(self) -> None:
        """Trace what is called from here on, as far as there are breakpoints."""
        self._without = set()
        sys.settrace(self.trace if self._debugger.breaks else None)

    def trace(self, frame: FrameType, event: str, arg: Any) -> Any:
        """For sys.settrace."""
        code = frame.f_code
        if code.co_filename in self._without or not self.holds(code):
            return None
        return self._debugger.trace_dispatch(frame, event, arg)

    def holds(self, code: CodeType) -> bool:
        """Whether a breakpoint is in this very function."""
        lines = self._debugger.breaks.get(self._debugger.canonic(code.co_filename))
        if not lines:
            self._without.add(code.co_filename)
            return False
        # One that was set for a function by name is at its first line for bdb.
        return code.co_firstlineno in lines or not lines_of(code).isdisjoint(lines)
