"""The port that an editor attaches to. The supervisor holds it, so that an editor that comes while Apache is started
anew waits for the next process instead of being refused."""

from __future__ import annotations

import os
import socket

from .settings import RUNTIME_DIRECTORY, remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

#: The descriptor that Apache's process gets it as: above those that Apache opens itself.
EDITOR_FD = 98
#: There while Apache ends for another one: what an editor is told then.
COMES_AGAIN = os.path.join(RUNTIME_DIRECTORY, "comes-again")


class EditorPort:
    """At most one listening socket."""

    def __init__(self) -> None:
        self._at = ""
        self._socket: Optional[socket.socket] = None

    def take(self, address: str) -> Optional[int]:
        """The descriptor of a socket that listens at `address` ("HOST:PORT"; empty: none does). OSError where it
        can't."""
        if address == self._at:
            return self._socket.fileno() if self._socket else None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._at = address
        if not address:
            return None
        host, _, port = address.rpartition(":")
        family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host.strip("[]"), int(port)))
        listening.listen(1)
        self._socket = listening
        return listening.fileno()


def tell_editor(comes_again: bool) -> None:
    """Apache is about to end: whether another one comes."""
    if comes_again:
        open(COMES_AGAIN, "w").close()
    else:
        remove_quietly(COMES_AGAIN)


def inherited() -> socket.socket:
    """The socket, in Apache's process: what that starts itself doesn't get it."""
    listening = socket.socket(fileno=EDITOR_FD)
    listening.set_inheritable(False)
    return listening
