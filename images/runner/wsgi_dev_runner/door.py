"""The sockets that Apache listens at in debug mode outlive it: what comes while one Apache ends and another one starts
waits there, and is served by that.

The first Apache's process leaves them in a pair of sockets that the supervisor holds. Each later Apache has to open
some of its own, and its process puts those of the first in their place.
"""

from __future__ import annotations

# What `socket` is made of: each start would pay for the rest of it.
import _socket
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Tuple

#: The descriptors that Apache's process gets the pair as: above those that Apache opens itself.
DOOR_FDS = (96, 97)
#: What lets Apache open a second socket at the same address.
SHARING = "ListenCoresBucketsRatio 1"
#: An Apache that listens at more places takes none of them over.
_MOST = 64
#: Attaches a program that chooses among sockets of one address (Linux's number for it).
_CHOOSE_BY = 51


class Door:
    """The pair."""

    def __init__(self) -> None:
        self._ends = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)

    def close(self) -> None:
        """Forget the sockets that were left: they listen as long as an Apache has them."""
        for end in self._ends:
            end.close()

    def file_actions(self) -> List[Tuple[int, int, int]]:
        """What gives it to a process that is started."""
        return [(os.POSIX_SPAWN_DUP2, end.fileno(), fd) for end, fd in zip(self._ends, DOOR_FDS)]


def take_door() -> None:
    """In Apache's process, before it serves: listen where the first one did, or be the first."""
    own = _listening()
    outlet, inlet = (_socket.socket(fileno=fd) for fd in DOOR_FDS)
    try:
        # It stays there for those that follow.
        received = outlet.recvmsg(1, _socket.CMSG_SPACE(4 * _MOST), _socket.MSG_PEEK | _socket.MSG_DONTWAIT)[1]
    except BlockingIOError:
        _leave(list(own), inlet)
    else:
        _put_in_place(own, [fd for _level, _type, data in received for fd in memoryview(data).cast("i")])
    finally:
        outlet.close()
        inlet.close()


def _put_in_place(own: Dict[int, object], kept: List[int]) -> None:
    """Let Apache's own sockets be those of `kept` that have the same address."""
    by_address = {address: fd for fd, address in own.items()}
    for fd in kept:
        one = _socket.socket(fileno=fd)
        if one.getsockname() in by_address:
            os.dup2(fd, by_address[one.getsockname()], inheritable=False)
        one.close()


def _leave(found: List[int], inlet: _socket.socket) -> None:
    """Leave Apache's own sockets for those that follow; none where they couldn't open theirs then."""
    try:
        for fd in found:
            _share(fd)
    except OSError:
        return
    if 0 < len(found) <= _MOST:
        import array

        inlet.sendmsg([b"-"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", found))])


def _share(fd: int) -> None:
    """Let another socket be opened at the same address, which the kernel gives nothing. OSError where it can't be."""
    one = _socket.socket(fileno=os.dup(fd))
    second = _socket.socket(one.family, one.type)
    try:
        one.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEPORT, 1)
        second.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEPORT, 1)
        if one.family == _socket.AF_INET6:
            only = one.getsockopt(_socket.IPPROTO_IPV6, _socket.IPV6_V6ONLY)
            second.setsockopt(_socket.IPPROTO_IPV6, _socket.IPV6_V6ONLY, only)
        second.bind(one.getsockname())
        second.listen(1)
        _always_first(one)
    finally:
        one.close()
        second.close()


def _always_first(one: _socket.socket) -> None:
    """Of the sockets at the address of `one`, let the kernel choose the first: `one` itself. A kernel that can't lets
    the others have some of what comes until they give way."""
    import array
    import struct

    # A program of one instruction: "return 0".
    program = array.array("B", struct.pack("HBBI", 6, 0, 0, 0))
    try:
        one.setsockopt(_socket.SOL_SOCKET, _CHOOSE_BY, struct.pack("@HP", 1, program.buffer_info()[0]))
    except OSError:
        pass


def _listening() -> Dict[int, object]:
    """The descriptors and addresses of the sockets that Apache listens at."""
    found = {}
    for fd in map(int, os.listdir("/proc/self/fd")):
        if fd >= min(DOOR_FDS):
            continue
        try:
            one = _socket.socket(fileno=fd)
        except OSError:
            # No socket.
            continue
        if one.family in (_socket.AF_INET, _socket.AF_INET6) and one.getsockopt(
            _socket.SOL_SOCKET, _socket.SO_ACCEPTCONN
        ):
            found[fd] = one.getsockname()
        one.detach()
    return found
