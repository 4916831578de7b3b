"""Reads what faulthandler wrote."""

import os
import re
from typing import Optional

from .notes import Place
from .places import Places

_LINE = re.compile(r'^  File "(.+)", line (\d+) in ', re.M)


def innermost(stacks: str, root: str) -> Optional[Place]:
    """The innermost line of the project in the thread that waits or crashed; else in any other."""
    places = Places(root)
    threads = re.split(r"^(?=(?:Current thread|Thread) )", stacks, flags=re.M)
    # Of a time-out the main thread comes last, of a crash the current one is named so.
    ordered = sorted(threads, key=lambda text: not text.startswith("Current"))
    for text in ordered if "Current thread" in stacks else reversed(threads):
        for filename, line in _LINE.findall(text):
            if places.is_own(filename):
                return Place(os.path.relpath(filename, root), int(line))
    return None
