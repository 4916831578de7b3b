"""Processes that the application started and that Apache's end left behind."""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

_STATE, _GROUP, _STARTED = 0, 2, 19


def end_strays() -> None:
    """Kill what is left of an Apache that has ended: the next one starts all of it anew."""
    for pid in foreground():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def foreground() -> List[int]:
    """The processes below the supervisor in the terminal's foreground: Apache in debug mode, and what it started."""
    own = _stat("self")
    return [
        int(name)
        for name in os.listdir("/proc")
        if name.isdigit() and int(name) != os.getpid() and _is_below(_stat(name), own)
    ]


def _is_below(one: List[str], own: List[str]) -> bool:
    # Of an orphan the group alone tells where it comes from; the supervisor's own parents are older than it.
    return bool(one) and one[_STATE] != "Z" and one[_GROUP] == own[_GROUP] and int(one[_STARTED]) >= int(own[_STARTED])


def _stat(pid: str) -> List[str]:
    """What the kernel says of a process, from its state on; nothing when it has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # PID (COMMAND) STATE …: the command may hold anything.
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []
