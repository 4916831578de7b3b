"""One-line messages from the application's process to the supervisor, which waits for them on a FIFO."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Notes:
    """The writing end. `order` tells this Apache's notes from those of one that is being replaced."""

    def __init__(self, path: str, order: str) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._order = order

    def send(self, activity: str, **fields: Any) -> None:
        """Tell what this process does now: loading, idle, busy, prompt or failed."""
        os.write(self._fd, json.dumps({"order": self._order, "activity": activity, **fields}).encode() + b"\n")
