"""A stop, from its first line to the last command: the events around it, and what is said of it."""

import os
import sys
import threading
import time
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType
from typing import Any, Dict, Iterable, Iterator, List, Optional

from ..desk import Desk
from ..kept import keep
from ..middleware import Request
from ..settings import STATE_DIRECTORY, remove_quietly, write_atomically
from .evidence import evidence, own_place
from .introduction import introduce
from .postmortem import innermost
from .tracing import Tracing

PAUSED = os.path.join(STATE_DIRECTORY, "paused.json")


def _guarded(request: Request) -> Dict[str, str]:
    """What a script that guards the application, or chooses it, was asked about: no `request` event has told that."""
    return {"method": request.method, "path": request.path}


class AtStop(Tracing):
    """Whichever of Python's debuggers shows it."""

    #: What the supervisor is told of a stop: "prompt", where Ctrl-C is the debugger's, or "paused".
    activity = "prompt"

    def __init__(self, desk: Desk, skip: Iterable[str] = (), **options: Any) -> None:
        super().__init__(skip=skip, **options)
        self.desk = desk
        #: From a stop to its end, while commands run too.
        self.at_prompt = False
        #: The prompt is one of breakpoint() in a thread of the application's own.
        self.in_other_thread = False
        #: A line is awaited.
        self.waiting = False
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

    def interaction(self, frame: Any, tb_or_exc: Any = None, **options: Any) -> None:
        if self.desk.forked is not None:
            self.desk.forked("a stop", frame or innermost(self._traceback_of(tb_or_exc)).tb_frame)
            self.set_continue()
            return
        if frame is None:
            raised = self._traceback_of(tb_or_exc)
            entry = innermost(raised)
            stopped = self._stopped(entry.tb_frame, entry.tb_lineno, raised)
        else:
            stopped = self._stopped(frame, frame.f_lineno)
        with stopped:
            super().interaction(frame, tb_or_exc, **options)

    def _traceback_of(self, shown: Any) -> TracebackType:
        """The traceback in what `interaction` is given."""
        found: TracebackType = getattr(shown, "__traceback__", shown)
        return found

    @contextmanager
    def _stopped(self, frame: FrameType, line: int, raised: Optional[TracebackType] = None) -> Iterator[None]:
        """`raised`: the traceback whose innermost entry it is."""
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
            "request": request.id if request and request.is_whole else None,
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
            about.update(evidence(frame, line), own=own_place(frame, line, raised, desk.root))
            about["exception"] = self._headline if reason == "exception" else None
        elif desk.recorder is not None:
            about["exception"] = self._headline if reason == "exception" else None
        write_atomically(PAUSED, {**where, **about, "since": time.time()})
        desk.notes.send(self.activity)
        desk.emitter.emit("stop", **where, **({} if request is None or request.is_whole else _guarded(request)))
        self.in_other_thread = threading.current_thread() is not threading.main_thread()
        self.at_prompt = True
        # What is printed at the prompt belongs to the console's memory of this stop, and not to the error log.
        streams = sys.stdout, sys.stderr
        console: Any = desk.console
        sys.stdout = sys.stderr = console
        try:
            if not self.is_step:
                self._introduce(reason)
            yield
        finally:
            sys.stdout, sys.stderr = streams
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
        """`line` was typed: for a client that writes the session down, or types it."""
        if self.desk.recorder is None and not self.desk.evidence:
            return
        from ..recorder import line_parts

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
