"""The container's main process: holds the terminal, and starts, stops and restarts Apache beneath it.

One loop waits for signals, for notes of the application's process, for saved files and for deadlines. What Apache does
next is asked for in few places (an order here, `ctrl_c`, `saved`), and carried out once the old Apache is gone.
"""

from __future__ import annotations

import os
import signal
import time

from .crashes import Crashes
from .ctrl_c import CtrlC
from .inbox import Inbox
from .saved import Saved
from .server import Server
from .settings import REPORTS, RUNTIME_DIRECTORY, STATE_DIRECTORY, remove_quietly
from .terminal import Terminal, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterable, Optional

    from .daemons import Daemons
    from .events import Emitter
    from .measures.reports import Reports
    from .waiting import Waiting


class Supervisor:
    """Runs until told to stop; `run` returns the exit code: 0 stopped, 1 the application or Apache failed, 130 Ctrl-C
    before it was ready."""

    def __init__(self, make_emitter: Optional[Callable[[str], Emitter]] = None) -> None:
        os.makedirs(RUNTIME_DIRECTORY, mode=0o700, exist_ok=True)
        self._terminal = Terminal()
        self._inbox = Inbox()
        self._server = Server(make_emitter)
        self._ctrl_c = CtrlC(self._server)
        self._crashes = Crashes(self._server)
        self._saved = Saved(self._server, self._crashes)
        self._advice: Any = None
        self._waiting: Optional[Waiting] = None
        self._reports: Optional[Reports] = None
        self._exit_code: Optional[int] = None

    def run(self) -> int:
        remove_quietly(REPORTS)
        self._begin_reports()
        self._run_hooks()
        if self._exit_code is None:
            self._start()
        while self._exit_code is None:
            self._turn()
        self._terminal.restore()
        self._compare()
        self._tell_reports()
        self._server.write_state("stopped")
        self._server.emitter.emit("exit", code=self._exit_code, **self._server.failure)
        return self._exit_code

    def _turn(self) -> None:
        deadlines = [at for at in self._deadlines() if at is not None]
        timeout = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
        self._inbox.wait(self._saved.fds, timeout)
        # Whether Ctrl-C is the server's depends on what the application had said by then: all of that is read first,
        # and a signal that comes meanwhile is the next turn's.
        signals = self._inbox.signals()
        self._read_notes()
        for number in signals:
            self._on_signal(number)
        self._saved.look()
        self._on_deadlines(time.monotonic())
        if self._server.apache is None and self._server.next is not None:
            self._carry_on()

    # -- what it hears

    def _on_signal(self, number: int) -> None:
        if number == signal.SIGCHLD:
            self._on_child()
        elif number == signal.SIGINT:
            self._ctrl_c.on_press()
        elif number == signal.SIGTERM:
            self._server.failure = {"reason": "stopped"}
            self._server.stop(0)
        elif number in (signal.SIGUSR1, signal.SIGHUP):
            self._crashes.forget()
            self._server.take_order()
            self._begin_reports()
        elif number == signal.SIGUSR2:
            self._on_redraw()

    def _on_redraw(self) -> None:
        """A terminal was attached: let the prompt be printed again, or say that there is none."""
        if self._server.activity in ("prompt", "paused"):
            self._server.signal(signal.SIGUSR2)
        else:
            self._server.emitter.emit("redraw", part="end")

    def _read_notes(self) -> None:
        for note in self._inbox.notes():
            if note.pop("order") != self._server.settings.order or self._server.next is not None:
                continue
            if "activity" in note:
                self._on_note(note)
            else:
                self._advice.on_note(note, self._server.settings.order)

    def _on_note(self, note: Dict[str, Any]) -> None:
        server = self._server
        if server.daemons is not None and not self._tells_of_the_server(server.daemons, note):
            return
        if server.interpreters is not None:
            whole = server.interpreters.hear(note)
            if whole is None:
                return
            note = whole
        if "loaded" in note:
            # What was saved until then was saved while it loaded.
            self._saved.look()
            if server.next is not None:
                return
        server.activity = note["activity"]
        if "request" in note:
            self._crashes.on_request(note["request"])
        self._ctrl_c.on_activity(server.activity)
        self._saved.on_activity(note)
        if "loaded" in note:
            server.loaded(note)
        if server.settings.debug:
            self._advice.on_activity(server.activity)
        if self._waiting is not None:
            self._waiting.on_activity(server.activity)

    def _tells_of_the_server(self, daemons: Daemons, note: Dict[str, Any]) -> bool:
        """Serve mode: whether the note of one of its processes tells how loading ended for all of it."""
        crashed = daemons.crashed(note)
        if crashed is not None:
            # Apache has started another one already.
            self._crashes.tell(crashed, 0, 0)
        if daemons.hear(note):
            return True
        if note["activity"] == "loading" and note["group"] == daemons.current:
            self._server.activity = "loading"
        return False

    def _on_child(self) -> None:
        if self._advice is not None:
            self._advice.reap()
        ended = self._server.reap()
        if ended is None:
            return
        from .strays import end_strays

        end_strays()
        server = self._server
        self._terminal.restore(was_full_screen=server.activity == "prompt" and server.settings.debugger == "pudb")
        if server.next is not None:
            return
        if server.is_ending and ended[1:] == (0, 0):
            server.next = "start"
            return
        # What it said last may not be read yet: that the application can't be loaded, too.
        self._read_notes()
        if server.next in (None, "start"):
            code = self._crashes.on_end(*ended, self._ctrl_c.is_recent())
            if code is None:
                self._start()
            else:
                server.next = code

    # -- what it does

    def _run_hooks(self) -> None:
        """What is to run before the application; once for the container's start."""
        server = self._server
        has_before = os.path.exists(f"{STATE_DIRECTORY}/before.json")
        if not has_before and not server.settings.before_start:
            return
        from .hooks import run_before, run_hooks

        server.write_state("starting")
        settings = server.settings
        ended = run_before(settings, self._inbox) if has_before else None
        ended = ended or run_hooks(settings, self._inbox, server.emitter)
        if ended is not None:
            self._exit_code, server.failure = ended

    def _start(self) -> None:
        self._crashes.on_start()
        self._server.start(self._crashes.at_load)
        # While Apache starts they cost no time.
        self._saved.on_start()
        self._waiting = None
        if self._server.settings.debug:
            from .waiting import Waiting

            self._waiting = Waiting(self._server.settings.listen)
        if self._advice is None and self._server.settings.debug:
            from .advice import Advice

            self._advice = Advice(say, self._inbox.fd)

    def _carry_on(self) -> None:
        """Apache has ended as it was told to."""
        if self._server.next != "start":
            self._exit_code = self._server.next
        elif self._saved.settled_at <= time.monotonic():
            # Else files of an edit are still coming.
            self._start()

    def _deadlines(self) -> Iterable[Optional[float]]:
        yield from (self._server.kill_at, self._ctrl_c.stacks_at)
        yield from self._saved.deadlines()
        if self._server.apache is None:
            yield self._saved.settled_at
        if self._advice is not None:
            yield self._advice.look_at
        if self._waiting is not None:
            yield self._waiting.look_at

    def _on_deadlines(self, now: float) -> None:
        if self._server.kill_at is not None and now >= self._server.kill_at:
            self._server.kill()
        self._saved.on_deadlines(now)
        if self._ctrl_c.stacks_at is not None and now >= self._ctrl_c.stacks_at:
            self._ctrl_c.show_stacks()
        if self._advice is not None and self._advice.look_at is not None and now >= self._advice.look_at:
            self._advice.look(self._server.settings.listen)
        if self._waiting is not None and self._waiting.look_at is not None and now >= self._waiting.look_at:
            self._waiting.look()

    def _compare(self) -> None:
        """Whether an application that can't be loaded fails as its site is configured too."""
        server = self._server
        if server.failure.get("reason") == "load" and server.settings.apache:
            from .adopt.tried import tell_of_load

            tell_of_load(server.settings, server.failure)

    # -- what it measured

    def _begin_reports(self) -> None:
        settings = self._server.settings
        if self._reports is None and (settings.coverage or settings.profiler):
            from .measures.reports import Reports

            self._reports = Reports(settings)

    def _tell_reports(self) -> None:
        if self._reports is not None:
            for line in self._reports.write(self._server.settings).splitlines():
                say(line)
