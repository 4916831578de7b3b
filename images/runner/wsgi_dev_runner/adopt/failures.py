"""In Apache's process, in debug mode: requests that fail are told, to be tried once as the site is configured."""

from __future__ import annotations

import json
import os

from ..settings import RUNTIME_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Set, Tuple

    from ..desk import Desk
    from ..middleware import Request

#: Others may change what they ask for.
_SAFE = ("GET", "HEAD")
#: So many of one process: the same fault fails others too.
_MOST = 5
#: Of the connection that the request came by.
_CONNECTION = {"CONNECTION", "HOST", "KEEP_ALIVE", "CONTENT_LENGTH", "TRANSFER_ENCODING", "EXPECT", "UPGRADE", "RANGE"}


def tell_failures(desk: Desk) -> None:
    """From here on, each failure once; not in a scenario, which prints the same each time."""
    told: Set[Tuple[str, ...]] = set()

    def ended(request: Request) -> None:
        is_failure = request.status >= 500 or request.failed
        if desk.evidence or not is_failure or request.was_quit or request.method not in _SAFE:
            return
        failure = _failure(request)
        if failure in told or len(told) >= _MOST:
            return
        told.add(failure)
        file = os.path.join(RUNTIME_DIRECTORY, f"failed-{len(told)}.json")
        with open(file, "w", encoding="utf-8") as stream:
            json.dump({**_described(request), "first": len(told) == 1}, stream)
        desk.notes.tell(failed=file)

    desk.on_end = ended


def _failure(request: Request) -> Tuple[str, ...]:
    """What makes two failures the same one: an exception by the same way, whatever was asked for; without one, the
    path."""
    if request.error is None:
        return (request.path, str(request.status))
    lines = []
    entry = request.error.__traceback__
    while entry is not None:
        lines.append(f"{entry.tb_frame.f_code.co_filename}:{entry.tb_lineno}")
        entry = entry.tb_next
    return (type(request.error).__name__, *lines)


def _described(request: Request) -> Dict[str, Any]:
    environ, error = request.environ, request.error
    names = [name for name in environ if name.startswith("HTTP_") and name[len("HTTP_") :] not in _CONNECTION]
    return {
        "method": request.method,
        "target": environ.get("REQUEST_URI") or request.path,
        "host": environ.get("HTTP_HOST", "localhost"),
        "tls": environ.get("wsgi.url_scheme") == "https",
        "headers": {name[len("HTTP_") :].replace("_", "-").title(): environ[name] for name in names},
        "status": request.status or 500,
        "error": "" if error is None else f"{type(error).__name__}: {error}"[:200],
    }
