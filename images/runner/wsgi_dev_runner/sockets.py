"""What the kernel tells of this process's own TCP sockets: on the host's network its tables name everybody's."""

import os
from typing import Iterator, Optional, Tuple

from .connections import LISTENS, Socket, connections


def waiting_requests(port: int) -> int:
    """How many connections wait to be accepted at `port`: Apache lets the kernel hold one back until data has come."""
    return sum(one.unread for one, _ in _own() if one.state == LISTENS and _port(one.local) == port)


def connection(port: int, peer_port: int) -> Optional[int]:
    """The descriptor of the connection from `peer_port` that was accepted at `port`."""
    for one, fd in _own():
        if one.state != LISTENS and (_port(one.local), _port(one.remote)) == (port, peer_port):
            return fd
    return None


def _own() -> Iterator[Tuple[Socket, int]]:
    descriptors = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            descriptors[os.readlink(f"/proc/self/fd/{name}")] = int(name)
        except OSError:
            # The descriptor of the listing itself.
            continue
    for one in connections():
        if one.file in descriptors:
            yield one, descriptors[one.file]


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
