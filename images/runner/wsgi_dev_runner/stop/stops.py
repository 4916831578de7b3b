"""The ways in to a stop, whichever of Python's debuggers shows it."""

import bdb
import sys
import threading
from types import FrameType, TracebackType
from typing import Any, Iterable, Optional, Set

from ..desk import Desk
from .at_stop import AtStop
from .postmortem import chain, headline, is_failure, own_traceback
from .tracing import outermost


class Stops(AtStop):
    """One for the process, so that breakpoints set at a stop hold for later requests."""

    def __init__(self, desk: Desk, skip: Iterable[str] = (), **options: Any) -> None:
        super().__init__(desk, skip, **options)
        #: Breakpoints that another thread came by.
        self._told: Set[str] = set()

    def set_trace(
        self, frame: Any = None, *, header: Optional[str] = None, commands: Iterable[str] = (), **_options: Any
    ) -> None:
        """Stop at the next line of `frame`: what breakpoint() does. `commands` are run there."""
        frame = frame or sys._getframe(1)
        if self.desk.forked is not None:
            self.desk.forked("breakpoint()", frame)
            return
        self._header = header
        if commands:
            self.rcLines.extend(commands)
        # With breakpoints set the request is traced already: it would stop in bdb's own preparations.
        sys.settrace(None)
        self._reason = "breakpoint"
        super().set_trace(frame)
        if frame.f_trace_opcodes:
            # pdb stops at the very next instruction since Python 3.13. Beside breakpoints of sys.monitoring, code that
            # runs already hears of that only when it is said again.
            frame.f_trace_opcodes = False
            frame.f_trace_opcodes = True

    def stop_at_start(self, frame: FrameType) -> Any:
        """Stop at the next line, which is the first of `frame` and of the application; the trace function for it."""
        self.reset()
        self._reason = "start"
        self._header = "Nothing of the application has run yet"
        self.botframe = outermost(frame)
        self.set_step()
        sys.settrace(self.trace_dispatch)
        return self.trace_dispatch

    def on_reload(self) -> None:
        """The application's own file is loaded anew: what pdb (from 3.13 on) shows of it isn't older than what runs."""
        getattr(self, "_file_mtime_table", {}).clear()

    def interrupt(self, frame: FrameType) -> None:
        """Ctrl-C: open the prompt from within the signal's handler: a sleep goes on when it is left."""
        self._open(frame, "interrupt")

    def interrupt_soon(self, frame: FrameType) -> None:
        """Ctrl-C while the runner's own code runs, in `frame`: stop as the application's is entered."""
        sys.settrace(None)
        self.reset()
        self._reason = "interrupt"
        self.botframe = outermost(frame)
        self.set_step()
        sys.settrace(self.trace_dispatch)

    def break_in(self, frame: FrameType) -> None:
        """A breakpoint that stands in no source was reached in `frame`."""
        if threading.current_thread() is not threading.main_thread():
            self._passed(frame)
            return
        self._open(frame, "breakpoint")

    def _passed(self, frame: FrameType) -> None:
        """Only the thread that serves requests can stop: say where another one came by, once for each line."""
        place = self.place_of(frame)
        if place in self._told:
            return
        self._told.add(place)
        name = threading.current_thread().name
        self.say(f"{place} was passed in the thread {name}: only the thread that serves requests stops")

    def _open(self, frame: FrameType, reason: str) -> None:
        """Open the prompt here and now, and let a step that is asked for there happen in `frame` and its callers."""
        sys.settrace(None)
        self.reset()
        self._reason = reason
        # bdb takes "continue" as "stop nowhere above this frame": without one it would stop everywhere.
        self.botframe = outermost(frame)
        self.interaction(frame, None)
        _keep_locals(frame)
        if self.quitting:
            raise bdb.BdbQuit
        self._trace_from(frame)

    def examine(self, error: BaseException) -> None:
        """Stop where `error` was raised, once for it and for what is raised from it; then it goes its way."""
        entry = self._new_failure(error)
        if entry is None:
            return
        sys.settrace(None)
        self.reset()
        self._reason = "exception"
        self._headline = headline(error, self.desk.colors)
        whole, error.__traceback__ = error.__traceback__, entry
        try:
            self._interact_post_mortem(error, entry)
        finally:
            error.__traceback__ = whole
            # Nothing runs here that could be stepped.
            self._watch(sys._getframe())

    def _new_failure(self, error: BaseException) -> Optional[TracebackType]:
        """The application's part of the traceback of `error`, if there is to be a stop for it; seen from here on."""
        if not is_failure(error):
            return None
        is_known = any(one is seen for one in chain(error) for seen in self._seen)
        entry = own_traceback(error)
        if is_known or entry is None or self.at_prompt:
            return None
        self._seen.append(error)
        return entry

    def _interact_post_mortem(self, error: BaseException, entry: TracebackType) -> None:
        """Show `error`, whose traceback begins with `entry`."""
        raise NotImplementedError

    def arm(self, frame: FrameType) -> None:
        """A request begins: breakpoints set at an earlier prompt hold in it too."""
        self._seen.clear()
        if self.breaks:
            self._watch(frame)


def _keep_locals(frame: FrameType) -> None:
    """Let assignments made at the prompt reach the variables of `frame`: outside a trace function, before Python 3.13,
    nothing else does."""
    if sys.version_info < (3, 13):
        import ctypes

        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
