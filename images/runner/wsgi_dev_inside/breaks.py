"""`break`: the breakpoints of the running server, which follows the file that has them."""

from __future__ import annotations

import re
from typing import List, Optional

from .fault import USAGE, Fault
from .places import Places
from .project import Project
from .running import leave, read, server

_PLACE = re.compile(r"[^:]+:([1-9]\d*|[^\W\d]\w*(\.[^\W\d]\w*)*)(\s+if\s+\S.*)?$")


def checked(place: str) -> str:
    """`place` as it is kept; a Fault where it is none."""
    if _PLACE.match(place.strip()) is None:
        raise Fault(f"{place}: expected FILE:LINE or MODULE:FUNCTION", "Such as shop/views.py:42 if total > 10.", USAGE)
    return place.strip()


def change_breaks(project: Project, place: Optional[str], clear: bool) -> int:
    """List, set or clear; prints those that are set then."""
    places = Places(project.directory)
    if server(places) is None:
        raise Fault(f"{project.name} is not running", "Start it with `wsgi-dev up --debug`.")
    state = read(places, "state.json") or {}
    if state.get("mode") != "debug":
        raise Fault(f"{project.name} runs in serve mode, where nothing can stop", "`wsgi-dev down`, then `up --debug`.")
    if state.get("debugger") == "debugpy":
        raise Fault(f"The breakpoints of {project.name} are the editor's: its debugger is debugpy")
    before: List[str] = read(places, "breaks.json") or []
    wanted = before
    if place is not None:
        name = place.strip()
        wanted = [one for one in before if one != name and not one.startswith(f"{name} if ")]
        if clear and wanted == before:
            raise Fault(f"No breakpoint is set at {place}", "List them with `wsgi-dev break`.")
        wanted = wanted if clear else [*wanted, checked(place)]
    elif clear:
        wanted = []
    if wanted != before:
        leave(places, "breaks.json", wanted)
    for one in wanted:
        print(one)
    return 0
