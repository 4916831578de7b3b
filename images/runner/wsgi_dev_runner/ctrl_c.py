"""What Ctrl-C means to the server, while the application's process doesn't take it."""

from __future__ import annotations

import time

from .settings import STACKS_SIGNAL
from .terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Tuple

    from .server import Server

#: Ctrl-C pressed again within this many seconds belongs to the last: two stop an idle server, three one in C code.
_INTERRUPT_SECONDS = 3.0
#: A running request answers Ctrl-C with a prompt in this many seconds, unless C code holds on.
_PROMPT_SECONDS = 0.3


class CtrlC:
    """Remembers when it was pressed."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._at = float("-inf")
        #: Pressed in a row while a request runs and no prompt has come.
        self._unanswered = 0
        self._unanswered_at = float("-inf")
        #: When the stacks of a request are shown that doesn't answer.
        self.stacks_at: Optional[float] = None

    def is_recent(self) -> bool:
        """Whether it was pressed so lately that the next one stops the server."""
        return time.monotonic() - self._at < _INTERRUPT_SECONDS

    def on_activity(self, activity: str) -> None:
        """The application's process does something else now."""
        if activity != "busy":
            self._unanswered = 0
            self.stacks_at = None

    def on_press(self) -> None:
        """It was pressed."""
        server = self._server
        if server.activity == "busy" and server.next is None and server.settings.debugger != "debugpy":
            self._on_interrupted_request(time.monotonic())
        if server.next is not None or server.activity in self._left_to_application():
            # Under way to its end, or the application's own affair.
            return
        recent = self.is_recent()
        self._at = time.monotonic()
        if server.activity == "loading":
            server.stop(130)
        elif recent or not server.settings.debug:
            server.stop(0)
        else:
            # How to leave it running depends on the client: that says so itself.
            say("Press Ctrl-C again to stop the server")

    def _left_to_application(self) -> Tuple[str, ...]:
        """Activities in which Ctrl-C is the application's alone. With an editor, which has no Ctrl-C of its own, the
        second one stops the server then too."""
        return ("prompt",) if self._server.settings.debugger == "debugpy" else ("busy", "prompt")

    def _on_interrupted_request(self, now: float) -> None:
        """Python opens the prompt by itself, unless C code holds on: then show where, and at the third time end it."""
        recent = now - self._unanswered_at < _INTERRUPT_SECONDS
        self._unanswered_at = now
        self._unanswered = self._unanswered + 1 if recent else 1
        if self._unanswered == 1:
            self.stacks_at = now + _PROMPT_SECONDS
        elif self._unanswered == 2:
            self.show_stacks()
        else:
            self._server.stop(0)

    def show_stacks(self) -> None:
        """No prompt has come: have the application's process print where its threads are."""
        self.stacks_at = None
        say("the request is in C code and stops when that returns; the stacks of all threads:")
        self._server.signal(STACKS_SIGNAL)
