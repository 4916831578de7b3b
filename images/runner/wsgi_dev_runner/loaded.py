"""What the loaded application consists of, left in a file for `survey`, which looks at it in a process of its own."""

from __future__ import annotations

import json
import os
import sys

from .settings import RUNTIME_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from .desk import Desk

SURVEY = os.path.join(RUNTIME_DIRECTORY, "survey.json")


def tell_loaded(desk: Desk) -> None:
    """Leave the list; the supervisor has it looked at. Called when the application is loaded and served already."""
    if desk.evidence:
        # What is found is said whenever the look is over: a scenario prints the same each time.
        return
    with open(SURVEY, "w", encoding="utf-8") as file:
        found = {"root": desk.root, "files": _files(desk.root), "threads": _threads(), "processes": _processes()}
        json.dump(found, file)
    desk.notes.tell(survey=SURVEY)


def _files(root: str) -> List[str]:
    """The project's own source files that were imported."""
    found = {getattr(module, "__file__", None) or "" for module in list(sys.modules.values())}
    return sorted(file for file in found if file.startswith(root + os.sep) and "/site-packages/" not in file)


def _threads() -> List[Dict[str, Any]]:
    threading: Any = sys.modules.get("threading")
    if threading is None:
        return []
    others = [one for one in threading.enumerate() if one is not threading.main_thread() and one.name != "wsgi-dev"]
    return [{"name": one.name, "place": _place(one)} for one in others]


def _processes() -> List[Dict[str, Any]]:
    process: Any = sys.modules.get("multiprocessing.process")
    # What they run is forgotten here once they are started.
    return [{"name": one.name, "place": None} for one in process.active_children()] if process else []


def _place(worker: Any) -> Optional[List[Any]]:
    """[FILE, LINE] of what a thread runs, where that is Python code."""
    target = getattr(worker, "_target", None) or getattr(worker, "function", None) or type(worker).run
    code = getattr(getattr(target, "__func__", target), "__code__", None)
    return [code.co_filename, code.co_firstlineno] if code is not None else None
