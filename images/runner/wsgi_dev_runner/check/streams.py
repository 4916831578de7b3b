"""sys.stdin and sys.stdout that tell which line of the project uses them."""

import io
import os
import sys
from typing import Any, Callable, Optional

from .notes import Notes, Place
from .places import Places, caller


class Watch:
    """Tells `notes` of each use of a stream. One read or write of text leads to one of bytes, which isn't told."""

    def __init__(self, notes: Notes, places: Places) -> None:
        self._notes = notes
        self._places = places
        self._within = False

    def used(self, kind: str, verb: str, inner: Callable[[], Any], frame: Any) -> Any:
        """Tell that the project, or a library for it, does `verb`, and let it."""
        if self._within:
            return inner()
        place = self._places.nearest(frame)
        if place is not None:
            self.tell(kind, verb, place)
        self._within = True
        try:
            return inner()
        finally:
            self._within = False

    def tested(self, name: str, frame: Any) -> bool:
        """isatty(): what a library asks for its own sake isn't told."""
        place = self._places.direct(frame)
        if place is not None:
            self.tell("isatty", f"asks whether {name} is a terminal", place)
        return False

    def tell(self, kind: str, verb: str, place: Optional[Place]) -> None:
        """A finding of `kind`."""
        through = f", through {place.via}" if place is not None and place.via else ""
        self._notes.find(kind, place, f"{verb}{through}")


_WRITES = "writes to stdout"
_READS = "reads from stdin"


class _OutBytes(io.BufferedWriter):
    watch: Watch

    def write(self, data: Any) -> int:
        written: int = self.watch.used("stdout", _WRITES, lambda: super(_OutBytes, self).write(data), caller())
        return written

    def isatty(self) -> bool:
        return self.watch.tested("stdout", caller())


class _Out(io.TextIOWrapper):
    watch: Watch

    def write(self, text: str) -> int:
        if text == "":
            return 0
        written: int = self.watch.used("stdout", _WRITES, lambda: super(_Out, self).write(text), caller())
        return written

    def isatty(self) -> bool:
        return self.watch.tested("stdout", caller())

    def fileno(self) -> int:
        return 1


class _InBytes(io.BufferedReader):
    watch: Watch

    def read(self, *size: Any) -> Any:
        return self.watch.used("stdin", _READS, lambda: super(_InBytes, self).read(*size), caller())

    def read1(self, *size: Any) -> Any:
        return self.watch.used("stdin", _READS, lambda: super(_InBytes, self).read1(*size), caller())

    def readline(self, *size: Any) -> Any:
        return self.watch.used("stdin", _READS, lambda: super(_InBytes, self).readline(*size), caller())

    def isatty(self) -> bool:
        return self.watch.tested("stdin", caller())


class _In(io.TextIOWrapper):
    watch: Watch

    def read(self, *size: Any) -> Any:
        return self.watch.used("stdin", _READS, lambda: super(_In, self).read(*size), caller())

    def readline(self, *size: Any) -> Any:
        return self.watch.used("stdin", _READS, lambda: super(_In, self).readline(*size), caller())

    def __next__(self) -> str:  # type: ignore[override]
        line: str = self.watch.used("stdin", _READS, lambda: super(_In, self).__next__(), caller())
        return line

    def isatty(self) -> bool:
        return self.watch.tested("stdin", caller())

    def fileno(self) -> int:
        return 0


def watch_streams(watch: Watch) -> None:
    """Puts them in place; what is written goes nowhere, and there is nothing to read."""
    out_bytes, in_bytes = _OutBytes(io.FileIO(os.devnull, "w")), _InBytes(io.FileIO(os.devnull, "r"))
    out = _Out(out_bytes, encoding="utf-8", write_through=True)
    in_ = _In(in_bytes, encoding="utf-8")
    for stream in (out_bytes, in_bytes, out, in_):
        stream.watch = watch
    sys.stdout = sys.__stdout__ = out  # type: ignore[misc]
    sys.stdin = sys.__stdin__ = in_  # type: ignore[misc]
    _watch_descriptors(watch)


def _watch_descriptors(watch: Watch) -> None:
    """The same of descriptors 0 and 1, as far as Python's os is asked."""
    write, read, isatty = os.write, os.read, os.isatty

    def watched_write(fd: int, data: Any) -> int:
        # What comes to descriptor 1 itself is looked at too: this has been told.
        written: int = watch.used("stdout", _WRITES, lambda: len(data), caller()) if fd == 1 else write(fd, data)
        return written

    def watched_read(fd: int, size: int) -> bytes:
        data: bytes = watch.used("stdin", _READS, lambda: read(fd, size), caller()) if fd == 0 else read(fd, size)
        return data

    def watched_isatty(fd: int) -> bool:
        return watch.tested(("stdin", "stdout")[fd], caller()) if fd in (0, 1) else isatty(fd)

    os.write, os.read, os.isatty = watched_write, watched_read, watched_isatty
