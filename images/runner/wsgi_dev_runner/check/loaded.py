"""The application of an order, loaded as a pass needs it."""

import os
import sys
from typing import Any, Callable, Iterable, NamedTuple, Optional

from ..loading import Loader, describe
from .entry import entry_place
from .notes import Notes, Place
from .order import Order


class Loaded(NamedTuple):
    """A WSGI callable, and the line of the project where it has its name."""

    application: Callable[..., Iterable[bytes]]
    place: Optional[Place]


def load(order: Order, notes: Notes, kind: str = "load") -> Optional[Loaded]:
    """Load it; None where that failed, which is a finding of `kind`."""
    _pass_breakpoints()
    sys.path.insert(0, order.root)
    loader = Loader(order.app, order.root)
    try:
        application = loader.load()
    except BaseException as error:
        told = describe(error, order.root)
        file, line = told["file"], told["line"]
        place = Place(file, line or 1) if file is not None else entry_place(order)
        notes.find(kind, place, told["message"])
        return None
    return Loaded(application, entry_place(order))


def _pass_breakpoints() -> None:
    """Nobody is there to answer: what the project says to a debugger is passed over."""
    os.environ["PYTHONBREAKPOINT"] = "0"
    sys.breakpointhook = _nothing
    import pdb

    pdb.set_trace = _nothing
    pdb.Pdb.set_trace = _nothing  # type: ignore[method-assign]


def _nothing(*_: Any, **__: Any) -> None:
    return None
