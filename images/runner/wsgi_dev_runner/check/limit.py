"""The time that the import, and each request, may take in a pass."""

import faulthandler
from typing import IO


class Limit:
    """Within a `with`: a process that takes longer writes its stacks to a file and ends."""

    def __init__(self, seconds: float, stacks: IO[str]) -> None:
        self._seconds = seconds
        self._stacks = stacks

    def longer(self, seconds: float) -> "Limit":
        """One that is longer by so much."""
        return Limit(self._seconds + seconds, self._stacks)

    def __enter__(self) -> "Limit":
        # A thread of C code does it: it comes through whatever Python waits for.
        faulthandler.dump_traceback_later(self._seconds, exit=True, file=self._stacks)
        return self

    def __exit__(self, *_: object) -> None:
        faulthandler.cancel_dump_traceback_later()
