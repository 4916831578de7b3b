"""What the kernel tells of this process's own TCP sockets."""

import os
from typing import Dict, Iterator, NamedTuple, Optional

_LISTENING = "0A"


class _Socket(NamedTuple):
    fd: int
    state: str
    port: int
    peer_port: int
    #: Bytes that were received and not read; of a listening socket, connections that were made and not accepted.
    waiting: int


def waiting_requests(port: int) -> int:
    """How many connections wait to be accepted at `port`: Apache lets the kernel hold one back until data has come."""
    return sum(one.waiting for one in _own_sockets() if one.state == _LISTENING and one.port == port)


def connection(port: int, peer_port: int) -> Optional[int]:
    """The descriptor of the connection from `peer_port` that was accepted at `port`."""
    for one in _own_sockets():
        if one.state != _LISTENING and (one.port, one.peer_port) == (port, peer_port):
            return one.fd
    return None


def _own_sockets() -> Iterator[_Socket]:
    """Only this process's: on the host's network the tables name everybody's."""
    own = _descriptors()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as file:
                rows = file.readlines()[1:]
        except OSError:
            # No IPv6 here.
            continue
        for row in rows:
            # sl, local address, remote address, state, tx_queue:rx_queue, timer, retransmits, uid, timeout, inode
            fields = row.split()
            fd = own.get(fields[9])
            if fd is not None:
                _, queue = fields[4].split(":")
                yield _Socket(fd, fields[3], _port(fields[1]), _port(fields[2]), int(queue, 16))


def _descriptors() -> Dict[str, int]:
    """This process's descriptors by the inodes of their sockets."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            link = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            # The listing's own.
            continue
        if link.startswith("socket:["):
            found[link[8:-1]] = int(name)
    return found


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
