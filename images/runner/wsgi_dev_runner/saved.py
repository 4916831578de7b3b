"""What a saved file leads to: at once, after the request that runs, or in serve mode in another process."""

from __future__ import annotations

import os

from .terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional

    from .crashes import Crashes
    from .daemons import Daemons
    from .edits import Edits
    from .server import Server


class Saved:
    """Has the application loaded again."""

    def __init__(self, server: Server, crashes: Crashes) -> None:
        self._server = server
        self._crashes = crashes
        self._edits: Optional[Edits] = None
        #: The script file: the application's process loads it anew by itself, at the next request.
        self._script: Optional[str] = None
        #: Debug mode: files of an edit that waits for the end of a request.
        self._waiting: List[str] = []
        #: Serve mode: files of an edit that is not whole yet.
        self._unsettled: List[str] = []

    def on_start(self) -> None:
        """Another Apache was started, which has what was saved."""
        self._waiting = []
        self._unsettled = []
        # While Apache starts: it costs no time then, and no edit after `ready` is missed.
        if self._edits is None and self._server.settings.reload:
            from .edits import Edits

            self._edits = Edits(self._server.settings.root)

    @property
    def fds(self) -> List[int]:
        """What to wait for besides deadlines."""
        return [self._edits.fd] if self._edits else []

    @property
    def settled_at(self) -> float:
        """When the files of the last edit are all there."""
        return self._edits.settled_at if self._edits else 0.0

    def look(self) -> None:
        """Take in what was saved."""
        server = self._server
        paths = self._edits.read() if self._edits else []
        if self._edits is None or not paths or not server.settings.reload or server.is_followed:
            # Where Apache is being started anew, that start has them.
            return
        if server.activity == "loading":
            paths = self._edits.while_loading(paths)
            if server.starting:
                return
        else:
            paths = self._edits.between_loads(paths)
        if not paths:
            return
        if server.daemons is not None:
            self._unsettled += paths
        elif server.activity in ("busy", "prompt", "paused"):
            self._waiting += [path for path in paths if path != self._script]
        elif server.activity != "idle" or any(path != self._script for path in paths):
            self._load_again(paths)

    def _load_again(self, paths: List[str]) -> None:
        self._crashes.forget()
        others = f" and {len(set(paths)) - 1} more" if len(set(paths)) > 1 else ""
        path = os.path.relpath(paths[0], self._server.settings.root)
        say(f"{path}{others} changed: loading the application again")
        if self._server.activity == "loading":
            self._server.stop("start")
        else:
            self._server.renew()

    def on_activity(self, note: Dict[str, Any]) -> None:
        """The application's process does something else now."""
        if "script" in note:
            self._script = note["script"]
        elif note.get("loaded") is False and not note.get("announced"):
            # A process that never loaded it doesn't know what to load anew.
            self._script = None
        if self._server.is_ending:
            self._server.await_end()
        # Before it is known to have failed at the start: that ends the server.
        ends = note["activity"] == "failed" and (self._server.starting or note.get("announced"))
        if self._waiting and note["activity"] in ("idle", "failed") and not ends and not self._server.is_followed:
            self._load_again(self._waiting)

    def deadlines(self) -> Iterable[Optional[float]]:
        """When `on_deadlines` has something to do."""
        if self._unsettled:
            yield self.settled_at
        if self._server.daemons is not None and self._server.next is None:
            yield self._server.daemons.due()

    def on_deadlines(self, now: float) -> None:
        """Do what is due."""
        server = self._server
        if server.daemons is not None and server.next is None:
            self._renew(server.daemons, now)

    def _renew(self, daemons: Daemons, now: float) -> None:
        if self._unsettled and now >= self.settled_at:
            self._unsettled = []
            daemons.renew()
        if daemons.advance(now):
            self._server.activity = "loading"
