"""The server that runs: who it is, what it does, and its end."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from typing import Any, Optional

from .places import Places

_LOOK_SECONDS = 0.02


def hold(places: Places) -> Optional[int]:
    """Be the project's one server for as long as the descriptor is open; None: another one is."""
    fd = os.open(places.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    os.ftruncate(fd, 0)
    os.pwrite(fd, str(os.getpid()).encode(), 0)
    return fd


def server(places: Places) -> Optional[int]:
    """The process that holds the project's lock."""
    try:
        fd = os.open(places.lock, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return int(os.pread(fd, 20, 0) or 0) or None
    finally:
        os.close(fd)


def read(places: Places, name: str) -> Any:
    """A file of the state directory; None where it isn't there."""
    try:
        with open(os.path.join(places.state, name), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def leave(places: Places, name: str, value: Any) -> None:
    """Write a file of the state directory, so that the runner sees the old one or the new one, never half of it."""
    temporary = os.path.join(places.state, f"{name}.{os.getpid()}")
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(temporary, os.path.join(places.state, name))


def end(places: Places, pid: int, seconds: float) -> None:
    """Stop the server; after `seconds` it is killed, with what is below it."""
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while server(places) == pid:
        if time.monotonic() > deadline:
            _kill(pid)
        # The kernel tells only a parent of an end; this is no loop that a person waits for.
        time.sleep(_LOOK_SECONDS)


def _kill(pid: int) -> None:
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
            if parent == pid:
                os.kill(int(name), signal.SIGKILL)
        except OSError:
            continue
    os.kill(pid, signal.SIGKILL)
