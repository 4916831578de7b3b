"""Serve mode's daemon processes: one serves, others wait with no application loaded to take over after an edit.

Each is the one process of a WSGIDaemonProcess group. A file names the group whose turn it is; Apache reads it for each
request. After an edit the turn passes at once to one that waits: it loads the application while its requests wait in
its socket's queue, and the one before ends when its own requests have. So none is lost, and none is answered by the old
code that came after the save was seen.
"""

from __future__ import annotations

import os
import signal
import time

from .crash import has_stacks
from .httpd_conf import GROUPS, TURN
from .settings import RUNTIME_DIRECTORY, remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Mapping, Optional, Set

#: A request that was given to a group as its turn ended has reached its socket after so many seconds, surely.
_ON_THE_WAY_SECONDS = 1.0
#: Requests that run longer than so many seconds after an edit are cut off, where a further edit needs their process.
_PATIENCE_SECONDS = 30.0


def gate(group: str) -> str:
    """The FIFO at which the daemon process of `group` waits for its turn."""
    return f"{RUNTIME_DIRECTORY}/{group}.gate"


def begun(group: str) -> str:
    """The file that is there while the daemon process of `group` loads the application, with its process id."""
    return f"{RUNTIME_DIRECTORY}/{group.replace('/', '%')}.loading"


def turn() -> str:
    """The group whose turn it is."""
    with open(TURN, encoding="utf-8") as file:
        return file.read()


class Daemons:
    """The supervisor's view of one Apache's daemon processes, from their notes."""

    def __init__(self) -> None:
        """Write what they and Apache read: before Apache is started."""
        self.current: str = GROUPS[0]
        self._wanted = False
        self._pids: Dict[str, int] = {}
        #: Groups whose process waits for its turn.
        self._waiting: Dict[str, int] = {}
        #: Groups whose process has loaded the application.
        self._loaded: Set[str] = set()
        #: When those that had their turn are told to end, and since when they are to.
        self._leave_at: Dict[str, float] = {}
        self._left_at: Dict[str, float] = {}
        #: Groups whose process was told to end.
        self._ending: Set[str] = set()
        for group in GROUPS:
            remove_quietly(begun(group))
            remove_quietly(gate(group))
            os.mkfifo(gate(group), 0o600)
        self._pass_turn(self.current)

    def crashed(self, note: Mapping[str, Any]) -> Optional[int]:
        """The process that ended unasked, where `note` comes from one that Apache started in its place."""
        group, before = note["group"], self._pids.get(note["group"])
        if before in (None, note["pid"]):
            return None
        if group in self._ending and not has_stacks(before):
            return None
        return before

    def hear(self, note: Mapping[str, Any]) -> bool:
        """Take in a note of a daemon process; whether it tells how loading ended for the server."""
        group: str = note["group"]
        pid, activity = note["pid"], note["activity"]
        self._pids[group] = pid
        if activity in ("waiting", "loading"):
            self._forget(group)
            if activity == "waiting":
                self._waiting[group] = pid
            return False
        self._loaded.add(group)
        if group != self.current:
            self._leave(group)
        return group == self.current

    def renew(self) -> None:
        """Load the application anew: now, or as soon as a process waits to."""
        self._wanted = True

    def due(self) -> Optional[float]:
        """When `advance` has something to do."""
        if self._wanted and self._waiting:
            return 0.0
        times = list(self._leave_at.values())
        if self._wanted and self._left_at:
            times.append(min(self._left_at.values()) + _PATIENCE_SECONDS)
        return min(times) if times else None

    def advance(self, now: float) -> bool:
        """Do what is due; whether the turn has passed to another one."""
        for group in [group for group, at in self._leave_at.items() if at <= now]:
            # mod_wsgi ends the process when no request is left in it, and Apache starts another one to wait.
            del self._leave_at[group]
            self._left_at[group] = now
            self._ending.add(group)
            _signal(self._pids[group], signal.SIGUSR1)
        if not self._wanted:
            return False
        if self._waiting:
            self._take_over()
            return True
        for group in [group for group, at in self._left_at.items() if at + _PATIENCE_SECONDS <= now]:
            del self._left_at[group]
            _signal(self._pids[group], signal.SIGKILL)
        return False

    def end(self) -> None:
        """The server stops: those that wait don't hear its signals."""
        for pid in self._waiting.values():
            _signal(pid, signal.SIGKILL)
        self._waiting.clear()

    def _take_over(self) -> None:
        self._wanted = False
        before, self.current = self.current, next(iter(self._waiting))
        del self._waiting[self.current]
        remove_quietly(begun(self.current))
        self._pass_turn(self.current)
        try:
            fd = os.open(gate(self.current), os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            # It died as it waited; the next one of this group sees that it has the turn.
            pass
        else:
            os.write(fd, b"\n")
            os.close(fd)
        if before in self._loaded:
            self._leave(before)

    def _leave(self, group: str) -> None:
        self._leave_at[group] = time.monotonic() + _ON_THE_WAY_SECONDS

    def _forget(self, group: str) -> None:
        """What was known of this group's process before: another one is there."""
        self._waiting.pop(group, None)
        self._leave_at.pop(group, None)
        self._left_at.pop(group, None)
        self._loaded.discard(group)
        self._ending.discard(group)

    def _pass_turn(self, group: str) -> None:
        with open(f"{TURN}.new", "w", encoding="utf-8") as file:
            file.write(group)
        os.replace(f"{TURN}.new", TURN)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        # It has ended already.
        pass
