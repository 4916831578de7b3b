"""How many requests wait behind the one that is stopped: told where a line is awaited next."""

from typing import Any, Tuple

from ..desk import Desk
from ..sockets import waiting_requests
from ..stop.stops import Stops


class Behind(Stops):
    """Mixed into pdb, and into what is made of it."""

    def __init__(self, desk: Desk, **options: Any) -> None:
        #: The request that stands here, and how many wait behind it, as was last told.
        self._behind: Tuple[Any, int] = (None, 0)
        super().__init__(desk, **options)

    def preloop(self) -> None:
        super().preloop()
        self._tell_who_waits()

    def postcmd(self, stop: bool, line: str) -> bool:
        if not stop:
            self._tell_who_waits()
        return super().postcmd(stop, line)

    def _tell_who_waits(self) -> None:
        # Nor in a scenario, which prints the same each time: who has arrived by now is chance.
        if self.cmdqueue or self.commands_defining or self.desk.evidence:
            return
        request, known = self._behind
        count = waiting_requests(self.desk.port)
        if count != (known if request is self.desk.request else 0):
            waits = {0: "no request waits", 1: "1 request waits"}.get(count, f"{count} requests wait")
            self.say(f"{waits} behind this one")
        self._behind = self.desk.request, count
