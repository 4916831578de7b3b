"""One-line messages from the application's process to the supervisor, which waits for them on a FIFO."""

from __future__ import annotations

import fcntl
import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, List


class Notes:
    """The writing end. `order` tells this Apache's notes from those of one that is being replaced."""

    def __init__(self, path: str, order: str) -> None:
        self._path = path
        self._order = order
        self._fd = self._open()
        #: Called with each activity before it is told: whoever hears of it may end this process.
        self.hearers: List[Callable[[str], None]] = []

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def separate(self) -> None:
        """In a forked process: a lock of the parent's ends with the parent, and not with this."""
        os.close(self._fd)
        self._fd = self._open()

    def hold_terminal(self) -> None:
        """Until `release_terminal` nobody but this process writes a word of wsgi-dev's to the terminal."""
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def release_terminal(self) -> None:
        """The supervisor may speak again."""
        fcntl.flock(self._fd, fcntl.LOCK_UN)

    def advise(self, key: str, text: str, soon: bool = True) -> None:
        """Have `text` said on the terminal, once for each `key`: `soon`, or when no request runs."""
        self.tell(advice=key, text=text, soon=soon)

    def tell(self, **fields: Any) -> None:
        """Tell something that doesn't change what this process does."""
        os.write(self._fd, json.dumps({"order": self._order, **fields}).encode() + b"\n")

    def send(self, activity: str, **fields: Any) -> None:
        """Tell what this process does now: loading, idle, busy, prompt or failed."""
        for hear in list(self.hearers):
            hear(activity)
        self.tell(activity=activity, **fields)
