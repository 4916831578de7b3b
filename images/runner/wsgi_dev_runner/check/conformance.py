"""The second pass: the application under wsgiref.validate, which knows what PEP 3333 asks for."""

import warnings
from types import GeneratorType
from typing import Any, Dict, List, Optional
from wsgiref import validate

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


def _words(error: AssertionError) -> str:
    text = " ".join(str(error).split())
    # Some of its assertions have no text.
    return text[:300] if text else "breaks a rule that wsgiref.validate checks"


def _plain(place: Optional[Place]) -> Optional[Place]:
    return place and Place(place.file, place.line)
