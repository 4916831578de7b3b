"""Says what was changed of a user's own configuration: a few lines on the terminal, all of it in a file."""

import os
from typing import Any, Callable, Dict, List

from ..httpd_conf import httpd_conf
from ..settings import RUNTIME_DIRECTORY, STATE_DIRECTORY, Settings, read_settings, write_atomically
from .adoption import adopt
from .result import Adopted, AdoptError, Change

#: For the client: what was changed, and where the hosts are reached.
REPORT = os.path.join(STATE_DIRECTORY, "apache.json")
#: Lines of one directive that are named; the others are counted.
_NAMED = 4


def adopt_only() -> int:
    """Leave what becomes of the configuration, or why that can't be run, in the state directory. Exit code 0."""
    settings = read_settings()
    os.makedirs(RUNTIME_DIRECTORY, mode=0o700, exist_ok=True)
    if not settings.apache:
        # One that is made, and not taken over.
        nothing: Dict[str, Any] = {"python_path": [], "cwd": None, "umask": None, "locale": None}
        _leave(settings, Adopted(httpd_conf(settings).encode().decode("latin-1"), [], [], [], [], nothing, {}, []))
        return 0
    try:
        _leave(settings, adopt(settings))
    except AdoptError as error:
        write_atomically(REPORT, {"error": str(error), "excerpt": error.excerpt})
    return 0


def adopt_aloud(settings: Settings, say: Callable[[str], None]) -> Adopted:
    """Adopt the configuration, and say what became of it."""
    adopted = adopt(settings)
    _leave(settings, adopted)
    for line in summary(adopted, settings):
        say(line)
    return adopted


def _leave(settings: Settings, adopted: Adopted) -> None:
    write_atomically(
        REPORT,
        {
            "order": settings.order,
            "changed": [change._asdict() for change in adopted.changes],
            "notes": adopted.notes,
            "urls": adopted.urls,
            "environment": adopted.environment,
            "effects": adopted.effects,
            "included": adopted.included,
            "configuration": adopted.configuration.encode("latin-1").decode("utf-8", "replace"),
        },
    )


def summary(adopted: Adopted, settings: Settings) -> List[str]:
    """What was changed, by the reason, each directive with its lines."""
    reasons: Dict[str, List[Change]] = {}
    for change in adopted.changes:
        reasons.setdefault(change.why, []).append(change)
    count = len(adopted.changes)
    directives = "1 directive" if count == 1 else f"{count} directives"
    show = "wsgi-dev config --apache --debug" if settings.debug else "wsgi-dev config --apache"
    first = f"{settings.apache['shown']}: {directives} changed in {settings.mode} mode (`{show}` prints the result)"
    lines = [f"  {why}: {_named(changes, settings.apache['shown'])}" for why, changes in reasons.items()]
    return [first, *lines, *(f"  {note}" for note in adopted.notes)]


def _named(changes: List[Change], shown: str) -> str:
    """ "Listen :3, ErrorLog :9 :12; ports.conf: Listen :5", the file only where it isn't the configuration itself."""
    files: Dict[str, Dict[str, List[str]]] = {}
    for change in changes:
        file = "" if change.file == shown else change.file
        file = os.path.relpath(file, shown) + ": " if _below(file, shown) else file and f"{file}: "
        name = change.before.split(" ")[0].strip("<>")
        files.setdefault(file, {}).setdefault(name, []).append(f":{change.line}")
    return "; ".join(
        file + ", ".join(f"{name} {_few(where)}" for name, where in names.items()) for file, names in files.items()
    )


def _few(where: List[str]) -> str:
    more = len(where) - _NAMED
    return " ".join(where[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _below(file: str, shown: str) -> bool:
    return file.startswith(shown.rstrip("/") + "/")
