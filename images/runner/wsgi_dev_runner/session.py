"""Debug mode inside Apache's one process: signals, hooks, and the WSGI callable that mod_wsgi serves.

pdb itself is loaded at the first stop: a start doesn't wait for it.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial

from .breaks import Breaks
from .console import Console
from .crash import catch_crashes
from .desk import Desk
from .events import Emitter
from .forks import leave_to_parent
from .frameworks import Frameworks
from .loading import leave_to_others, project_traceback
from .middleware import Request, respond
from .outcome import failed_application, is_in_source, load_or_explain, print_traceback, refuse, tell_whose
from .pdb_hook import hook_set_trace
from .settings import KEPT_BREAKS, STACKS_SIGNAL, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any, Callable, Iterable, Optional

    from .loading import Loader
    from .notes import Notes
    from .stop.stops import Stops


class DebugSession:
    """One application on one console."""

    def __init__(self, settings: Settings, loader: Loader, notes: Notes) -> None:
        # Before pdb imports readline, whose own handler takes the size and then calls this one.
        signal.signal(signal.SIGWINCH, lambda _number, _frame: None)
        self.loader = loader
        console = Console(history=True)
        self.desk = Desk(console, Emitter(console.fd, settings.nonce, "app"), notes, settings)
        if settings.record or settings.recorder:
            from .recorder import DIRECTORY, Recorder

            self.desk.recorder = Recorder(DIRECTORY, for_good=True) if settings.recorder else Recorder()
        self.frameworks = Frameworks(self.report)
        self.breaks = Breaks(lambda: self.debugger)
        self._stops_at_exceptions = settings.post_mortem
        self._chosen = settings.debugger
        self._debugger: Optional[Stops] = None
        self._breaks_at_start = settings.break_at_start
        if settings.debugger != "debugpy":
            loader.before = self._before_load
        self._requests = 0
        #: Ctrl-C came before this request has entered the application's code.
        self._interrupted = False
        self._loaded: Callable[..., Iterable[bytes]] = failed_application
        self._served_before = False

    @property
    def debugger(self) -> Stops:
        """The process's debugger, made at the first stop."""
        if self._debugger is None:
            from .debuggers.choice import make_debugger

            self._debugger = make_debugger(self._chosen, self.desk)
        return self._debugger

    def application(self, crashes: bool, again: bool) -> Callable[..., Iterable[bytes]]:
        """Take the console's signals, load the application unless it `crashes`, and return the callable for
        mod_wsgi. `again`: it was served before, by a process that has ended."""
        self._served_before = again
        # The default breakpoint hook calls pdb.set_trace, and honours PYTHONBREAKPOINT.
        hook_set_trace(self._chosen, lambda: self.debugger)
        self._take_signals()
        if self._chosen == "debugpy":
            # Breakpoints of the editor are to hold while the application is loaded.
            debugger = self.debugger
            if self._breaks_at_start:
                debugger.stop_at_start(sys._getframe())
        elif os.path.exists(KEPT_BREAKS):
            from .kept import restore

            restore(self.debugger)
        leave_to_parent(self.desk)
        self._loaded = refuse(self.desk.notes) if crashes else self._load()
        self._served_before = True
        self._look_around()
        # No function around it: that would be a frame of each exception's.
        return partial(self.serve, lambda: self._loaded)

    def hold_breaks(self) -> None:
        """Breakpoints hold for what runs from here on, be it a request or the application being loaded."""
        self.breaks.follow()
        if self._debugger is not None:
            self._debugger.arm(sys._getframe())

    def _look_around(self) -> None:
        """Once the application is served: what it consists of may be worth a word."""
        from .loaded import tell_loaded
        from .threads import explain_exceptions

        if self._stops_at_exceptions:
            explain_exceptions(self.desk)
        tell_loaded(self.desk)

    def report(self, error: BaseException) -> None:
        """An exception is about to become an error response: stop where it was raised, if that is asked for."""
        if self.desk.request is not None:
            self.desk.request.error = error
            tell_whose(error, self.desk.notes)
        if self._stops_at_exceptions:
            self.debugger.examine(error)

    def _take_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        signal.signal(signal.SIGUSR2, self._on_redraw)
        _let_signals_through()
        catch_crashes()
        import faulthandler

        # The supervisor asks for it when Ctrl-C brings no prompt: this handler is C, and runs while C code holds on.
        faulthandler.register(STACKS_SIGNAL, file=self.desk.console.fd, all_threads=True)

    def _on_interrupt(self, _number: int, frame: Optional[FrameType]) -> None:
        if self.desk.forked is not None:
            # The terminal sends Ctrl-C to forked processes too: it means the one that serves requests.
            return
        if self._debugger is not None and self._debugger.at_prompt:
            if self._debugger.in_other_thread:
                # Python handles signals in the main thread only: raised there it would end what is not at the prompt.
                return
            self._debugger.cancel()
            return
        # Idle, the supervisor has answered Ctrl-C already: this runs late, as the next request begins.
        if self.desk.request is None:
            return
        from .interrupted import application_frame

        running = application_frame(frame)
        if running is not None:
            self.debugger.interrupt(running)
        elif frame is not None:
            self._interrupted = True
            self.debugger.interrupt_soon(frame)

    def _on_redraw(self, _number: int, _frame: Optional[FrameType]) -> None:
        self.debugger.redraw()

    def serve(
        self,
        application: Callable[[], Callable[..., Iterable[bytes]]],
        environ: Any,
        start_response: Callable[..., Any],
    ) -> Iterable[bytes]:
        """One request. `application` is asked once the file it lies in was loaded anew, where that was saved."""
        request = Request(self.desk, self.begin_request(), environ)
        self._requests = request.id
        request.begin()
        if self.loader.saved():
            self._reload()
        self.frameworks.hook()
        self.hold_breaks()
        if self._interrupted:
            self.debugger.interrupt_soon(sys._getframe())
        try:
            return respond(request, application(), environ, start_response, self.report)
        except BaseException as error:
            leave_to_others(error)
            raise

    def begin_request(self) -> int:
        """The number of the request that begins: the same for the scripts that guard it and for the application."""
        if self._requests == 0:
            # Again: Apache gives the process its signal mask of before once the script is loaded.
            _let_signals_through()
        self._interrupted = False
        return self._requests + 1

    def _load(self, **note: Any) -> Callable[..., Iterable[bytes]]:
        return load_or_explain(self.loader, self.desk.notes, self._report_load, self.explain, **note)

    def _report_load(self, error: BaseException) -> None:
        """What an edit can't be loaded for stops like others, a syntax error excepted: it has no frame to look at, and
        the next save mends it."""
        if not (self._served_before and is_in_source(error)):
            self.report(error)

    def explain(self, error: BaseException) -> None:
        """Show where the application could not be loaded."""
        if not self.desk.colors:
            print_traceback(error)
            return
        # The error log would show the colours as text.
        self.desk.console.flush()
        self.desk.console.write("".join(project_traceback(error, colors=True)))

    def _before_load(self) -> bool:
        """Let what the application does as it is loaded stop where that is asked for; True: it is traced."""
        self.hold_breaks()
        if self._breaks_at_start:
            from .stop.at_start import stop_at_start

            stop_at_start(lambda: self.debugger, self.loader.root)
        return self._breaks_at_start or self._debugger is not None

    def _reload(self) -> None:
        loaded = None
        self.breaks.again()
        if self._debugger is not None:
            self._debugger.on_reload()
        try:
            loaded = self.loader.reload()
        except BaseException:  # noqa: B902 - told in full by the second try below, which this one would be the context of
            pass
        if loaded is not None and self._loaded is failed_application:
            self.desk.notes.send("busy", loaded=True, announced=True)
        self._loaded = loaded or self._load(announced=True)
        self.desk.emitter.emit("reload", ok=self._loaded is not failed_application)
        from .loaded import tell_loaded

        tell_loaded(self.desk)


def _let_signals_through() -> None:
    """Unblock the signals that are Python's here. Apache was started with SIGWINCH blocked, which it would take as a
    graceful stop: now Python's handler lets readline and full-screen debuggers follow the terminal's size. The others
    it blocks itself while the application is loaded."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGWINCH, signal.SIGINT, signal.SIGUSR2, STACKS_SIGNAL})
