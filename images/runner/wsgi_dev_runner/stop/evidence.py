"""What a stop leaves for a report: the source around it and the local variables, as text."""

import reprlib
from types import FrameType
from typing import Any, Dict, List

from .introduction import first_line, source_around

#: So many variables are described.
_MOST = 100


def evidence(frame: FrameType, line: int) -> Dict[str, List[Any]]:
    """{"source": [[line, text], …], "locals": [[name, value], …]}; names in the order in which they were bound."""
    source = source_around(frame.f_code.co_filename, line, frame.f_globals)
    # A module's own names are its globals: they would tell more than anybody reads.
    names = {} if frame.f_code.co_name == "<module>" else frame.f_locals
    return {
        "source": [[number, text.rstrip("\r\n")] for number, text in enumerate(source, first_line(line))],
        "locals": [[name, _described(value)] for name, value in list(names.items())[:_MOST]],
    }


def _described(value: Any) -> str:
    """Its repr, shortened; of one that raises, the name of its class."""
    shortened = reprlib.Repr()
    shortened.maxstring = shortened.maxother = 300
    shortened.maxlist = shortened.maxtuple = shortened.maxdict = shortened.maxset = 20
    return shortened.repr(value)
