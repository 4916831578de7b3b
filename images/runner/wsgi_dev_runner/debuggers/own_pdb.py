"""A debugger that the application makes for itself, by `pdb.Pdb()` or one of pdb's functions: on the console."""

import sys
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Iterable, Iterator, Optional

from ..stop.postmortem import chain
from ..stop.stops import Stops
from .debugger import Debugger

#: What is set at any prompt holds at all of them.
_SHARED = ("breaks", "commands", "commands_doprompt", "commands_silent", "_seen", "_told")


class OwnPdb(Debugger):
    """It steps by itself; its stops are those of `first`, the process's debugger, with their events."""

    first: Stops
    _is_nested = False

    def __init__(
        self,
        completekey: str = "tab",
        stdin: Any = None,
        stdout: Any = None,
        skip: Optional[Iterable[str]] = None,
        nosigint: bool = False,
        readrc: bool = True,
        **_options: Any,
    ) -> None:
        super().__init__(self.first.desk, skip=skip or (), readrc=readrc)
        for name in _SHARED:
            if hasattr(self.first, name):
                setattr(self, name, getattr(self.first, name))

    def reset(self) -> None:
        # What the application begins is a stop of its own, and no step of a person's.
        self._reason = "breakpoint"
        super().reset()

    def interaction(self, frame: Optional[FrameType], tb_or_exc: Any = None, **options: Any) -> None:
        error = _error_of(tb_or_exc) if frame is None and not self.first.at_prompt else None
        if error is not None:
            self.first.examine(error)
            return
        if frame is None:
            self._reason = "exception"
            self._headline = "A traceback without its exception"
        super().interaction(frame, tb_or_exc, **options)

    @contextmanager
    def _stopped(self, frame: FrameType, line: int, raised: Optional[TracebackType] = None) -> Iterator[None]:
        first = self.first
        if first.at_prompt:
            # Made at the prompt: a prompt within that stop.
            self._is_nested = True
            yield
            return
        for name, then in (("_reason", "step"), ("_headline", ""), ("_header", None)):
            setattr(first, name, getattr(self, name))
            setattr(self, name, then)
        with first._stopped(frame, line, raised):
            yield

    # -- the stop's state is that of `first`, and lines are always the console's

    is_step = property(lambda self: self._is_nested or self.first.is_step, lambda _self, _value: None)
    at_prompt = property(lambda self: self.first.at_prompt, lambda _self, _value: None)
    waiting = property(lambda self: self.first.waiting, lambda self, value: setattr(self.first, "waiting", value))
    lines = property(lambda self: self.first.lines, lambda self, value: setattr(self.first, "lines", value))
    use_rawinput = property(lambda _self: True, lambda _self, _value: None)

    def announce_prompt(self, prompt: str = "") -> None:
        self.first.announce_prompt(prompt)


def _error_of(traceback: Any) -> Optional[BaseException]:
    """The exception that `traceback` (or itself) belongs to; None where it isn't known."""
    if isinstance(traceback, BaseException):
        return traceback
    for error in (sys.exc_info()[1], getattr(sys, "last_exc", None), getattr(sys, "last_value", None)):
        for one in chain(error) if error is not None else ():
            entry = one.__traceback__
            while entry is not None:
                if entry is traceback:
                    return one
                entry = entry.tb_next
    return None
