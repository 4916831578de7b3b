"""What lies on disk: compiled code that isn't the source's, and files that the application's user can't read."""

import importlib.util
import os
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ..leftovers import directives
from .notes import Place, finding
from .order import Order
from .places import Places

_SKIPPED = {"node_modules", "site-packages", "dist-packages"}
_STREAMS = ("wsgirestrictstdin", "wsgirestrictstdout")
#: Flags of a .pyc: checked by the hash of its source; and that on each import.
_HASHED, _CHECKED = 1, 2


def files(order: Order, modules: List[str]) -> List[Dict[str, Any]]:
    """All findings; `modules` are the files of the project that the application imported."""
    places = Places(order.root)
    return [
        *_directives(order.root),
        *(one for file in modules for one in _compiled(file, places)),
        *_unreadable(order.root, places),
    ]


def _directives(root: str) -> Iterator[Dict[str, Any]]:
    for key, text in directives(root):
        where, _, words = text.partition(": ")
        file, _, line = where.rpartition(":")
        if any(f" {name} " in key for name in _STREAMS):
            yield finding("leftover", Place(file, int(line)), words)


def _compiled(file: str, places: Places) -> Iterator[Dict[str, Any]]:
    shown = places.relative(file)
    if file.endswith(".pyc"):
        yield _of_file("pyc", shown, "is imported without its source, which isn't there")
        return
    try:
        cached = importlib.util.cache_from_source(file)
        is_readable, is_replaceable = os.access(cached, os.R_OK), os.access(os.path.dirname(cached), os.W_OK)
        if not os.path.exists(cached):
            return
        state = _state_of(cached, file) if is_readable else None
    except (OSError, NotImplementedError):
        return
    compiled = places.relative(cached)
    if state == "another source":
        yield _of_file("pyc", compiled, "was compiled from another source, and Python is told not to compare them")
    elif not is_replaceable and (not is_readable or state == "stale"):
        what = "can't be read" if not is_readable else "is older than its source"
        user = f"uid {os.getuid()}"
        yield _of_file(
            "pyc",
            compiled,
            f"{what}, and {user} can't replace it: each start compiles {shown} again",
            why="Starts and reloads take longer than they must.",
        )


def _state_of(cached: str, source: str) -> Optional[str]:
    with open(cached, "rb") as file:
        head = file.read(16)
    if len(head) < 16 or head[:4] != importlib.util.MAGIC_NUMBER:
        return "stale"
    flags = int.from_bytes(head[4:8], "little")
    if flags & _HASHED:
        with open(source, "rb") as text:
            same = importlib.util.source_hash(text.read()) == head[8:16]
        return None if same or flags & _CHECKED else "another source"
    status = os.stat(source)
    written = (int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF)
    return None if _times(head) == written else "stale"


def _times(head: bytes) -> Tuple[int, int]:
    return int.from_bytes(head[8:12], "little"), int.from_bytes(head[12:16], "little")


def _unreadable(root: str, places: Places) -> Iterator[Dict[str, Any]]:
    """Code and directories; what else is closed may be so on purpose."""
    for directory, names, found in os.walk(root):
        if "pyvenv.cfg" in found:
            names.clear()
            continue
        names[:] = sorted(name for name in names if not name.startswith(".") and name not in _SKIPPED)
        closed = [name for name in names if not os.access(os.path.join(directory, name), os.R_OK | os.X_OK)]
        code = [name for name in sorted(found) if name.endswith((".py", ".wsgi"))]
        unreadable = [name for name in code if not os.access(os.path.join(directory, name), os.R_OK)]
        for name in closed + unreadable:
            path = places.relative(os.path.join(directory, name))
            yield _of_file("permission", path, f"can't be read by uid {os.getuid()}, as which Apache runs here")


def _of_file(kind: str, file: str, message: str, **more: Any) -> Dict[str, Any]:
    return {**finding(kind, Place(file, 0), message, **more), "line": None}
