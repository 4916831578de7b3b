"""Serve mode inside a daemon process: waits for its turn, loads the application, and says so."""

from __future__ import annotations

import os
import select
import sys

from .crash import catch_crashes
from .daemons import begun, gate, turn
from .httpd_conf import TURN_VARIABLE
from .outcome import load_or_explain, refuse
from .settings import remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable

    from .loading import Loader
    from .notes import Notes


def serve(loader: Loader, notes: Notes) -> Callable[..., Iterable[bytes]]:
    """The WSGI callable, once it is this process's turn."""
    import mod_wsgi  # type: ignore[import-not-found]

    group: str = mod_wsgi.process_group
    _explain_breakpoints()
    catch_crashes()
    about: Dict[str, Any] = {"group": group, "pid": os.getpid()}
    _await_turn(group, lambda: notes.send("waiting", **about))
    notes.send("loading", **about)
    return _without_turn(load_once(group, loader, notes, **about))


def load_once(name: str, loader: Loader, notes: Notes, **about: Any) -> Callable[..., Iterable[bytes]]:
    """Load the application, unless the process that did so before under this `name` ended meanwhile: the next one
    would do so too, for ever."""
    mark = begun(name)
    if _ended(mark):
        remove_quietly(mark)
        return refuse(notes, **about)
    with open(mark, "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    application = load_or_explain(loader, notes, **about)
    remove_quietly(mark)
    return application


def _ended(mark: str) -> bool:
    """Whether the process that left the mark has ended. Another of several may be loading."""
    try:
        with open(mark, encoding="ascii") as file:
            os.kill(int(file.read() or 0), 0)
    except FileNotFoundError:
        return False
    except (ProcessLookupError, ValueError):
        return True
    return False


def _await_turn(group: str, waits: Callable[[], None]) -> None:
    # Opened before the first look: from then on the supervisor's word arrives.
    fd = os.open(gate(group), os.O_RDONLY | os.O_NONBLOCK)
    if turn() != group:
        waits()
    while turn() != group:
        select.select([fd], [], [])
        os.read(fd, 16)
    os.close(fd)
    import importlib

    # What lies in the project's directories was looked up before the edit.
    importlib.invalidate_caches()


def _without_turn(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, with an environ as production's: the variable that chose this process is wsgi-dev's own."""

    def respond(environ: Any, start_response: Any) -> Iterable[bytes]:
        environ.pop(TURN_VARIABLE, None)
        return application(environ, start_response)

    return respond


def _explain_breakpoints() -> None:
    """Serve mode has no console: breakpoint() says where it stands and goes on, instead of failing the request."""

    def skip(*_args: Any, **_kwargs: Any) -> None:
        frame = sys._getframe(1)
        place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
        sys.stderr.write(f"breakpoint() at {place} passed over: `wsgi-dev up --debug` stops there\n")
        sys.stderr.flush()

    sys.breakpointhook = skip
