"""How many requests wait behind the one that is stopped: in a file, for who looks from outside."""

from __future__ import annotations

import os
import time

from .settings import STATE_DIRECTORY, remove_quietly, write_atomically

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

WAITING = os.path.join(STATE_DIRECTORY, "waiting.json")
#: While a request is stopped, seconds from one look to the next.
_INTERVAL_SECONDS = 1.0
#: And to the first: the kernel's list takes milliseconds to make, and a script answers each prompt in fewer.
_FIRST_SECONDS = 0.1


class Waiting:
    """Looks as long as a stop lasts, and writes what has changed."""

    def __init__(self, listen: str) -> None:
        remove_quietly(WAITING)
        self._port = f":{int(listen.rpartition(':')[2]):04X}"
        self._told = 0
        #: When it is due to look: seconds of the monotonic clock.
        self.look_at: Optional[float] = None

    def on_activity(self, activity: str) -> None:
        """The application's process does something else now."""
        if activity in ("prompt", "paused"):
            self.look_at = time.monotonic() + _FIRST_SECONDS
            return
        self.look_at = None
        self._tell(0)

    def look(self) -> None:
        """Count."""
        from .connections import LISTENS, connections

        # Apache lets the kernel hold a connection back until data has come.
        self._tell(sum(one.unread for one in connections() if one.state == LISTENS and one.local.endswith(self._port)))
        self.look_at = time.monotonic() + _INTERVAL_SECONDS

    def _tell(self, count: int) -> None:
        if count == self._told:
            return
        self._told = count
        if count:
            write_atomically(WAITING, count)
        else:
            remove_quietly(WAITING)
