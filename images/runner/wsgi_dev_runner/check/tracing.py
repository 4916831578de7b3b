"""What the project's code raised and where it last returned, also where a framework swallows both."""

import sys
from types import FrameType, TracebackType
from typing import Any, Dict, Optional, Tuple

from .notes import Place
from .places import Places


class Trace:
    """Traces the project's frames of this thread, within a `with`."""

    def __init__(self, places: Places) -> None:
        self._places = places
        #: The last exception that came by a line of the project: the exception, and its innermost such line.
        self.raised: Optional[Tuple[BaseException, Place]] = None
        #: Where a function of the project last returned or yielded.
        self.returned: Optional[Place] = None
        #: What they returned, by its identity, with the first place that did.
        self.origins: Dict[int, Place] = {}

    def __enter__(self) -> "Trace":
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, arg: Any) -> Any:
        if not self._places.is_own(frame.f_code.co_filename):
            return None
        frame.f_trace_lines = False
        return self._local

    def _local(self, frame: FrameType, event: str, arg: Any) -> Any:
        if event == "exception":
            error, traceback = arg[1], arg[2]
            is_known = self.raised is not None and self.raised[0] is error
            if not is_known and not isinstance(error, (StopIteration, GeneratorExit)):
                place = self._places.raised(traceback)
                if isinstance(error, BaseException) and place is not None:
                    self.raised = (error, place)
        elif event == "return":
            self.returned = self._places.direct(frame)
            if self.returned is not None and arg is not None:
                self.origins.setdefault(id(arg), self.returned)
        return self._local


def innermost_file(traceback: Optional[TracebackType]) -> str:
    """Where an exception was raised."""
    filename = ""
    while traceback is not None:
        filename = traceback.tb_frame.f_code.co_filename
        traceback = traceback.tb_next
    return filename


def in_words(error: BaseException) -> str:
    """TypeError: …, in one line."""
    text = " ".join(str(error).split())[:200]
    name = type(error).__name__
    return f"{name}: {text}" if text else name
