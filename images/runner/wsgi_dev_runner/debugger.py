"""pdb on the console of an Apache process: Python's own debugger, with events, redrawing and Ctrl-C."""

import bdb
import cmd
import code
import ctypes
import os
import pdb
import sys
import time
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, Iterator

from .settings import STATE_DIRECTORY, remove_quietly, write_atomically

if TYPE_CHECKING:
    from .session import DebugSession

PAUSED = os.path.join(STATE_DIRECTORY, "paused.json")


class Debugger(pdb.Pdb):
    """One for the process, so that breakpoints set at the prompt hold for later requests."""

    def __init__(self, session: "DebugSession") -> None:
        # nosigint: pdb's own Ctrl-C handler would wait for a sleep to end (PEP 475).
        super().__init__(stdout=session.console, skip=["wsgi_dev_runner.*"], nosigint=True)  # type: ignore[arg-type]
        self.use_rawinput = True
        self.session = session
        #: From a stop to its end, while commands run too.
        self.at_prompt = False
        #: A line is awaited.
        self._waiting = False
        self._reason = "breakpoint"
        self._stops = 0
        # cmd, pdb (statements of several lines) and code (the interact command) each ask for lines with input().
        for module in (cmd, pdb, code):
            module.input = self._input  # type: ignore[attr-defined]

    # -- ways in

    def set_trace(self, frame: Any = None, **_options: Any) -> None:
        """Stop at the next line of `frame`: what breakpoint() does."""
        # With breakpoints set the request is traced already: it would stop in bdb's own preparations.
        sys.settrace(None)
        self._reason = "breakpoint"
        super().set_trace(frame or sys._getframe(1))

    def interrupt(self, frame: FrameType) -> None:
        """Open the prompt here and now, from within a signal handler: a sleep goes on when it is left."""
        sys.settrace(None)
        self.reset()
        self._reason = "interrupt"
        self.interaction(frame, None)
        _keep_locals(frame)
        if self.quitting:
            raise bdb.BdbQuit
        self._trace_from(frame)

    def arm(self, frame: FrameType) -> None:
        """A request begins: breakpoints set at an earlier prompt hold in it too."""
        if self.breaks:
            self.reset()
            self.botframe = frame
            self._set_stopinfo(frame, None, -1)  # type: ignore[attr-defined]
            sys.settrace(self.trace_dispatch)

    def disarm(self) -> None:
        """A request ends: stepping over its last line doesn't lead into the server."""
        sys.settrace(None)

    def _trace_from(self, frame: FrameType) -> None:
        """Let the step that was asked for at an interrupt's prompt happen in `frame` and its callers."""
        if self.stoplineno == -1 and not self.breaks:
            return
        walk: Any = frame
        while walk is not None:
            walk.f_trace = self.trace_dispatch
            self.botframe = walk
            walk = walk.f_back
        sys.settrace(self.trace_dispatch)

    # -- a stop

    def interaction(self, frame: Any, traceback: Any) -> None:
        with self._stopped(frame):
            super().interaction(frame, traceback)

    @contextmanager
    def _stopped(self, frame: Any) -> Iterator[None]:
        session, reason = self.session, self._reason
        self._reason = "step"
        self._stops += 1
        request = session.request
        where = {
            "stop": self._stops,
            "file": _shown(frame.f_code.co_filename, session.loader.root),
            "line": frame.f_lineno,
            "function": frame.f_code.co_name,
            "request": request.id if request else None,
            "reason": reason,
        }
        session.console.flush()
        session.console.forget()
        about = {"method": request.method, "path": request.path} if request else {}
        write_atomically(PAUSED, {**where, **about, "since": time.time()})
        session.notes.send("prompt")
        session.emitter.emit("stop", **where)
        self.at_prompt = True
        # What is printed at the prompt belongs to the console's memory of this stop.
        stdout, sys.stdout = sys.stdout, session.console
        try:
            yield
        finally:
            sys.stdout = stdout
            self.at_prompt = False
            remove_quietly(PAUSED)
            session.notes.send("busy" if request else "loading")
            session.emitter.emit("resume", stop=self._stops, request=where["request"])

    def _input(self, prompt: str = "") -> str:
        if not self.at_prompt:
            return input(prompt)
        self.session.emitter.emit("prompt", stop=self._stops)
        self._waiting = True
        try:
            return self.session.console.read_line(prompt)
        finally:
            self._waiting = False

    def redraw(self) -> None:
        """Answer a terminal that was attached: always, so that it needn't wait for what doesn't come."""
        stop = self._stops if self.at_prompt else None
        self.session.emitter.emit("redraw", part="begin", stop=stop)
        if self.at_prompt:
            self.session.console.redraw(with_line=self._waiting)
        self.session.emitter.emit("redraw", part="end", stop=stop, waiting=self._waiting)

    # -- commands that differ from pdb's

    def do_quit(self, arg: str) -> bool:
        """q(uit) | exit

        End this request with a 500; the server goes on.
        """
        # Python 3.14 asks y/n here and then ends the process, which is Apache.
        self._user_requested_quit = True
        self.set_quit()
        return True

    do_q = do_quit
    do_exit = do_quit

    def do_EOF(self, arg: str) -> bool:
        """Ctrl-D: the same as quit."""
        self.message("")
        return self.do_quit(arg)


def _keep_locals(frame: FrameType) -> None:
    """Let assignments made at the prompt reach the variables of `frame`: outside a trace function, before Python 3.13,
    nothing else does."""
    if sys.version_info < (3, 13):
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))


def _shown(filename: str, root: str) -> str:
    """`filename` as the person knows it: relative to the project where it lies in it."""
    return os.path.relpath(filename, root) if filename.startswith(root + os.sep) else filename
