"""Tells which lines of the project change the process that they run in: threads, signals, the working directory …"""

import locale
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess
from typing import Any, Callable, Dict, List, Optional, Tuple

from .notes import Notes, Place
from .places import Places, caller

#: What a daemon process can be given instead: (module, function, what it does, the option, its value).
_OPTIONS: Tuple[Tuple[Any, str, str, str, Callable[[Any], str]], ...] = (
    (os, "umask", "changes the umask of the process", "umask=", lambda value: f"{value:04o}"),
    (locale, "setlocale", "changes the locale of the process", "locale=", lambda value: str(value) or "LOCALE"),
    (threading, "stack_size", "changes the stack size of threads", "stack-size=", str),
)


class Watches:
    """In place from `watch_process` on."""

    def __init__(self, notes: Notes, places: Places, root: str) -> None:
        self._notes = notes
        self._places = places
        self._root = root
        #: Where the project last started a program: what that writes to stdout is the line's.
        self.spawned: Optional[Place] = None
        #: Threads that the project itself started in a request.
        self._started: List[Tuple[threading.Thread, Place]] = []
        #: Where each thread was started.
        self._places_of: Dict[threading.Thread, Place] = {}
        self._quiet = threading.local()
        self._pid = os.getpid()

    # -- threads

    def imported(self) -> None:
        """The application is loaded: threads that run now run on beside requests."""
        for thread in threading.enumerate():
            place = self._places_of.get(thread)
            if thread is not threading.main_thread() and place is not None:
                through = f", through {place.via}" if place.via else ""
                self._notes.find("thread", place, f"starts the thread `{thread.name}` at import{through}")
        self._started.clear()

    def requested(self) -> None:
        """A request has ended: what it started itself and didn't wait for outlives it."""
        for thread, place in self._started:
            self._notes.find("thread", place, f"starts the thread `{thread.name}`, which the request doesn't wait for")
        self._started.clear()

    def thread_started(self, thread: threading.Thread, frame: Any) -> None:
        near, direct = self._places.nearest(frame), self._places.direct(frame)
        if near is not None:
            self._places_of[thread] = near
        if direct is not None:
            self._started.append((thread, direct))

    def thread_joined(self, thread: threading.Thread) -> None:
        self._started = [one for one in self._started if one[0] is not thread]

    # -- the rest

    def told(self, kind: str, message: str, frame: Any, place: Optional[Place] = None, **more: Any) -> None:
        """A finding, where the project does it itself."""
        own = place or self._places.direct(frame)
        if own is not None:
            self._notes.find(kind, own, message, **more)

    def process_started(self, frame: Any) -> None:
        place = self._places.nearest(frame)
        if place is not None:
            through = f", through {place.via}" if place.via else ""
            self._notes.find("process", place, f"starts a process that is a copy of the server's{through}")

    def process_ended(self, frame: Any) -> None:
        # In a process that it forked that is how to end it.
        if os.getpid() == self._pid:
            self.told("crash", f"{self._notes.phase} ends the process of the server", frame)

    def audit(self, event: str, args: Tuple[Any, ...]) -> None:
        """What Python tells of itself; it must not fail, nor open anything."""
        handler = _AUDITED.get(event)
        if handler is None or getattr(self._quiet, "on", False):
            return
        self._quiet.on = True
        try:
            handler(self, args, sys._getframe(1))
        finally:
            self._quiet.on = False

    def _on_spawn(self, args: Tuple[Any, ...], frame: Any) -> None:
        self.spawned = self._places.nearest(frame) or self.spawned

    def _on_chdir(self, args: Tuple[Any, ...], frame: Any) -> None:
        place = self._places.beyond_stdlib(frame)
        self.told("cwd", "changes the working directory of the process", frame, place) if place else None

    def _on_environ(self, args: Tuple[Any, ...], frame: Any) -> None:
        place = self._places.beyond_stdlib(frame)
        if place is not None and self._notes.phase != "import":
            name = args[0].decode("utf-8", "replace") if isinstance(args[0], bytes) else args[0]
            self.told("environ", f"changes the environment variable {name} in a request", frame, place)

    def _on_fork(self, args: Tuple[Any, ...], frame: Any) -> None:
        if self._places.direct(frame) is not None:
            self.process_started(frame)

    def _on_open(self, args: Tuple[Any, ...], frame: Any) -> None:
        path = args[0]
        if not isinstance(path, (str, bytes)) or path in ("", ":memory:") or os.fsdecode(path).startswith("file:"):
            return
        place = self._places.beyond_stdlib(frame)
        if place is None:
            return
        name = os.fsdecode(path)
        if not os.path.isabs(name) and os.getcwd() == self._root:
            self._notes.find("cwd", place, f"opens `{name}`, relative to the working directory", needs="home=DIRECTORY")
        writes = len(args) > 2 and bool(args[2] & (os.O_WRONLY | os.O_RDWR))
        self._permission(place, os.path.abspath(name), writes)

    def _permission(self, place: Place, path: str, writes: bool) -> None:
        shown = self._places.relative(path) if self._places.is_own(path) else path
        user = f"the user that Apache runs as here (uid {os.getuid()})"
        if os.path.exists(path):
            if not os.access(path, os.W_OK if writes else os.R_OK):
                self._notes.find("permission", place, f"`{shown}` can't be {_done(writes)} by {user}")
        elif writes and os.path.isdir(os.path.dirname(path)) and not os.access(os.path.dirname(path), os.W_OK):
            self._notes.find("permission", place, f"`{shown}` can't be made by {user}")


def _done(writes: bool) -> str:
    return "written" if writes else "read"


_AUDITED: Dict[str, Callable[[Watches, Tuple[Any, ...], Any], None]] = {
    "subprocess.Popen": Watches._on_spawn,
    "os.system": Watches._on_spawn,
    "os.posix_spawn": Watches._on_spawn,
    "os.chdir": Watches._on_chdir,
    "os.putenv": Watches._on_environ,
    "os.unsetenv": Watches._on_environ,
    "os.fork": Watches._on_fork,
    "open": Watches._on_open,
    "sqlite3.connect": Watches._on_open,
}


def watch_process(watches: Watches) -> None:
    """Puts them in place, for good."""
    sys.addaudithook(watches.audit)
    _before(threading.Thread, "start", lambda frame, args: watches.thread_started(args[0], frame))
    _before(threading.Thread, "join", lambda frame, args: watches.thread_joined(args[0]))
    _before(BaseProcess, "start", lambda frame, args: watches.process_started(frame))
    _before(os, "_exit", lambda frame, args: watches.process_ended(frame))
    _before(signal, "signal", lambda frame, args: watches.told("signal", f"handles {_name(args[0])} itself", frame))
    for module, name, text, option, shown in _OPTIONS:
        _before(module, name, _option(watches, text, option, shown))


def _option(
    watches: Watches, text: str, option: str, shown: Callable[[Any], str]
) -> Callable[[Any, Tuple[Any, ...]], None]:
    message = f"{text}, for which WSGIDaemonProcess has {option}"

    def tell(frame: Any, args: Tuple[Any, ...]) -> None:
        # setlocale(category) only asks.
        if args and args[-1] is not None and not (len(args) == 1 and isinstance(args[0], int) and "locale" in message):
            watches.told("option", message, frame, needs=option + shown(args[-1]))

    return tell


def _before(owner: Any, name: str, act: Callable[[Any, Tuple[Any, ...]], None]) -> None:
    original = getattr(owner, name)

    def watched(*args: Any, **named: Any) -> Any:
        act(caller(), args)
        return original(*args, **named)

    watched.__name__, watched.__doc__ = name, original.__doc__
    setattr(owner, name, watched)


def _name(number: Any) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
