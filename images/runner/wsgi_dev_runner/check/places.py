"""Whose a line of code is: the project's, a library's, Python's own or the runner's."""

import os
import sys
from types import FrameType, TracebackType
from typing import Optional

from .notes import Place

_RUNNER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_STDLIB = os.path.dirname(os.path.abspath(os.__file__))
_PACKAGES = {"site-packages", "dist-packages"}
#: They open the source of what they show, under whatever name it has.
_READERS = {"linecache.py", "tokenize.py", "traceback.py", "inspect.py"}


class Places:
    """Finds the project's line in a stack. The project lies below `root`."""

    def __init__(self, root: str) -> None:
        self._root = root + os.sep

    def is_own(self, filename: str) -> bool:
        """Whether it is a file of the project, and not of a package that was installed below it."""
        return filename.startswith(self._root) and not _PACKAGES & set(filename.split(os.sep))

    def nearest(self, frame: Optional[FrameType]) -> Optional[Place]:
        """The innermost line of the project, `via` what it called; None: it has no part in this."""
        via = ""
        while frame is not None:
            filename = frame.f_code.co_filename
            if self.is_own(filename):
                return Place(self.relative(filename), frame.f_lineno, via)
            if not via and not filename.startswith((_RUNNER, "<frozen")):
                via = str(frame.f_globals.get("__name__") or "").partition(".")[0]
            frame = frame.f_back
        return None

    def direct(self, frame: Optional[FrameType]) -> Optional[Place]:
        """The line of the project that did it itself; None: a library did."""
        while frame is not None and frame.f_code.co_filename.startswith(_RUNNER):
            frame = frame.f_back
        return self._of(frame)

    def beyond_stdlib(self, frame: Optional[FrameType]) -> Optional[Place]:
        """The line of the project that did it, itself or by Python's own library; None: another library did."""
        while frame is not None:
            filename = frame.f_code.co_filename
            if os.path.basename(filename) in _READERS or filename.startswith("<frozen importlib"):
                return None
            in_python = filename.startswith((_STDLIB, "<frozen")) and not _PACKAGES & set(filename.split(os.sep))
            if not in_python and not filename.startswith(_RUNNER):
                return self._of(frame)
            frame = frame.f_back
        return None

    def raised(self, traceback: Optional[TracebackType]) -> Optional[Place]:
        """The innermost line of the project in the traceback of an exception."""
        found = None
        while traceback is not None:
            filename = traceback.tb_frame.f_code.co_filename
            if self.is_own(filename):
                found = Place(self.relative(filename), traceback.tb_lineno)
            traceback = traceback.tb_next
        return found

    def relative(self, filename: str) -> str:
        """As a person names it."""
        return os.path.relpath(filename, self._root)

    def _of(self, frame: Optional[FrameType]) -> Optional[Place]:
        if frame is None or not self.is_own(frame.f_code.co_filename):
            return None
        return Place(self.relative(frame.f_code.co_filename), frame.f_lineno)


def caller() -> FrameType:
    """The frame that called the function that asks."""
    return sys._getframe(2)
