"""The breakpoints that were set from outside: with --break, in wsgi-dev.yaml, or by `wsgi-dev break` while it runs."""

from __future__ import annotations

import json
import os
import sys

from .settings import STATE_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional

    from .breakpoints import Breakpoint, Monitor
    from .stop.stops import Stops

#: A list of breakpoints as text; the client replaces the file while the server runs.
BREAKS = os.path.join(STATE_DIRECTORY, "breaks.json")
_TOO_LATE = "{} ran as its file was loaded: it stops there at the next load (save the file, or `wsgi-dev restart`)"


class Breaks:
    """Keeps the process's breakpoints as the file has them."""

    def __init__(self, debugger: Callable[[], Stops]) -> None:
        self._debugger = debugger
        self._read_at = 0
        self._found: Optional[List[Breakpoint]] = None
        self._monitor: Optional[Monitor] = None

    def follow(self) -> None:
        """Take over what changed since the last call: one stat() as each request begins, when nothing did."""
        try:
            saved_at = os.stat(BREAKS).st_mtime_ns
        except FileNotFoundError:
            return
        if saved_at == self._read_at:
            return
        self._read_at = saved_at
        with open(BREAKS, encoding="utf-8") as file:
            self._set(json.load(file))

    def again(self) -> None:
        """Look the places up anew with the next `follow`: the application's file was loaded again."""
        self._read_at = 0

    def _set(self, specs: Iterable[str]) -> None:
        specs = list(specs)
        if not specs and self._found is None:
            return
        from .breakpoints import BreakpointError, Monitor, resolve

        debugger = self._debugger()
        found: List[Breakpoint] = []
        for spec in specs:
            try:
                found.append(resolve(spec, debugger.desk.root))
            except BreakpointError as error:
                debugger.say(str(error))
        before, self._found = self._found or [], found
        for one in found:
            if one.at_load and one not in before and _is_loaded(one.file):
                debugger.say(_TOO_LATE.format(f"{debugger.desk.shown(one.file)}:{one.line}"))
        if sys.version_info >= (3, 12):
            self._monitor = self._monitor or Monitor(debugger.break_in, debugger.say)
            self._monitor.set(found)
            return
        import linecache

        # It refuses a line that the file had not when it was last shown.
        linecache.checkcache()
        # Those that were set at the prompt stay.
        for one in before:
            debugger.clear_break(one.file, one.line)
        for one in found:
            if debugger.set_break(one.file, one.line, cond=one.condition, funcname=one.function) is None:
                mine: Any = debugger.get_breaks(one.file, one.line)[-1]
                mine.is_outside = True


def _is_loaded(file: str) -> bool:
    return any(getattr(module, "__file__", None) == file for module in list(sys.modules.values()))
