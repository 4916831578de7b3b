"""In a process of mod_wsgi: the application of a pass, with notes of what it raises and of what it is refused."""

import faulthandler
import os
import sys
from typing import Any, Callable, Dict, Iterable, List, Tuple

from ..settings import STACKS_SIGNAL
from .loaded import load
from .notes import Notes, Place
from .order import read_order
from .places import Places, caller
from .tracing import Trace, in_words

Start = Callable[..., Any]
#: Says which of the requests it is; the application doesn't see it.
ASKED = "X-Wsgi-Dev-Check"
_ASKED = "HTTP_X_WSGI_DEV_CHECK"


def application(directory: str) -> Callable[[Dict[str, Any], Start], Iterable[bytes]]:
    """The WSGI callable; one that answers 500 where the application can't be loaded."""
    order = read_order(os.path.join(directory, "order.json"))
    notes = Notes(os.path.join(directory, "notes.jsonl"))
    stacks = open(os.path.join(directory, "stacks.txt"), "a", encoding="utf-8")
    faulthandler.enable(stacks)
    # Asked for by `ask_all`: a watchdog of faulthandler itself would hang what the application forks.
    faulthandler.register(STACKS_SIGNAL, stacks)
    notes.tell("process", pid=os.getpid())
    places = Places(order.root)
    for name in ("stdin", "stdout"):
        stream = getattr(sys, name)
        # mod_wsgi's own object, whose every use raises.
        if type(stream).__name__ == "Restricted":
            setattr(sys, name, _Told(stream, name, notes, places))
    notes.begin("import")
    loaded = load(order, notes)
    if loaded is None:
        return _unloaded

    def answer(environ: Dict[str, Any], start_response: Start) -> Iterable[bytes]:
        notes.begin(order.requests[int(environ.pop(_ASKED))].name)
        statuses: List[str] = []

        def started(status: str, headers: List[Tuple[str, str]], *rest: Any) -> Any:
            statuses.append(status)
            return start_response(status, headers, *rest)

        with Trace(places) as trace:
            try:
                body = list(loaded.application(environ, started))
            except BaseException as error:
                place = places.raised(error.__traceback__) or loaded.place
                _raised(notes, error, place)
                raise
        if statuses and statuses[-1].startswith("5") and trace.raised is not None:
            _raised(notes, *trace.raised)
        return body

    return answer


def _raised(notes: Notes, error: BaseException, place: Any) -> None:
    notes.tell("raised", request=notes.phase, words=in_words(error), type=type(error).__name__, place=place)


def _unloaded(environ: Dict[str, Any], start_response: Start) -> Iterable[bytes]:
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"The application could not be loaded.\n"]


class _Told:
    """In place of a restricted stream: raises what that raises, and tells where."""

    def __init__(self, stream: Any, name: str, notes: Notes, places: Places) -> None:
        self.__dict__["_its"] = (stream, name, notes, places)

    def __getattr__(self, attribute: str) -> Any:
        stream, name, notes, places = self.__dict__["_its"]
        try:
            return getattr(stream, attribute)
        except OSError as error:
            place: Place = places.nearest(caller())
            notes.tell("refused", stream=name, words=in_words(error), place=place)
            raise
