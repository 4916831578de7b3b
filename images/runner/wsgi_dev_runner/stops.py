"""A stop, whichever of Python's debuggers shows it: the ways in, and the events around it."""

import bdb
import ctypes
import os
import sys
import threading
import time
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, Dict, Iterable, Iterator, List, Optional, Set

from .desk import Desk
from .evidence import evidence
from .introduction import introduce
from .kept import keep
from .narrow import Narrow
from .postmortem import chain, headline, innermost, is_failure, is_machinery, own_traceback
from .settings import STATE_DIRECTORY, remove_quietly, write_atomically

PAUSED = os.path.join(STATE_DIRECTORY, "paused.json")

#: Modules that a step doesn't lead into: the runner's own, and what finds and loads modules.
_SKIPPED = ("wsgi_dev_runner.*", "importlib", "importlib.*", "zipimport", "_distutils_hack", "__editable__*")

if TYPE_CHECKING:
    from pdb import Pdb as _Base
else:
    #: The debugger that this is mixed into: pdb, or another that is made of bdb.
    _Base = object


class Stops(_Base):
    """One for the process, so that breakpoints set at a stop hold for later requests."""

    #: What the supervisor is told of a stop: "prompt", where Ctrl-C is the debugger's, or "paused".
    activity = "prompt"

    def __init__(self, desk: Desk, skip: Iterable[str] = (), **options: Any) -> None:
        super().__init__(skip=[*_SKIPPED, *skip], **options)
        self.desk = desk
        self._narrow = Narrow(self)
        #: Exceptions of this request that were stopped at: frameworks raise one again, or another from it.
        self._seen: List[BaseException] = []
        #: Breakpoints that another thread came by.
        self._told: Set[str] = set()
        #: From a stop to its end, while commands run too.
        self.at_prompt = False
        #: The prompt is one of breakpoint() in a thread of the application's own.
        self.in_other_thread = False
        #: A line is awaited.
        self.waiting = False
        self._reason = "breakpoint"
        #: The stop is a step's end.
        self.is_step = False
        self._stops = 0
        self._headline = ""
        #: The place of the last stop, as its event names it.
        self._where: Dict[str, Any] = {}
        #: The breakpoints that were last written down for the process that follows.
        self.kept: List[Any] = []
        #: What the application has to say to a person at its next stop.
        self._header: Optional[str] = None

    # -- ways in

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
        self.botframe = _outermost(frame)
        self.set_step()
        sys.settrace(self.trace_dispatch)
        return self.trace_dispatch

    def interrupt(self, frame: FrameType) -> None:
        """Ctrl-C: open the prompt from within the signal's handler: a sleep goes on when it is left."""
        self._open(frame, "interrupt")

    def interrupt_soon(self, frame: FrameType) -> None:
        """Ctrl-C while the runner's own code runs, in `frame`: stop as the application's is entered."""
        sys.settrace(None)
        self.reset()
        self._reason = "interrupt"
        self.botframe = _outermost(frame)
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
        self.botframe = _outermost(frame)
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

    def _watch(self, frame: FrameType) -> None:
        """Stop at breakpoints, and at nothing else, in what `frame` and its callers call from here on."""
        self.reset()
        self.botframe = _outermost(frame)
        self._set_stopinfo(self.botframe, None, -1)  # type: ignore[attr-defined]
        self._narrow.begin()

    def _trace_from(self, frame: FrameType) -> None:
        """Let the step that was asked for at an interrupt's prompt happen in `frame` and its callers."""
        is_step = self.stoplineno != -1
        if is_step:
            sys.settrace(self.trace_dispatch)
        else:
            self._narrow.begin()
        walk: Any = frame
        while walk is not None and (is_step or self.breaks):
            if is_step or self._narrow.holds(walk.f_code):
                walk.f_trace = self.trace_dispatch
            walk = walk.f_back

    def set_continue(self) -> None:
        super().set_continue()
        if self.breaks:
            self._narrow.begin()

    # -- a stop

    def user_line(self, frame: FrameType) -> None:
        if getattr(self, "currentbp", False):
            self._reason = "breakpoint"
        # A step from here leads into whatever is called.
        sys.settrace(self.trace_dispatch)
        super().user_line(frame)
        # bdb sets it at each breakpoint that is reached and leaves it so.
        self.currentbp: Any = False

    def user_exception(self, frame: FrameType, exc_info: Any) -> None:
        _kind, error, traceback = exc_info
        if traceback is not None and traceback.tb_next is None:
            # Stepped to where it is raised: there is no second stop for it.
            self._seen.append(error)
        super().user_exception(frame, exc_info)

    def user_call(self, frame: FrameType, argument_list: Any) -> None:
        # A module isn't called: a step into one stops before its first line, which comes next.
        if frame.f_code.co_name != "<module>":
            super().user_call(frame, argument_list)

    def get_stack(self, f: Any, t: Any) -> Any:
        """The frames of the application: those of the server and of the import system say nothing."""
        stack, index = super().get_stack(f, t)
        own = [(number, entry) for number, entry in enumerate(stack) if not is_machinery(entry[0])]
        if not own:
            return stack, index
        before = sum(number <= index for number, _ in own)
        return [entry for _, entry in own], max(0, before - 1)

    def interaction(self, frame: Any, tb_or_exc: Any = None, **options: Any) -> None:
        if self.desk.forked is not None:
            self.desk.forked("a stop", frame or innermost(self._traceback_of(tb_or_exc)).tb_frame)
            self.set_continue()
            return
        if frame is None:
            entry = innermost(self._traceback_of(tb_or_exc))
            stopped = self._stopped(entry.tb_frame, entry.tb_lineno)
        else:
            stopped = self._stopped(frame, frame.f_lineno)
        with stopped:
            super().interaction(frame, tb_or_exc, **options)

    def _traceback_of(self, shown: Any) -> TracebackType:
        """The traceback in what `interaction` is given."""
        found: TracebackType = getattr(shown, "__traceback__", shown)
        return found

    @contextmanager
    def _stopped(self, frame: FrameType, line: int) -> Iterator[None]:
        desk, reason = self.desk, self._reason
        self.is_step = reason == "step"
        # What a stop leads to, unless something else says otherwise.
        self._reason = "step"
        self._stops += 1
        request = desk.request
        where = {
            "stop": self._stops,
            "file": desk.shown(frame.f_code.co_filename),
            "line": line,
            "function": frame.f_code.co_name,
            "request": request.id if request else None,
            "reason": reason,
        }
        self._where = where
        desk.notes.hold_terminal()
        # Ctrl-C may come in the midst of a print(): its stream takes no second call then.
        with suppress(RuntimeError):
            desk.console.flush()
        desk.console.forget()
        about: Dict[str, Any] = {"method": request.method, "path": request.path} if request else {}
        if desk.evidence:
            about.update(evidence(frame, line), exception=self._headline if reason == "exception" else None)
        elif desk.recorder is not None:
            about["exception"] = self._headline if reason == "exception" else None
        write_atomically(PAUSED, {**where, **about, "since": time.time()})
        desk.notes.send(self.activity)
        desk.emitter.emit("stop", **where)
        self.in_other_thread = threading.current_thread() is not threading.main_thread()
        self.at_prompt = True
        # What is printed at the prompt belongs to the console's memory of this stop.
        stdout, sys.stdout = sys.stdout, desk.console
        try:
            if not self.is_step:
                self._introduce(reason)
            yield
        finally:
            sys.stdout = stdout
            self.at_prompt = False
            keep(self)
            remove_quietly(PAUSED)
            desk.notes.release_terminal()
            desk.notes.send("busy" if request else "loading")
            desk.emitter.emit("resume", stop=self._stops, request=where["request"])

    def _introduce(self, reason: str) -> None:
        """Say which request it is that stopped, and of what."""
        request = self.desk.request
        if request is not None:
            self.message(introduce(request, self.desk.port))
        if reason == "exception":
            self.message(self._headline)
        if self._header is not None:
            self.message(self._header)
            self._header = None

    def announce_prompt(self, prompt: str = "") -> None:
        """A line, behind `prompt`, or a key is awaited from here on."""
        self.desk.emitter.emit("prompt", stop=self._stops, text=prompt)

    def cancel(self) -> None:
        """Ctrl-C at the prompt: the line is cancelled, or the command that runs is ended."""
        raise KeyboardInterrupt

    def tell_line(self, line: str) -> None:
        """`line` was typed: for a client that writes the session down."""
        if self.desk.recorder is None:
            return
        from .recorder import line_parts

        for text, more in line_parts(line):
            self.desk.emitter.emit("command", text=text, more=more)

    def place_of(self, frame: FrameType, line: Optional[int] = None) -> str:
        """FILE:LINE as the person knows it."""
        return f"{self.desk.shown(frame.f_code.co_filename)}:{line or frame.f_lineno}"

    def say(self, text: str) -> None:
        """A message of wsgi-dev's own."""
        self.message(f"wsgi-dev: {text}")

    def redraw(self) -> None:
        """Answer a terminal that was attached: always, so that it needn't wait for what doesn't come."""
        stop = self._stops if self.at_prompt else None
        self.desk.emitter.emit("redraw", part="begin", stop=stop)
        if self.at_prompt:
            self._show_again()
        where = {name: self._where[name] for name in ("file", "line")} if self.at_prompt else {}
        self.desk.emitter.emit("redraw", part="end", stop=stop, waiting=self.waiting, **where)

    def _show_again(self) -> None:
        """Print what the terminal shows of this stop."""
        raise NotImplementedError


def _outermost(frame: FrameType) -> FrameType:
    while frame.f_back is not None:
        frame = frame.f_back
    return frame


def _keep_locals(frame: FrameType) -> None:
    """Let assignments made at the prompt reach the variables of `frame`: outside a trace function, before Python 3.13,
    nothing else does."""
    if sys.version_info < (3, 13):
        ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
