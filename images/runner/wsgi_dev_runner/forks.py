"""Processes that the application forks: the terminal and the server's port stay Apache's."""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Iterator, Set

    from .desk import Desk


def leave_to_parent(desk: Desk) -> None:
    """Whatever is forked from now on takes no part in debugging, and doesn't hold Apache's port open."""

    def leave() -> None:
        desk.notes.separate()
        told: Set[str] = set()

        def passed(what: str, frame: FrameType) -> None:
            place = f"{desk.shown(frame.f_code.co_filename)}:{frame.f_lineno}"
            if place not in told:
                told.add(place)
                where = f"in a forked process ({os.getpid()}): the terminal is the server's"
                desk.notes.advise(f"forked {place}", f"{what} at {place} was passed over {where}")

        desk.forked = passed
        signal.set_wakeup_fd(-1)
        # Apache's own handler of it ends Apache only; multiprocessing ends its workers by it.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # A process that outlives Apache would keep the next one from listening there.
        for fd in _listening(desk.port):
            os.close(fd)

    os.register_at_fork(after_in_child=leave)


def _listening(port: int) -> Iterator[int]:
    """The descriptors of this process that listen on `port`."""
    from .connections import LISTENS, connections

    sockets = {one.file for one in connections() if one.state == LISTENS and one.local.endswith(f":{port:04X}")}
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}") in sockets:
                yield int(name)
        except OSError:
            # The descriptor of the listing itself.
            continue
