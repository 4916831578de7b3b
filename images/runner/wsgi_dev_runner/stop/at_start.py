"""--break-at-start: a stop before the first line of the project's own code, wherever that is."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Callable

    from .stops import Stops


def stop_at_start(debugger: Callable[[], Stops], root: str) -> None:
    """From here on whatever of the project in `root` runs first stops: until sys.settrace(None)."""
    inside = root + os.sep

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(inside) or _is_passed(code):
            return None
        return debugger().stop_at_start(frame)

    sys.settrace(trace)


def _is_passed(code: CodeType) -> bool:
    """Others' code, and a module without a statement, such as most __init__.py; a docstring is none."""
    is_empty = code.co_name == "<module>" and not set(code.co_names) - {"__doc__"}
    return is_empty or f"{os.sep}site-packages{os.sep}" in code.co_filename
