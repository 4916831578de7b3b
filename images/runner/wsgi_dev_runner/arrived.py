"""What has arrived of a request's body, seen without taking it from the application and without waiting for more.

Apache has read some of it together with the request's header, and only a read that waits for the rest would give that
out. So a copy of the process reads: what it takes, it takes from its own memory, and in the place of the connection it
has one that holds what the kernel has received, and then ends.
"""

import os
import select
import signal
import socket
import time
import warnings
from typing import Any

from .sockets import connection

#: A copy that takes longer is ended: 64 KB take 0.1 s where they come one by one.
_SECONDS = 0.5


def arrived(environ: Any, port: int, limit: int) -> bytes:
    """At most `limit` bytes, behind those that the application has read; b"" where they can't be had."""
    fd = connection(port, int(environ.get("REMOTE_PORT") or 0))
    if fd is None:
        return b""
    body = environ["wsgi.input"]
    # A read of more than there is fails, and what it has read is lost: all at once, or else one by one.
    return _copied(body, fd, limit, limit) or _copied(body, fd, limit, 1)


def _copied(body: Any, fd: int, limit: int, size: int) -> bytes:
    """What a copy of the process can read of `body` in pieces of `size` bytes."""
    reader, writer = os.pipe()
    # Ctrl-C goes to every process of the terminal: the copy has no use for it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    try:
        with warnings.catch_warnings():
            # Of threads that the copy won't have: it does nothing that needs them.
            warnings.simplefilter("ignore")
            pid = os.fork()
        if pid == 0:
            _be_the_copy(body, fd, writer, limit, size)
    except OSError:
        return b""
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(writer)
    try:
        return _read_all(reader)
    finally:
        os.close(reader)
        _end(pid)


def _be_the_copy(body: Any, fd: int, writer: int, limit: int, size: int) -> None:
    """Write to `writer` what can be read of `body`, and end: nothing of the process that was copied may run on."""
    try:
        _end_connection(fd, limit)
        for _ in range(0, limit, size):
            part = body.read(size)
            if not part:
                break
            while part:
                part = part[os.write(writer, part) :]
    finally:
        os._exit(0)


def _end_connection(fd: int, limit: int) -> None:
    with socket.socket(fileno=os.dup(fd)) as real:
        try:
            received = real.recv(limit, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            received = b""
    ours, theirs = socket.socketpair()
    ours.sendall(received)
    ours.shutdown(socket.SHUT_WR)
    os.dup2(theirs.fileno(), fd)


def _read_all(reader: int) -> bytes:
    parts = []
    deadline = time.monotonic() + _SECONDS
    while select.select([reader], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(reader, 65536)
        if not part:
            break
        parts.append(part)
    return b"".join(parts)


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        # An application that ignores SIGCHLD has its children reaped by the kernel.
        pass
