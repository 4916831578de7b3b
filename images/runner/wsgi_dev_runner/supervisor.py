"""The container's main process: holds the terminal, and starts, stops and restarts Apache beneath it.

One loop waits for signals, for notes of the application's process, for saved files and for deadlines. What Apache
does next is decided in few places: `_on_order`, `_on_saved`, `_on_interrupt` ask for it, `_on_child` carries it out
once the old Apache is gone.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import termios
import time

from .apache import NOTES, Apache, prepare
from .crash import Stacks, how_it_ended
from .events import Emitter
from .settings import (
    REPORTS,
    RUNTIME_DIRECTORY,
    STACKS_SIGNAL,
    STATE_DIRECTORY,
    read_settings,
    remove_quietly,
    write_atomically,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional, Tuple

    from .daemons import Daemons
    from .editor_port import EditorPort
    from .edits import Edits
    from .reports import Reports

#: What SIGTERM can't reach (Python waiting at a prompt, a C call) is killed after this many seconds.
_TERM_SECONDS = 0.3
#: Two Ctrl-C within this many seconds stop an idle server.
_INTERRUPT_SECONDS = 3.0
#: A running request answers Ctrl-C with a prompt in this many seconds, unless C code holds on.
_PROMPT_SECONDS = 0.3
#: Ctrl-C pressed again within this many seconds means the same request.
_UNANSWERED_SECONDS = 1.0
#: Apache sends the end of a response after Python is done with it: a restart waits this many seconds for that.
_DRAIN_SECONDS = 0.015
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD)
#: Ends what a full-screen debugger left switched on: mouse, focus, pasting, a hidden cursor, the alternate screen.
_LEAVE_SCREEN = "\x1b[0m\x1b[?1000;1002;1006;1004;2004l\x1b[?25h\x1b[?1049l"
_PAUSED = os.path.join(STATE_DIRECTORY, "paused.json")


class Supervisor:
    """Runs until told to stop; `run` returns the exit code: 0 stopped, 1 the application or Apache failed, 130 Ctrl-C
    before it was ready."""

    def __init__(self) -> None:
        os.makedirs(RUNTIME_DIRECTORY, mode=0o700, exist_ok=True)
        self.settings = read_settings()
        self.emitter = Emitter(1, self.settings.nonce, "server")
        self.apache: Optional[Apache] = None
        #: The port of an editor, once one was asked for.
        self.editor_port: Optional[EditorPort] = None
        #: What the application's process does: loading, idle, busy, prompt, paused (in an editor), failed.
        self.activity = "loading"
        #: The order whose first start is under way: its failure ends the container.
        self.starting = True
        #: Where the old Apache's end leads: None (it was not asked to end), "start" or an exit code.
        self.next: Any = None
        self.reload_waits = False
        self.kill_at: Optional[float] = None
        self.drain_at: Optional[float] = None
        #: The old Apache is gone, and the files of an edit are still coming.
        self.start_at: Optional[float] = None
        self.interrupted_at = float("-inf")
        #: Ctrl-C pressed in a row while a request runs and no prompt has come.
        self.unanswered = 0
        self.unanswered_at = float("-inf")
        self.stacks_at: Optional[float] = None
        self.exit_code: Optional[int] = None
        self.edits: Optional[Edits] = None
        #: Serve mode: the processes beneath Apache.
        self.daemons: Optional[Daemons] = None
        #: Files of an edit that is not whole yet.
        self.unsettled: List[str] = []
        self.advice: Any = None
        self.script: Optional[str] = None
        #: The last request of this Apache, in debug mode: id, method and path.
        self.request: Optional[Dict[str, Any]] = None
        #: It crashed, and no request came since.
        self.crashed = False
        #: It crashes as it loads the application, which is not loaded therefore.
        self.crashes = False
        #: Fields of the `exit` event: why it ended, where it didn't end by Ctrl-C.
        self.failure: Dict[str, Any] = {}
        self.reports: Optional[Reports] = None

    def run(self) -> int:
        self._take_terminal()
        self._take_signals()
        self._open_notes()
        remove_quietly(REPORTS)
        self._begin_reports()
        self._start()
        while self.exit_code is None:
            self._wait()
        self._restore_terminal()
        self._tell_reports()
        self._write_state("stopped")
        self.emitter.emit("exit", code=self.exit_code, **self.failure)
        return self.exit_code

    # -- what it listens to

    def _take_terminal(self) -> None:
        # Blocked here, SIGWINCH stays blocked over exec in Apache, which would take it as a graceful stop.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGWINCH})
        self.terminal_modes = termios.tcgetattr(0) if os.isatty(0) else None

    def _take_signals(self) -> None:
        self.wakeup, write_end = os.pipe()
        os.set_blocking(self.wakeup, False)
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        for number in _SIGNALS:
            # A handler and not SIG_IGN, which Apache would inherit; what is done is done in the loop.
            signal.signal(number, lambda _number, _frame: None)

    def _open_notes(self) -> None:
        remove_quietly(NOTES)
        os.mkfifo(NOTES, 0o600)
        # Open for writing too, so that it never ends.
        self.notes = os.open(NOTES, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def _wait(self) -> None:
        now = time.monotonic()
        deadlines = [at for at in self._deadlines() if at is not None]
        timeout = max(0.0, min(deadlines) - now) if deadlines else None
        sources = [self.notes, self.wakeup] + ([self.edits.fd] if self.edits else [])
        ready = select.select(sources, [], [], timeout)[0]
        # Notes before signals: whether Ctrl-C is the server's depends on what the application last said.
        if self.notes in ready:
            self._read_notes()
        if self.wakeup in ready:
            for number in os.read(self.wakeup, 4096):
                self._on_signal(number)
        if self.edits and self.edits.fd in ready:
            self._on_saved()
        self._on_deadlines(time.monotonic())

    def _on_signal(self, number: int) -> None:
        if number == signal.SIGCHLD:
            self._on_child()
        elif number == signal.SIGINT:
            self._on_interrupt()
        elif number == signal.SIGTERM:
            self.failure = {"reason": "stopped"}
            self._stop(0)
        elif number in (signal.SIGUSR1, signal.SIGHUP):
            self._on_order()
        elif number == signal.SIGUSR2:
            self._on_redraw()

    def _read_notes(self) -> None:
        try:
            data = os.read(self.notes, 65536)
        except BlockingIOError:
            return
        # Each note is one write() below PIPE_BUF: never half.
        for line in data.splitlines():
            note = json.loads(line)
            if note.pop("order") != self.settings.order or self.next is not None:
                continue
            if "activity" in note:
                self._on_note(note)
            else:
                self.advice.on_note(note, self.settings.order)

    def _on_note(self, note: Dict[str, Any]) -> None:
        if self.daemons is not None:
            crashed = self.daemons.crashed(note)
            if crashed is not None:
                # Apache has started another one already.
                self._tell_crash(crashed, 0, 0)
            if not self.daemons.hear(note):
                if note["activity"] == "loading" and note["group"] == self.daemons.current:
                    self.activity = "loading"
                return
        if "loaded" in note:
            # What was saved until then was saved while it loaded.
            self._on_saved()
        if self.next is not None:
            return
        self.activity = note["activity"]
        if "request" in note:
            self.request = note["request"]
            self.crashed = False
        if self.activity != "busy":
            self.unanswered = 0
            self.stacks_at = None
        if "script" in note:
            self.script = note["script"]
        elif note.get("loaded") is False and not note.get("announced"):
            # A process that never loaded it doesn't know what to load anew.
            self.script = None
        if "loaded" in note:
            self._on_loaded(note)
        if self.activity == "idle" and self.reload_waits:
            self.drain_at = time.monotonic() + _DRAIN_SECONDS
        if self.settings.debug:
            self.advice.on_activity(self.activity)

    def _on_loaded(self, note: Dict[str, Any]) -> None:
        if not note["loaded"]:
            self.failure = {"reason": "load", "message": note["message"], "file": note["file"], "line": note["line"]}
            if self.starting:
                self._stop(1)
                return
        else:
            self.failure = {}
        self._write_state("ready" if note["loaded"] else "failed")
        if self.starting:
            self.starting = False
            self.emitter.emit("ready", order=self.settings.order, mode=self.settings.mode, url=self.settings.url)
        elif not note.get("announced"):
            if note["loaded"] and self.settings.debug:
                self._say("ready again")
            self.emitter.emit("reload", ok=note["loaded"])

    # -- what it does

    def _start(self) -> None:
        self.next = None
        self.kill_at = self.drain_at = self.start_at = None
        self.reload_waits = False
        self.unsettled = []
        self.activity = "loading"
        remove_quietly(_PAUSED)
        self._write_state("starting")
        prepare(self.settings, self.crashes)
        self.request = None
        self.daemons = None
        if not self.settings.debug:
            from .daemons import Daemons

            self.daemons = Daemons()
        self.apache = Apache(self.settings, self._take_editor_port())
        # While Apache starts they cost no time.
        self._watch()
        self._advise()

    def _take_editor_port(self) -> Optional[int]:
        if self.editor_port is None and not self.settings.editor_listen:
            return None
        from .editor_port import EditorPort, tell_editor

        self.editor_port = self.editor_port or EditorPort()
        tell_editor(False)
        return self.editor_port.take(self.settings.editor_listen if self.settings.debug else "")

    def _stop(self, then: Any) -> None:
        """End Apache; `then` is "start" for another one, else the exit code."""
        self.next = then
        if self.editor_port is not None:
            from .editor_port import tell_editor

            tell_editor(then == "start")
        if self.apache is None:
            self._on_ended()
            return
        if self.activity == "prompt":
            # At a prompt SIGTERM only sets a flag.
            self._signal(signal.SIGKILL)
            return
        self._signal(signal.SIGTERM)
        if self.daemons is not None:
            self.daemons.end()
        self.kill_at = time.monotonic() + _TERM_SECONDS

    def _signal(self, number: int) -> None:
        if self.apache is not None:
            self.apache.signal(number)

    def _on_child(self) -> None:
        if self.advice is not None:
            self.advice.reap()
        apache = self.apache
        ended = apache.reap() if apache else None
        if apache is None or ended is None:
            return
        from .strays import end_strays

        end_strays()
        self.apache = None
        self._restore_terminal()
        if self.activity == "prompt" and self.settings.debugger == "pudb":
            sys.stdout.write(_LEAVE_SCREEN)
            sys.stdout.flush()
        code, number = ended
        if self.next is None:
            # What it said last may not be read yet.
            self._read_notes()
            self._on_crash(apache.pid, code, number)
        else:
            self._on_ended()

    def _on_ended(self) -> None:
        if self.next != "start":
            self.exit_code = self.next
        elif self.edits is not None and self.edits.settled_at > time.monotonic():
            self.start_at = self.edits.settled_at
        else:
            self._start()

    def _on_crash(self, pid: int, code: int, number: int) -> None:
        """Apache ended unasked: say so, and serve again unless it never came up."""
        interrupted = time.monotonic() - self.interrupted_at < _INTERRUPT_SECONDS
        if self.activity == "loading" and (self.starting or interrupted or self.crashes):
            if number and not interrupted:
                self._tell_crash(pid, code, number)
            if not self.failure and not interrupted:
                self.failure = {"reason": "apache", "message": how_it_ended(code, number)}
            self.exit_code = 130 if interrupted else 1
            return
        self._tell_crash(pid, code, number)
        # Without a request in between it would crash again and again.
        self.crashes = self.activity == "loading" or (self.crashed and self.request is None)
        self.crashed = True
        self._say("not loading the application before the next save" if self.crashes else "starting it again")
        self._start()

    def _tell_crash(self, pid: int, code: int, number: int) -> None:
        stacks = Stacks(pid)
        number = number or stacks.signal
        file, line = stacks.place(self.settings.root)
        name = signal.Signals(number).name if number else None
        self.emitter.emit("crash", signal=name, code=code, file=file, line=line, request=self.request)
        what = "Apache" if self.settings.debug else "the application's process"
        how = how_it_ended(code, number) if code or number else "ended unexpectedly"
        self._say(f"{what} {how}{self._in_request()}")
        sys.stdout.write(stacks.shown())
        sys.stdout.flush()

    def _in_request(self) -> str:
        if self.request is None:
            return ""
        behind = "in" if self.activity in ("busy", "prompt", "paused") else "after"
        return " {} [{id}] {method} {path}".format(behind, **self.request)

    def _on_order(self) -> None:
        self.settings = read_settings()
        self._begin_reports()
        self.emitter = Emitter(1, self.settings.nonce, "server")
        self.starting = True
        self.crashes = self.crashed = False
        self.failure = {}
        self._stop("start")

    def _on_interrupt(self) -> None:
        now = time.monotonic()
        if self.activity == "busy" and self.next is None and self.settings.debugger != "debugpy":
            self._on_interrupted_request(now)
        if self.next is not None or self.activity in self._left_to_application():
            # Under way to its end, or the application's own affair.
            return
        recent = now - self.interrupted_at < _INTERRUPT_SECONDS
        self.interrupted_at = now
        if self.activity == "loading":
            self._stop(130)
        elif recent or not self.settings.debug:
            self._stop(0)
        else:
            # How to leave it running depends on the client: that says so itself.
            self._say("Press Ctrl-C again to stop the server")

    def _left_to_application(self) -> Tuple[str, ...]:
        """Activities in which Ctrl-C is the application's alone. With an editor, which has no Ctrl-C of its own, the
        second one stops the server then too."""
        return ("prompt",) if self.settings.debugger == "debugpy" else ("busy", "prompt")

    def _on_interrupted_request(self, now: float) -> None:
        """Python opens the prompt by itself, unless C code holds on: then show where, and at the third time end it."""
        recent = now - self.unanswered_at < _UNANSWERED_SECONDS
        self.unanswered_at = now
        self.unanswered = self.unanswered + 1 if recent else 1
        if self.unanswered == 1:
            self.stacks_at = now + _PROMPT_SECONDS
        elif self.unanswered == 2:
            self._show_stacks()
        else:
            self._stop(0)

    def _show_stacks(self) -> None:
        self.stacks_at = None
        self._say("the request is in C code and stops when that returns; the stacks of all threads:")
        self._signal(STACKS_SIGNAL)

    def _on_redraw(self) -> None:
        """A terminal was attached: let the prompt be printed again, or say that there is none."""
        if self.activity in ("prompt", "paused"):
            self._signal(signal.SIGUSR2)
        else:
            self.emitter.emit("redraw", part="end")

    def _on_saved(self) -> None:
        paths = self.edits.read() if self.edits else []
        if self.edits is None or not paths or not self.settings.reload or self.next is not None:
            # Where Apache is being started anew, that start has them.
            return
        if self.activity == "loading":
            paths = self.edits.while_loading(paths)
            if self.starting:
                return
        else:
            paths = self.edits.between_loads(paths)
        if not paths:
            return
        if self.daemons is not None:
            self.unsettled += paths
        elif self.activity in ("busy", "prompt", "paused"):
            self.reload_waits = self.reload_waits or any(path != self.script for path in paths)
        elif self.activity != "idle" or any(path != self.script for path in paths):
            # The script file itself is loaded anew by the application's process, at the next request.
            self.crashes = self.crashed = False
            self._say_changed(paths)
            self._stop("start")

    def _say_changed(self, paths: List[str]) -> None:
        others = f" and {len(set(paths)) - 1} more" if len(set(paths)) > 1 else ""
        path = os.path.relpath(paths[0], self.settings.root)
        self._say(f"{path}{others} changed: loading the application again")

    def _deadlines(self) -> Iterable[Optional[float]]:
        yield from (self.kill_at, self.drain_at, self.stacks_at, self.start_at)
        if self.edits is not None and self.unsettled:
            yield self.edits.settled_at
        if self.daemons is not None and self.next is None:
            yield self.daemons.due()
        if self.advice is not None:
            yield self.advice.look_at

    def _on_deadlines(self, now: float) -> None:
        if self.kill_at is not None and now >= self.kill_at:
            self.kill_at = None
            self._signal(signal.SIGKILL)
        if self.drain_at is not None and now >= self.drain_at:
            self.drain_at = None
            if self.activity == "idle":
                self.reload_waits = False
                self._stop("start")
        if self.stacks_at is not None and now >= self.stacks_at:
            self._show_stacks()
        if self.start_at is not None and now >= self.start_at:
            # Files may still be coming.
            self._on_ended()
        if self.advice is not None and self.advice.look_at is not None and now >= self.advice.look_at:
            self.advice.look(self.settings.listen)
        if self.daemons is not None and self.next is None:
            self._renew_daemons(self.daemons, now)

    def _renew_daemons(self, daemons: Daemons, now: float) -> None:
        if self.edits is not None and self.unsettled and now >= self.edits.settled_at:
            self.unsettled = []
            daemons.renew()
        if daemons.advance(now):
            self.activity = "loading"

    def _watch(self) -> None:
        """While Apache starts: it costs no time then, and no edit after `ready` is missed."""
        if self.edits is None and self.settings.reload:
            from .edits import Edits

            self.edits = Edits(self.settings.root)

    def _advise(self) -> None:
        if self.advice is None and self.settings.debug:
            from .advice import Advice

            self.advice = Advice(self._say, self.notes)

    # -- what it leaves and says

    def _begin_reports(self) -> None:
        if self.reports is None and (self.settings.coverage or self.settings.profiler):
            from .reports import Reports

            self.reports = Reports(self.settings)

    def _tell_reports(self) -> None:
        if self.reports is not None:
            for line in self.reports.write(self.settings).splitlines():
                self._say(line)

    def _restore_terminal(self) -> None:
        # Apache may die while readline holds the terminal without echo and line mode.
        if self.terminal_modes is not None:
            termios.tcsetattr(0, termios.TCSANOW, self.terminal_modes)

    def _write_state(self, phase: str) -> None:
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

    def _say(self, text: str) -> None:
        # Over the ^C that the terminal may have echoed.
        sys.stdout.write(f"\rwsgi-dev: {text}\n")
        sys.stdout.flush()
