"""An Apache, or a process beneath it, that ended unasked: what is told of it, and whether it is started again."""

from __future__ import annotations

import signal

from .crash import Stacks, how_it_ended
from .terminal import say, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from .server import Server


class Crashes:
    """Remembers what the last request was, and whether it crashed before."""

    def __init__(self, server: Server) -> None:
        self._server = server
        #: The last request of this Apache, in debug mode: id, method and path.
        self._request: Optional[Dict[str, Any]] = None
        #: It crashed, and no request came since.
        self._crashed = False
        #: It crashes as it loads the application, which is not loaded therefore.
        self.at_load = False

    def on_start(self) -> None:
        """Another Apache is started."""
        self._request = None

    def on_request(self, request: Dict[str, Any]) -> None:
        """A request has begun."""
        self._request = request
        self._crashed = False

    def forget(self) -> None:
        """The application is another one: it may be loaded again."""
        self.at_load = self._crashed = False

    def on_end(self, pid: int, code: int, number: int, interrupted: bool) -> Optional[int]:
        """Apache ended unasked: say so, and return the exit code if it never came up, None where it is to serve
        again. `interrupted`: Ctrl-C was pressed just before."""
        server = self._server
        if server.activity == "loading" and (server.starting or interrupted or self.at_load):
            if number and not interrupted:
                self.tell(pid, code, number)
            if not number and not interrupted and not server.failure and server.is_misconfigured():
                return int(server.next)
            if not server.failure and not interrupted:
                server.failure = {"reason": "apache", "message": how_it_ended(code, number)}
            return 130 if interrupted else 1
        self.tell(pid, code, number)
        # Without a request in between it would crash again and again.
        self.at_load = server.activity == "loading" or (self._crashed and self._request is None)
        self._crashed = True
        say("not loading the application before the next save" if self.at_load else "starting it again")
        return None

    def tell(self, pid: int, code: int, number: int) -> None:
        """Say how the process ended, in which request, and with which stacks. `code` and `number` (of the signal) are
        0 where they aren't known."""
        server = self._server
        stacks = Stacks(pid)
        number = number or stacks.signal
        file, line = stacks.place(server.settings.root)
        name = signal.Signals(number).name if number else None
        what = "Apache" if server.settings.debug else "the application's process"
        how = how_it_ended(code, number) if code or number else "ended unexpectedly"
        say(f"{what} {how}{self._in_request()}")
        write(stacks.shown())
        # Behind the words: whoever acts on it has seen them.
        server.emitter.emit("crash", signal=name, code=code, file=file, line=line, request=self._request)

    def _in_request(self) -> str:
        if self._request is None:
            return ""
        behind = "in" if self._server.activity in ("busy", "prompt", "paused") else "after"
        return " {} [{id}] {method} {path}".format(behind, **self._request)
