"""What the passes under mod_wsgi share: the script, the requests, what hung or crashed."""

import os
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from ..settings import STACKS_SIGNAL
from .inside import NOTES
from .notes import Place, finding, read_notes
from .order import Order, write_order
from .served import ASKED
from .server import Response, Server
from .stacks import innermost

_PACKAGES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SCRIPT = """\
import sys
sys.path.append({packages!r})
from wsgi_dev_runner.check.served import application as _application

application = _application({directory!r})
"""


def write_script(order: Order, directory: str) -> str:
    """The script for WSGIScriptAlias; what the application leaves lies in `directory`."""
    path = os.path.join(directory, "app.wsgi")
    write_order(os.path.join(directory, "order.json"), order)
    with open(path, "w", encoding="utf-8") as file:
        file.write(_SCRIPT.format(packages=_PACKAGES, directory=directory))
    return path


def ask_all(
    start: Callable[[], Server], order: Order, directory: str, entry: Optional[Place], where: str
) -> Tuple[Dict[str, int], List[Dict[str, Any]]]:
    """The status of each request by its name, and findings of those that never ended or ended the process."""
    statuses: Dict[str, int] = {}
    findings: List[Dict[str, Any]] = []
    left = list(order.requests)
    while left:
        with start() as server:
            while left:
                request = left.pop(0)
                name = request.name
                # The first one waits for the import too.
                response = server.ask(
                    order.mount, request, 2 * order.limit, {ASKED: str(order.requests.index(request))}
                )
                statuses[name] = response.status
                found = _ended(response, name, order, directory, where)
                if found is not None:
                    findings.append({**found, **({} if found["file"] else _at(entry))})
                if response.data is None:
                    # The rest of them is asked of another one.
                    break
    return statuses, findings


def _ended(response: Response, name: str, order: Order, directory: str, where: str) -> Optional[Dict[str, Any]]:
    stacks = os.path.join(directory, "stacks.txt")
    if response.data is None:
        pids = [note["pid"] for note in read_notes(os.path.join(directory, NOTES)) if note["note"] == "process"]
        before = len(_read(stacks))
        _ask_for_stacks(pids[-1:])
        deadline = time.monotonic() + 1
        while len(_read(stacks)) == before and time.monotonic() < deadline:
            time.sleep(0.02)
        return finding("hang", innermost(_read(stacks)[before:], order.root), f"{name} does not end {where}", when=name)
    text = _read(stacks)
    if response.status in (0, 500) and "Fatal Python error" in text:
        os.truncate(stacks, 0)
        return finding("crash", innermost(text, order.root), f"{name} ends the process {where}", when=name)
    return None


def _ask_for_stacks(pids: List[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, STACKS_SIGNAL)
        except ProcessLookupError:
            continue


def _at(place: Optional[Place]) -> Dict[str, Any]:
    return {} if place is None else {"file": place.file, "line": place.line}


def place_of(value: Any) -> Optional[Place]:
    """As it comes out of JSON."""
    return None if value is None else Place(*value)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""
