"""What a pass found, as JSON lines in a file: a process that is ended leaves what it had found until then."""

import json
import os
import threading
from typing import Any, Dict, List, NamedTuple, Optional, Set, Tuple


class Place(NamedTuple):
    """A line of the project; `via` is the package that it called, "" where it did the thing itself."""

    file: str
    line: int
    via: str = ""


class Notes:
    """Written by one process, each line in one write."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._write = os.write
        self._seen: Set[Tuple[Any, ...]] = set()
        self._lock = threading.Lock()
        #: What runs: "import" or a request, "GET /".
        self.phase = "import"

    def begin(self, phase: str) -> None:
        """All that follows happens in `phase`."""
        self.phase = phase
        self.tell("phase", phase=phase)

    def find(self, kind: str, place: Optional[Place], message: str, level: str = "problem", **more: Any) -> None:
        """A finding; for each line of the project one, and what shows it once more is told as that."""
        key = (kind, place and place[:2], message)
        with self._lock:
            is_known = key in self._seen
            self._seen.add(key)
        found = finding(kind, place, message, level, when=self.phase, **more)
        self.tell("again" if is_known else "finding", **found)

    def tell(self, note: str, **values: Any) -> None:
        """Any other line, for `main`."""
        self._write(self._fd, (json.dumps({"note": note, **values}) + "\n").encode())


def finding(kind: str, place: Optional[Place], message: str, level: str = "problem", **more: Any) -> Dict[str, Any]:
    """A finding as it is written."""
    file, line = (place.file, place.line) if place is not None else (None, None)
    return {"kind": kind, "level": level, "file": file, "line": line, "message": message, **more}


def read_notes(path: str) -> List[Dict[str, Any]]:
    """All that a process left; nothing where it never came that far."""
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.endswith("\n")]
    except FileNotFoundError:
        return []
