"""What wakes the supervisor's loop: signals, and notes of the application's process."""

from __future__ import annotations

import json
import os
import select
import signal

from .apache import NOTES
from .settings import remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Optional

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD)


class Inbox:
    """Both, as descriptors that can be waited for together with others."""

    def __init__(self) -> None:
        self._wakeup = _signals_as_bytes()
        remove_quietly(NOTES)
        os.mkfifo(NOTES, 0o600)
        #: The FIFO of the notes. Open for writing too, so that it never ends.
        self.fd = os.open(NOTES, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def wait(self, others: List[int], seconds: Optional[float]) -> None:
        """Until something has come here or to one of `others`, or `seconds` have passed."""
        select.select([self.fd, self._wakeup, *others], [], [], seconds)

    def notes(self) -> Iterator[Dict[str, Any]]:
        """Those that have come."""
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return
        # Each note is one write() below PIPE_BUF: never half.
        for line in data.splitlines():
            yield json.loads(line)

    def signals(self) -> bytes:
        """The numbers of those that have come, in their order."""
        try:
            return os.read(self._wakeup, 4096)
        except BlockingIOError:
            return b""


def _signals_as_bytes() -> int:
    """A descriptor that a byte arrives at for each signal, its number."""
    wakeup, write_end = os.pipe()
    os.set_blocking(wakeup, False)
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    for number in _SIGNALS:
        # A handler and not SIG_IGN, which Apache would inherit; what is done is done in the loop.
        signal.signal(number, lambda _number, _frame: None)
    return wakeup
