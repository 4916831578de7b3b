"""Loads the WSGI application inside Apache's process: mod_wsgi's script calls `load` and gets a WSGI callable."""

from __future__ import annotations

import json
import os
import sys

from .door import take_door
from .loading import Loader
from .notes import Notes
from .settings import TOOLS_DIRECTORY, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Iterable


def load(path: str) -> Callable[..., Iterable[bytes]]:
    """The WSGI callable for the settings in `path`; in debug mode it tells of its requests and stops."""
    with open(path, encoding="utf-8") as file:
        values = json.load(file)
    notes = Notes(values.pop("notes"), values["order"])
    del values["supervisor"]
    crashes: bool = values.pop("crashes")
    again: bool = values.pop("again")
    adopted = values.pop("adopted", None)
    settings = Settings(**values)
    if settings.debug:
        take_door()
    if adopted is not None and not settings.debug:
        from .adopt.inside import serve_adopted

        # In the directory that the configuration says.
        return serve_adopted(adopted, notes, settings.root)
    os.chdir(settings.directory)
    if adopted is not None:
        from .adopt.inside import prepare

        loader: Loader = prepare(adopted, settings.root)
    else:
        loader = _loader(settings)
    if not settings.debug:
        from .serving import serve

        return serve(loader, notes)
    if settings.debugger != "pdb" or settings.coverage:
        # Last, so that what the application itself requires is found before it.
        sys.path.append(TOOLS_DIRECTORY)
    if settings.coverage or settings.profiler:
        from .measures.measuring import measure

        measure(settings, notes)
    from .session import DebugSession

    session = DebugSession(settings, loader, notes)
    if adopted is not None:
        from .adopt.inside import follow

        follow(session, settings.apache.get("compare", True))
    application = session.application(crashes, again)
    session.desk.stop_tracing()
    return application


def _loader(settings: Settings) -> Loader:
    # mod_wsgi puts nothing of the project on the path; a deployment's python-path names its root.
    sys.path.insert(0, settings.root)
    return Loader(settings.app, settings.root)
