"""What a stop leaves for a report: the source around it and the local variables, as text."""

import os
import reprlib
from types import FrameType, TracebackType
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ..prompt.where import is_in_project
from .introduction import first_line, source_around

#: So many variables are described.
_MOST = 100


def evidence(frame: FrameType, line: int) -> Dict[str, List[Any]]:
    """{"source": [[line, text], …], "locals": [[name, value], …]}; names in the order in which they were bound."""
    # A module's own names are its globals: they would tell more than anybody reads.
    names = {} if frame.f_code.co_name == "<module>" else frame.f_locals
    return {
        "source": _source(frame, line),
        "locals": [[name, _described(value)] for name, value in list(names.items())[:_MOST]],
    }


def own_place(frame: FrameType, line: int, raised: Optional[TracebackType], root: str) -> Optional[Dict[str, Any]]:
    """{"file", "line", "source"} of the project's line that is the nearest to a stop outside of it; None within it."""
    if is_in_project(frame.f_code.co_filename, root):
        return None
    for caller, at in _callers(frame, line) if raised is None else reversed(list(_entries(raised))):
        file = caller.f_code.co_filename
        if is_in_project(file, root):
            return {"file": os.path.relpath(file, root), "line": at, "source": _source(caller, at)}
    return None


def _callers(frame: Optional[FrameType], line: int) -> Iterator[Tuple[FrameType, int]]:
    while frame is not None:
        yield frame, line
        frame = frame.f_back
        line = frame.f_lineno if frame is not None else 0


def _entries(entry: Optional[TracebackType]) -> Iterator[Tuple[FrameType, int]]:
    while entry is not None:
        yield entry.tb_frame, entry.tb_lineno
        entry = entry.tb_next


def _source(frame: FrameType, line: int) -> List[Any]:
    source = source_around(frame.f_code.co_filename, line, frame.f_globals)
    return [[number, text.rstrip("\r\n")] for number, text in enumerate(source, first_line(line))]


def _described(value: Any) -> str:
    """Its repr, shortened; of one that raises, the name of its class."""
    shortened = reprlib.Repr()
    shortened.maxstring = shortened.maxother = 300
    shortened.maxlist = shortened.maxtuple = shortened.maxdict = shortened.maxset = 20
    return shortened.repr(value)
