"""What the parts of debug mode share in Apache's process: the console, the two ways of telling, and the request."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    from .console import Console
    from .events import Emitter
    from .middleware import Request
    from .notes import Notes


class Desk:
    """One for the process, which serves one request at a time: `request` is that one."""

    def __init__(self, console: Console, emitter: Emitter, notes: Notes, root: str, evidence: bool = False) -> None:
        self.console = console
        self.emitter = emitter
        self.notes = notes
        #: The project's directory.
        self.root = root
        #: Each stop leaves its source and its locals, for a report.
        self.evidence = evidence
        self.request: Optional[Request] = None
