"""Where Ctrl-C came in: the application's frame, whatever of the debugger's runs on top of it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Optional

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
#: What begins in the midst of the application: the look for breakpoints, a prompt that is just being left.
_ASIDE = ("trace_dispatch", "_on_start", "_on_line", "_on_interrupt", "report")


def application_frame(frame: Optional[FrameType]) -> Optional[FrameType]:
    """The innermost frame below `frame` that is no part of the debugger; None when no application runs."""
    bdb = sys.modules.get("bdb")
    files = (_PACKAGE, bdb.__file__) if bdb is not None and bdb.__file__ else (_PACKAGE,)
    found = walk = frame
    while walk is not None:
        if walk.f_code.co_name in _ASIDE and walk.f_code.co_filename.startswith(files):
            found = walk.f_back
        walk = walk.f_back
    while found is not None and found.f_code.co_filename.startswith(_PACKAGE):
        found = found.f_back
    return found
