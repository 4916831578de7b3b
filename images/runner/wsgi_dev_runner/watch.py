"""Saved files, by inotify: no polling, nothing beyond the standard library."""

from __future__ import annotations

import ctypes
import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, Iterator, List

_IN_CLOSE_WRITE, _IN_MOVED_TO, _IN_CREATE, _IN_MOVED_FROM, _IN_DELETE = 0x8, 0x80, 0x100, 0x40, 0x200
_IN_ISDIR, _IN_ONLYDIR, _IN_EXCL_UNLINK = 0x40000000, 0x01000000, 0x04000000
#: A file counts as saved when its writer closes it or another is renamed over it: never while half-written.
_MASK = _IN_CLOSE_WRITE | _IN_MOVED_TO | _IN_CREATE | _IN_ONLYDIR | _IN_EXCL_UNLINK
_HEADER = struct.Struct("iIII")
#: Directories that hold no source of the application.
_SKIPPED = {"node_modules", "__pycache__", "site-packages"}
_SUFFIXES = (".py", ".wsgi")


class Watch:
    """Watches the source files below one directory, new directories included."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)
        self.fd: int = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd < 0:
            raise OSError(ctypes.get_errno(), "inotify_init1")
        self._directories: Dict[int, str] = {}

    def add_tree(self, root: str) -> List[str]:
        """Watch `root` and every directory of source below it; the files that are there."""
        found: List[str] = []
        for directory, names, files in os.walk(root):
            if "pyvenv.cfg" in files:
                names.clear()
                continue
            names[:] = [name for name in names if _is_watched(name)]
            watch = self._libc.inotify_add_watch(self.fd, os.fsencode(directory), _MASK)
            if watch >= 0:
                self._directories[watch] = directory
            found += [os.path.join(directory, name) for name in files]
        return found

    def saved(self) -> List[str]:
        """The source files saved since the last call; never blocks."""
        return list(dict.fromkeys(path for path in self._paths() if _is_source(os.path.basename(path))))

    def _paths(self) -> Iterator[str]:
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return
        offset = 0
        while offset < len(data):
            watch, mask, _cookie, length = _HEADER.unpack_from(data, offset)
            offset += _HEADER.size
            name = os.fsdecode(data[offset : offset + length].rstrip(b"\0"))
            offset += length
            path = os.path.join(self._directories.get(watch, ""), name)
            if mask & _IN_ISDIR and not _is_watched(name):
                continue
            if mask & _IN_ISDIR:
                # What was saved in it before it was watched is told by nothing else.
                yield from self.add_tree(path)
            elif mask & (_IN_CLOSE_WRITE | _IN_MOVED_TO):
                yield path


def _is_watched(directory: str) -> bool:
    return not directory.startswith(".") and directory not in _SKIPPED


def _is_source(name: str) -> bool:
    # Editors keep locks and copies as .#name.py.
    return name.endswith(_SUFFIXES) and not name.startswith(".")
