"""A request that waits for another one of the same server: in one process it waits for itself."""

from __future__ import annotations

import os

from .connections import ESTABLISHED, connections
from .strays import foreground

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set


def calls_itself(listen: str) -> bool:
    """Whether Apache, or what it started, waits on a connection to `listen` that Apache hasn't taken yet."""
    port = f":{int(listen.rpartition(':')[2]):04X}"
    found = [one for one in connections() if one.state == ESTABLISHED]
    queued = {(one.remote, one.local) for one in found if one.is_queued and one.local.endswith(port)}
    callers = {one.file for one in found if (one.local, one.remote) in queued}
    return bool(callers) and bool(callers & _open_files())


def _open_files() -> Set[str]:
    found = set()
    for pid in foreground():
        try:
            for name in os.listdir(f"/proc/{pid}/fd"):
                found.add(os.readlink(f"/proc/{pid}/fd/{name}"))
        except OSError:
            # It has ended, or closed one meanwhile.
            continue
    return found
