"""The runner's supervisor on a person's own terminal, or in the background: events become words."""

from __future__ import annotations

import signal
from typing import Any, Callable

from wsgi_dev_runner.events import Emitter
from wsgi_dev_runner.supervisor import Supervisor


class Inside(Supervisor):
    """`on_event` hears what a client would be told."""

    def __init__(self, on_event: Callable[..., None]) -> None:
        super().__init__(lambda _nonce: Told(on_event))

    def _on_signal(self, number: int) -> None:
        # A closed window: nobody can come back to this terminal.
        super()._on_signal(signal.SIGTERM if number == signal.SIGHUP else number)


class Told(Emitter):
    """An emitter whose events go to a function."""

    def __init__(self, on_event: Callable[..., None]) -> None:
        super().__init__(1, "", "server")
        self._on_event = on_event

    def emit(self, event: str, **fields: Any) -> None:
        self._on_event(event, **fields)
