"""The first pass: runs the application in plain Python, and watches what it does."""

import os
import sys
from typing import Optional

from ..sources import findings as sources_findings
from .limit import Limit
from .loaded import Loaded, load
from .notes import Notes, Place
from .order import Asked, Order
from .places import Places
from .request import ask
from .state import Changes, changed, snapshot
from .streams import Watch, watch_streams
from .tracing import Trace, in_words
from .watches import Watches, watch_process

#: Told of files by `sources`, and no leftover.
_NO_LEFTOVER = "wsgi.multi"
_PDB_WHY = "Without wsgi-dev nobody is there to answer: each exception ends in one more, or in a process that waits."


def observe(order: Order, notes: Notes, limit: Limit) -> None:
    """Loads it and makes each request three times: what only the first changes was made when it was needed."""
    places = Places(order.root)
    watches = Watches(notes, places, order.root)
    outside = _Outside(notes, watches)
    watch_streams(Watch(notes, places))
    watch_process(watches)
    notes.begin("import")
    with limit:
        loaded = load(order, notes)
    _sources(order, notes, places)
    if loaded is None:
        return
    watches.imported()
    outside.look(loaded.place)
    answered = []
    for request in order.requests:
        notes.begin(request.name)
        with limit, Trace(places) as trace:
            answer = ask(loaded.application, request, order.mount)
        watches.requested()
        outside.look(loaded.place)
        notes.tell("answer", request=request.name, status=answer.status)
        if answer.error is not None or answer.status >= 500:
            error = answer.error or (trace.raised[0] if trace.raised is not None else None)
            place = trace.raised[1] if trace.raised is not None else loaded.place
            words = f"ends with {in_words(error)}" if error is not None else f"answers {answer.status}"
            notes.find("error", place, f"{request.name} {words}")
        else:
            answered.append(request)
    for request in answered:
        notes.begin(request.name)
        with limit:
            _state(order, notes, places, loaded, request)
    notes.tell("modules", files=_own_files(places))


def _state(order: Order, notes: Notes, places: Places, loaded: Loaded, request: Asked) -> None:
    before = snapshot(places)
    ask(loaded.application, request, order.mount)
    names = changed(before, snapshot(places))
    if not names:
        return
    with Changes(places, names) as changes:
        ask(loaded.application, request, order.mount)
    # One that several modules import is one.
    for place, name in sorted({(place, name) for (_, name), place in changes.found.items()}):
        notes.find("state", place, f"each request changes `{name}`, a variable of its module")


def _own_files(places: Places) -> "list[str]":
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return sorted(file for file in files if isinstance(file, str) and places.is_own(file))


def _sources(order: Order, notes: Notes, places: Places) -> None:
    """What the source of the loaded modules says."""
    for file in _own_files(places):
        for key, text in sources_findings(file, order.root):
            where, _, words = text.partition(": ")
            shown, _, line = where.rpartition(":")
            if _NO_LEFTOVER not in key:
                more = {"why": _PDB_WHY} if " pdb " in key else {}
                notes.find("leftover", Place(shown, int(line)), words, **more)


class _Outside:
    """What comes to descriptor 1 by other ways than Python's: from C code, or from a program that was started."""

    def __init__(self, notes: Notes, watches: Watches) -> None:
        self._notes = notes
        self._watches = watches
        self._size = os.fstat(1).st_size

    def look(self, entry: Optional[Place]) -> None:
        """Whether something came since the last look."""
        size = os.fstat(1).st_size
        if size != self._size:
            by = self._watches.spawned
            text = "a program that it starts writes to stdout" if by is not None else "C code writes to stdout"
            self._notes.find("stdout", by or entry, text)
        self._size = size
        self._watches.spawned = None
