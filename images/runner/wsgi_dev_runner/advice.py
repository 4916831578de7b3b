"""What is worth a word about an application: said on the terminal once, after it is ready and never into a prompt."""

from __future__ import annotations

import fcntl
import os
import sys
import time

from .apache import NOTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Set, Tuple

    #: What is looked at ("survey" or "failed"), the file that says it, and its order.
    Look = Tuple[str, str, str]

#: A request that runs for so many seconds may wait for itself.
_LONG_SECONDS = 1.0
_SELF_CALL = (
    "a request to this same server waits: debug mode serves one at a time. "
    "Made by the one that runs, it waits for itself; Ctrl-C shows where"
)
_PROGRAM = "import sys; sys.path.insert(0, {!r}); from wsgi_dev_runner.survey import main; main({!r}, {!r}, {!r})"
_PACKAGE_PARENT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Advice:
    """One for the container: what was said once isn't said again after an edit."""

    def __init__(self, say: Callable[[str], None], notes: int) -> None:
        self._say = say
        self._notes = notes
        self._told: Set[str] = set()
        self._waiting: List[Tuple[bool, str]] = []
        self._activity = "loading"
        #: The process that looks at something.
        self._looks: Optional[int] = None
        #: What is due once that has ended.
        self._due: List[Look] = []
        #: When a request that still runs then is looked at: seconds of the monotonic clock.
        self.look_at: Optional[float] = None

    def on_activity(self, activity: str) -> None:
        """The application's process does something else now."""
        self._activity = activity
        self.look_at = time.monotonic() + _LONG_SECONDS if activity == "busy" else None
        self._flush()

    def on_note(self, note: Dict[str, Any], order: str) -> None:
        """Of the application's process, of what it forked, or of what looks at it."""
        if "survey" in note:
            # The last one has it all.
            self._due = [("survey", note["survey"], order), *(one for one in self._due if one[0] != "survey")]
            self._start_look()
        elif "failed" in note:
            self._due.append(("failed", note["failed"], order))
            self._start_look()
        elif note["advice"] not in self._told:
            self._told.add(note["advice"])
            self._waiting.append((note["soon"], note["text"]))
            self._flush()

    def look(self, listen: str) -> None:
        """A request runs for long: does the server wait for itself?"""
        self.look_at = None
        from .selfcall import calls_itself

        if calls_itself(listen):
            self._waiting.append((True, _SELF_CALL))
            self._flush()

    def reap(self) -> None:
        """Take note of a look's end."""
        if self._looks is not None and os.waitpid(self._looks, os.WNOHANG)[0] != 0:
            self._looks = None
            self._start_look()

    def _flush(self) -> None:
        """Say what may be said: what is of the moment while a request runs too, the rest between two."""
        due = [(soon, text) for soon, text in self._waiting if self._activity == "idle" or soon]
        if not due or self._activity not in ("idle", "busy"):
            return
        try:
            # A prompt may have opened this very moment.
            fcntl.flock(self._notes, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for one in due:
            self._waiting.remove(one)
            self._say(one[1])
        fcntl.flock(self._notes, fcntl.LOCK_UN)

    def _start_look(self) -> None:
        if self._looks is not None or not self._due:
            return
        what, path, order = self._due.pop(0)
        command, environment = _survey(path, order) if what == "survey" else _comparison(path, order)
        null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
        # A group of its own, so that Ctrl-C isn't for it.
        self._looks = os.posix_spawn(sys.executable, command, environment, file_actions=null, setpgroup=0)


def _survey(path: str, order: str) -> Tuple[List[str], Dict[str, str]]:
    program = _PROGRAM.format(_PACKAGE_PARENT, path, NOTES, order)
    return [sys.executable, "-I", "-S", "-c", program], dict(os.environ)


def _comparison(path: str, order: str) -> Tuple[List[str], Dict[str, str]]:
    from .adopt.tried import command, environment

    return command("request", path, order), environment()
