"""What the parts of debug mode share in Apache's process: the console, the two ways of telling, and the request."""

from typing import TYPE_CHECKING, Optional

from .console import Console
from .events import Emitter
from .notes import Notes

if TYPE_CHECKING:
    from .middleware import Request


class Desk:
    """One for the process, which serves one request at a time: `request` is that one."""

    def __init__(self, console: Console, emitter: Emitter, notes: Notes, root: str) -> None:
        self.console = console
        self.emitter = emitter
        self.notes = notes
        #: The project's directory.
        self.root = root
        self.request: Optional[Request] = None
