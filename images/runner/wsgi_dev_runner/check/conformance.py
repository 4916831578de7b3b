"""The second pass: the application under wsgiref.validate, which knows what PEP 3333 asks for."""

import warnings
from traceback import walk_tb
from types import GeneratorType
from typing import Any, Dict, List, Optional
from wsgiref import validate

from .body_input import noted_input
from .limit import Limit
from .loaded import load
from .notes import Notes, Place
from .order import Order
from .places import Places
from .request import ask
from .tracing import Trace, innermost_file


def conformance(order: Order, notes: Notes, limit: Limit) -> None:
    """Each request once; the first violation ends it."""
    places = Places(order.root)
    with limit:
        loaded = load(order, notes)
    if loaded is None:
        return
    warnings.simplefilter("ignore", validate.WSGIWarning)
    bodies: List[Any] = []

    def kept(environ: Dict[str, Any], start_response: Any) -> Any:
        environ["wsgi.input"] = noted_input(environ["wsgi.input"], notes, places)
        bodies[:] = [loaded.application(environ, start_response)]
        return bodies[0]

    checked = validate.validator(kept)
    for request in order.requests:
        notes.begin(request.name)
        bodies.clear()
        with limit, Trace(places) as trace:
            answer = ask(checked, request, order.mount)
        # A framework may have made a response of it.
        for error in (answer.error, trace.raised[0] if trace.raised is not None else None):
            if isinstance(error, AssertionError) and innermost_file(error.__traceback__) == validate.__file__:
                place = places.raised(error.__traceback__)
                for body in bodies:
                    # What a generator gives comes from where it yields.
                    if not isinstance(body, GeneratorType):
                        place = place or trace.origins.get(id(body))
                place = place or trace.returned or loaded.place
                notes.find("wsgi", _plain(place), _words(error))
                break


#: Function of wsgiref.validate whose assertion has no text → what it means.
_RULES = {
    "readline": "readline() of wsgi.input takes no more than a size",
    "readlines": "readlines() of wsgi.input takes no more than a size",
    "check_headers": "a header that start_response gets is not a pair of a name and a value",
    "write": "what is written to wsgi.errors is not a str",
    "__call__": "what is given to write(), which start_response returns, is not bytes",
}


def _words(error: AssertionError) -> str:
    text = " ".join(str(error).split())
    if text:
        return text[:300]
    functions = [frame.f_code.co_name for frame, _ in walk_tb(error.__traceback__)]
    # The last one is that of all its assertions.
    return _RULES.get(functions[-2], "breaks a rule that wsgiref.validate checks")


def _plain(place: Optional[Place]) -> Optional[Place]:
    return place and Place(place.file, place.line)
