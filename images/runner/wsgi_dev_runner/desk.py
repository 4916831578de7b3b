"""What the parts of debug mode share in Apache's process: the console, the two ways of telling, and the request."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Callable, Optional

    from .console import Console
    from .events import Emitter
    from .middleware import Request
    from .notes import Notes
    from .recorder import Recorder
    from .settings import Settings


class Desk:
    """One for the process, which serves one request at a time: `request` is that one."""

    def __init__(self, console: Console, emitter: Emitter, notes: Notes, settings: Settings) -> None:
        self.console = console
        self.emitter = emitter
        self.notes = notes
        #: The project's directory.
        self.root = settings.root
        #: Where Apache listens.
        self.port = int(settings.listen.rpartition(":")[2])
        #: Each stop leaves its source and its locals, for a report.
        self.evidence = settings.evidence
        #: The session is written down.
        self.recorder: Optional[Recorder] = None
        #: Python's own colours, where it has them.
        self.colors = settings.colors
        self.request: Optional[Request] = None
        #: Where an editor finds debugpy, HOST:PORT on the host.
        self.editor = settings.editor_address
        #: Called as a request ends: stepping over its last line doesn't lead into the server.
        self.stop_tracing: Callable[[], None] = lambda: sys.settrace(None)
        #: Told of each request that has ended.
        self.on_end: Callable[[Request], None] = lambda _request: None
        #: In a process that the application forked: tells that something there can't stop, at a frame.
        self.forked: Optional[Callable[[str, FrameType], None]] = None

    def shown(self, filename: str) -> str:
        """`filename` as the person knows it: relative to the project where it lies in it."""
        return os.path.relpath(filename, self.root) if filename.startswith(self.root + os.sep) else filename
