"""The supervisor's side of the comparison: it starts the process that runs the site as it is configured."""

from __future__ import annotations

import json
import os
import sys

from ..apache import NOTES
from ..settings import RUNTIME_DIRECTORY
from ..terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Mapping

    from ..settings import Settings

_PACKAGE_PARENT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_PROGRAM = "import sys; sys.path.insert(0, {!r}); from wsgi_dev_runner.adopt.compared import main; main(*sys.argv[1:])"
#: So long a person is kept from the message that it can't be loaded.
_SECONDS = 20
_QUIT = "it was quit in the debugger"


def command(kind: str, path: str, order: str) -> List[str]:
    """What runs the comparison of the failure in `path`."""
    return [sys.executable, "-I", "-S", "-c", _PROGRAM.format(_PACKAGE_PARENT), kind, path, NOTES, order]


def environment() -> Dict[str, str]:
    """That of the process: its Apache has a runtime directory of its own."""
    return {**os.environ, "WSGI_DEV_RUNTIME": os.path.join(RUNTIME_DIRECTORY, "as-configured")}


def tell_of_load(settings: Settings, failure: Mapping[str, Any]) -> None:
    """The application could not be loaded in one process: say what becomes of it as the site is configured."""
    if not settings.debug or not settings.apache.get("compare"):
        return
    if failure.get("reason") != "load" or failure["message"] == _QUIT:
        return
    import subprocess

    path = os.path.join(RUNTIME_DIRECTORY, "failed-load.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"error": failure["message"]}, file)
    try:
        done = subprocess.run(
            command("load", path, settings.order),
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        say(f"it could not be tried as it is configured: that takes longer than {_SECONDS} seconds")
        return
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        say(line)
