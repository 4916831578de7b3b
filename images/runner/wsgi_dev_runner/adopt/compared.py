"""A failure in one process, and what becomes of the same as the site is configured: told in a few lines."""

import json
import os
import sys
from typing import Any, Dict, List

from ..notes import Notes
from ..settings import Settings, read_settings
from .as_configured import NotTried, could_not_load, given, last_error, running
from .result import Adopted, AdoptError

_SAME = "one process isn't what breaks it"
_SENT_AGAIN = "For that it was sent once more, to the site as it is configured; --no-compare leaves that"
_DIFFERS = "What one process changes there:"


def main(kind: str, path: str, told: str, order: str) -> None:
    """`kind`: "load" prints its lines, "request" sends them to the supervisor's notes at `told`."""
    with open(path, encoding="utf-8") as file:
        failed: Dict[str, Any] = json.load(file)
    # Apache and its processes write to the log.
    out = os.dup(1)
    lines = _of_load(read_settings(), failed) if kind == "load" else _of_request(read_settings(), failed)
    if kind == "load":
        os.write(out, "\n".join(lines).encode())
    else:
        lines += [_SENT_AGAIN] if failed["first"] else []
        Notes(told, order).advise(f"compared {path} {failed['target']}", "\n  ".join(lines)[:2000], soon=False)
    sys.stdout.flush()


def _of_load(settings: Settings, failed: Dict[str, Any]) -> List[str]:
    try:
        with running(settings) as site:
            site.load_all()
            broken = [one["path"] for one in site.adopted.scripts if could_not_load(one["path"])]
            error = last_error()
            if not broken:
                return ["as it is configured it can be loaded", *_why(site.adopted)]
    except (AdoptError, NotTried, OSError) as reason:
        return [f"it could not be tried as it is configured: {reason}"]
    return [_too("it can't be loaded as it is configured either", failed["error"], error)]


def _of_request(settings: Settings, failed: Dict[str, Any]) -> List[str]:
    name = f"{failed['method']} {failed['target']}"
    try:
        with running(settings) as site:
            about = [failed[name] for name in ("method", "target", "host", "tls", "headers")]
            status = site.status(*about)
            error = last_error()
            if 0 < status < 500:
                first = f"{name} answers {status} as it is configured, and {failed['status']} in one process"
                return [f"{first}{given(failed['error'])}", *_why(site.adopted)]
    except (AdoptError, NotTried, OSError) as reason:
        return [f"{name} could not be tried as it is configured: {reason}"]
    return [_too(f"{name} answers {status or 'nothing'} as it is configured too", failed["error"], error)]


def _too(what: str, here: str, there: str) -> str:
    if here and there and here != there:
        return f"{what}, but with another error: {there}"
    return f"{what}{given(there)}; {_SAME}"


def _why(adopted: Adopted) -> List[str]:
    if not adopted.differs:
        return ["One process changes nothing there that is known to matter: it may have failed by chance"]
    return [_DIFFERS, *(f"  {line}" for line in adopted.differs)]
