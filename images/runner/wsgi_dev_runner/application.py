"""Loads the WSGI application inside Apache's process: mod_wsgi's script calls `load` and gets a WSGI callable."""

import json
import os
import sys
import traceback
from typing import Any, Callable, Iterable, List

from .loading import Loader, describe, project_traceback
from .settings import Settings

_FAILED_BODY = b"The application could not be loaded; the terminal of wsgi-dev shows why.\n"


class Notes:
    """One-line messages to the supervisor, which waits for them on a FIFO."""

    def __init__(self, path: str, order: str) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._order = order

    def send(self, activity: str, **fields: Any) -> None:
        """Tell what this process does now: loading, idle, busy, prompt or failed."""
        os.write(self._fd, json.dumps({"order": self._order, "activity": activity, **fields}).encode() + b"\n")


def load(path: str) -> Callable[..., Iterable[bytes]]:
    """The WSGI callable for the settings in `path`; in debug mode it tells of its requests and stops."""
    with open(path, encoding="utf-8") as file:
        values = json.load(file)
    notes = Notes(values.pop("notes"), values["order"])
    del values["supervisor"]
    settings = Settings(**values)
    os.chdir(settings.root)
    # mod_wsgi puts nothing of the project on the path; a deployment's python-path names its root.
    sys.path.insert(0, settings.root)
    loader = Loader(settings.app, settings.root)
    if not settings.debug:
        _explain_breakpoints()
        return load_or_explain(loader, notes)
    from .session import DebugSession

    return DebugSession(settings, loader, notes).application()


def load_or_explain(loader: Loader, notes: Notes, **note: Any) -> Callable[..., Iterable[bytes]]:
    """Load; on failure print the project's part of the traceback and return an application that answers 500."""
    try:
        application = loader.load()
    except BaseException as error:  # noqa: B902 - SystemExit at import must not end the server either
        sys.stderr.write("".join(project_traceback(error)))
        sys.stderr.flush()
        notes.send("failed", loaded=False, **describe(error, loader.root), **note)
        return failed_application
    notes.send("idle", loaded=True, script=loader.reloadable_script(), **note)
    return application


def failed_application(_environ: Any, start_response: Callable[..., Any]) -> List[bytes]:
    """Stands in for an application that could not be loaded."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_FAILED_BODY)))]
    start_response("500 Internal Server Error", headers)
    return [_FAILED_BODY]


def _explain_breakpoints() -> None:
    """Serve mode has no console: breakpoint() says where it stands and goes on, instead of failing the request."""

    def skip(*_args: Any, **_kwargs: Any) -> None:
        stack = traceback.extract_stack(sys._getframe(1), limit=1)[0]
        sys.stderr.write(
            f"breakpoint() at {stack.filename}:{stack.lineno} passed over: `wsgi-dev up --debug` stops there\n"
        )
        sys.stderr.flush()

    sys.breakpointhook = skip
