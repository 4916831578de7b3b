"""The TCP sockets of this network namespace, as the kernel lists them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

ESTABLISHED, LISTENS = "01", "0A"


class Socket:
    """One end. Addresses are hexadecimal, with the port behind the colon."""

    def __init__(self, row: List[str]) -> None:
        self.local, self.remote, self.state = row[1:4]
        #: Bytes that came and were not read; where it listens, connections that came and were not accepted.
        self.unread = int(row[4].partition(":")[2], 16)
        #: A connection that nobody has accepted yet belongs to no file.
        self.is_queued = row[9] == "0"
        #: As the links in /proc/PID/fd name it.
        self.file = f"socket:[{row[9]}]"


def connections() -> List[Socket]:
    """All of them, IPv4 and IPv6."""
    found: List[Socket] = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as file:
                found += [Socket(line.split()) for line in file.readlines()[1:]]
        except OSError:
            # No IPv6 here.
            continue
    return found
