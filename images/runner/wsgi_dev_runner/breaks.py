"""The breakpoints that were set from outside: with --break, in wsgi-dev.yaml, or by `wsgi-dev break` while it runs."""

import json
import os
import sys
from typing import Iterable, List

from .breakpoints import Breakpoint, BreakpointError, Monitor, resolve
from .debugger import Debugger
from .settings import STATE_DIRECTORY

#: A list of breakpoints as text; the client replaces the file while the server runs.
BREAKS = os.path.join(STATE_DIRECTORY, "breaks.json")


class Breaks:
    """Keeps the process's breakpoints as the file has them."""

    def __init__(self, debugger: Debugger) -> None:
        self._debugger = debugger
        self._read_at = 0
        self._monitor = Monitor(debugger.break_in, debugger.say) if sys.version_info >= (3, 12) else None

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

    def _set(self, specs: Iterable[str]) -> None:
        found: List[Breakpoint] = []
        for spec in specs:
            try:
                found.append(resolve(spec, self._debugger.desk.root))
            except BreakpointError as error:
                self._debugger.say(str(error))
        if self._monitor is not None:
            self._monitor.set(found)
            return
        self._debugger.clear_all_breaks()
        for one in found:
            self._debugger.set_break(one.file, one.line, cond=one.condition)
