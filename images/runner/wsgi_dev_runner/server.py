"""What runs beneath the supervisor: one Apache after another, as the client's orders want it."""

from __future__ import annotations

import os
import signal
import time

from .apache import Apache, prepare
from .door import Door
from .events import Emitter
from .settings import STATE_DIRECTORY, read_settings, remove_quietly, write_atomically
from .terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from .adopt.interpreters import Interpreters
    from .adopt.result import Adopted, AdoptError
    from .daemons import Daemons
    from .editor_port import EditorPort

#: What SIGTERM can't reach (Python waiting at a prompt, a C call) is killed after this many seconds.
_TERM_SECONDS = 0.3
_PAUSED = os.path.join(STATE_DIRECTORY, "paused.json")


class Server:
    """Starts and ends it, and tells how it stands: by events, and in the state file."""

    def __init__(self, make_emitter: Optional[Callable[[str], Emitter]] = None) -> None:
        """`make_emitter`, given an order's nonce: where there is no client, and a person is told instead."""
        self._make_emitter = make_emitter or (lambda nonce: Emitter(1, nonce, "server"))
        self.settings = read_settings()
        self.emitter = self._make_emitter(self.settings.nonce)
        self.apache: Optional[Apache] = None
        #: Serve mode: the processes beneath Apache.
        self.daemons: Optional[Daemons] = None
        #: The same under a configuration of the user's own.
        self.interpreters: Optional[Interpreters] = None
        #: What the application's process does: loading, idle, busy, prompt, paused (in an editor), failed.
        self.activity = "loading"
        #: The order whose first start is under way: its failure ends the container.
        self.starting = True
        #: Where the old Apache's end leads: None (it was not asked to end), "start" or an exit code.
        self.next: Any = None
        #: When Apache is killed that was told to end.
        self.kill_at: Optional[float] = None
        #: Debug mode's Apache ends with the request that it has, if it has one, and another follows.
        self.is_ending = False
        #: Fields of the `exit` event: why it ended, where it didn't end by Ctrl-C.
        self.failure: Dict[str, Any] = {}
        self._editor_port: Optional[EditorPort] = None
        #: Debug mode: where its listening sockets outlive it.
        self._door: Optional[Door] = None
        #: What became of a configuration of the user's own.
        self._adopted: Optional[Adopted] = None

    def take_order(self) -> None:
        """The client has left other settings: start anew, with them."""
        self.settings = read_settings()
        self.emitter = self._make_emitter(self.settings.nonce)
        self.starting = True
        self.failure = {}
        self._adopted = None
        self.stop("start")

    def start(self, crashes: bool) -> None:
        """Start Apache; `crashes`: its process crashed as it loaded the application, and isn't to try again."""
        self.next = None
        self.kill_at = None
        self.is_ending = False
        self.activity = "loading"
        remove_quietly(_PAUSED)
        self.write_state("starting")
        if self.settings.apache and self._adopted is None and not self._adopt():
            return
        prepare(self.settings, crashes, not self.starting, self._adopted)
        self.daemons = self.interpreters = None
        if not self.settings.debug and self._adopted is None:
            from .daemons import Daemons

            self.daemons = Daemons()
        elif not self.settings.debug and self._adopted is not None and self._adopted.scripts:
            from .adopt.interpreters import Interpreters

            self.interpreters = Interpreters(self._adopted.scripts)
        variables = self._adopted.environment if self._adopted else {}
        if self.starting:
            self._renew_door()
        self.apache = Apache(self.settings, variables, self._take_editor_port(), self._door, not self.starting)

    def _renew_door(self) -> None:
        """With another order Apache may listen elsewhere."""
        if self._door is not None:
            self._door.close()
        self._door = Door() if self.settings.debug else None

    def _adopt(self) -> bool:
        """Take over the configuration of the user's own, once for each order; False: that ends the server."""
        from .adopt.report import adopt_aloud
        from .adopt.result import AdoptError

        try:
            self._adopted = adopt_aloud(self.settings, say)
        except AdoptError as error:
            self._refuse(error)
            return False
        self.settings.url = self._adopted.urls[0]
        return True

    def _refuse(self, error: AdoptError) -> None:
        say("\n".join([str(error), *([error.excerpt] if error.excerpt else [])]))
        self.failure = {"reason": "configuration", "message": str(error)}
        self.next = 2

    def is_misconfigured(self) -> bool:
        """Apache ended before it was up. Of a configuration of the user's own it is asked why once more: it took the
        same text before, but a file that this names may be gone."""
        if self._adopted is None:
            return False
        from .adopt.adoption import adopt
        from .adopt.remembered import forget
        from .adopt.result import AdoptError

        forget()
        try:
            adopt(self.settings)
        except AdoptError as error:
            self._refuse(error)
        return self.next is not None

    def _take_editor_port(self) -> Optional[int]:
        if self._editor_port is None and not self.settings.editor_listen:
            return None
        from .editor_port import EditorPort, tell_editor

        self._editor_port = self._editor_port or EditorPort()
        tell_editor(False)
        return self._editor_port.take(self.settings.editor_listen if self.settings.debug else "")

    def stop(self, then: Any) -> None:
        """End Apache; `then` is "start" for another one, else the exit code."""
        self.next = then
        if self._editor_port is not None:
            from .editor_port import tell_editor

            tell_editor(then == "start")
        if self.apache is None:
            return
        if self.activity == "prompt":
            # At a prompt SIGTERM only sets a flag.
            self.signal(signal.SIGKILL)
            return
        self.signal(signal.SIGTERM)
        if self.daemons is not None:
            self.daemons.end()
        self.kill_at = time.monotonic() + _TERM_SECONDS

    @property
    def is_followed(self) -> bool:
        """Whether Apache is to end already: the next one has what is saved by then."""
        return self.next is not None or self.is_ending

    def renew(self) -> None:
        """Let debug mode's Apache, which is idle as far as is known, end, and another one follow. One request may have
        begun meanwhile: it has its time."""
        self.is_ending = True
        if self._editor_port is not None:
            from .editor_port import tell_editor

            tell_editor(True)
        # Python doesn't see it: Apache looks whether it came before it accepts another connection.
        self.signal(signal.SIGTERM)
        self.await_end()

    def await_end(self) -> None:
        """Of an Apache that is being renewed: it is killed where it stays idle, and not while a request runs."""
        self.kill_at = time.monotonic() + _TERM_SECONDS if self.activity in ("idle", "failed") else None

    def kill(self) -> None:
        """It was told to end, and its time is up."""
        self.kill_at = None
        if self.next is None:
            self.next = "start"
        self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        """Send Apache a signal, if it runs."""
        if self.apache is not None:
            self.apache.signal(number)

    def reap(self) -> Optional[Tuple[int, int, int]]:
        """(process, exit code, signal) of an Apache that has ended; there is none then."""
        ended = self.apache.reap() if self.apache else None
        if self.apache is None or ended is None:
            return None
        pid = self.apache.pid
        self.apache = None
        return (pid, *ended)

    def loaded(self, note: Dict[str, Any]) -> None:
        """The application's process has loaded the application, or couldn't."""
        if not note["loaded"]:
            for hint in self._hints(note):
                say(hint)
            self.failure = {"reason": "load", "message": note["message"], "file": note["file"], "line": note["line"]}
            if self.starting:
                self.stop(1)
                return
        else:
            self.failure = {}
        self.write_state("ready" if note["loaded"] else "failed")
        if self.starting:
            self.starting = False
            self.emitter.emit("ready", order=self.settings.order, mode=self.settings.mode, url=self.settings.url)
        elif not note.get("announced"):
            if note["loaded"] and self.settings.debug:
                say("ready again")
            self.emitter.emit("reload", ok=note["loaded"])

    def _hints(self, note: Dict[str, Any]) -> List[str]:
        """What to say besides of an application that can't be loaded."""
        hints = [note["hint"]] if note.get("hint") else []
        if self.settings.apache:
            from .adopt.unfound import why_unfound

            unfound = why_unfound(note["message"], self.settings.root)
            hints += [unfound] if unfound else []
        return hints

    def write_state(self, phase: str) -> None:
        """Tell clients that look at the files: "starting", "ready", "failed" or "stopped"."""
        write_atomically(
            os.path.join(STATE_DIRECTORY, "state.json"),
            {
                "order": self.settings.order,
                "mode": self.settings.mode,
                "debugger": self.settings.debugger,
                "notify": self.settings.notify,
                "url": self.settings.url,
                "phase": phase,
                "since": time.time(),
            },
        )
