"""Debug mode inside Apache's one process: signals, hooks, and the WSGI callable that mod_wsgi serves."""

import os
import pdb
import signal
import sys
from types import FrameType
from typing import Any, Callable, Iterable, Optional

from .application import Notes, failed_application, load_or_explain
from .console import Console
from .debugger import Debugger
from .events import Emitter
from .loading import Loader
from .middleware import Request, respond
from .settings import Settings

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


class DebugSession:
    """One application on one console. A single process serves one request at a time: `request` is that one."""

    def __init__(self, settings: Settings, loader: Loader, notes: Notes) -> None:
        # Before pdb imports readline, whose own handler takes the size and then calls this one.
        signal.signal(signal.SIGWINCH, lambda _number, _frame: None)
        self.loader = loader
        self.notes = notes
        self.console = Console(history=True)
        self.emitter = Emitter(self.console.fd, settings.nonce, "app")
        self.debugger = Debugger(self)
        self.request: Optional[Request] = None
        self._requests = 0
        self._loaded: Callable[..., Iterable[bytes]] = failed_application

    def application(self) -> Callable[..., Iterable[bytes]]:
        """Take the console's signals, load the application, and return the callable for mod_wsgi."""
        self._take_hooks()
        self._take_signals()
        self._loaded = load_or_explain(self.loader, self.notes)
        return self._serve

    def _take_hooks(self) -> None:
        # The default breakpoint hook calls pdb.set_trace, and honours PYTHONBREAKPOINT.
        def set_trace(*_args: Any, **_kwargs: Any) -> None:
            self.debugger.set_trace(sys._getframe(1))

        pdb.set_trace = set_trace

    def _take_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        signal.signal(signal.SIGUSR2, self._on_redraw)
        _let_resizes_through()

    def _on_interrupt(self, _number: int, frame: Optional[FrameType]) -> None:
        if self.debugger.at_prompt:
            raise KeyboardInterrupt
        # Idle, the supervisor has answered Ctrl-C already: this runs late, as the next request begins.
        while frame is not None and frame.f_code.co_filename.startswith(_PACKAGE):
            frame = frame.f_back
        if self.request is not None and frame is not None:
            self.debugger.interrupt(frame)

    def _on_redraw(self, _number: int, _frame: Optional[FrameType]) -> None:
        self.debugger.redraw()

    def _serve(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._requests == 0:
            # Again: Apache gives the process its signal mask of before once the script is loaded.
            _let_resizes_through()
        self._requests += 1
        request = Request(self, self._requests, environ)
        request.begin()
        if self.loader.saved():
            self._reload()
        return respond(request, self._loaded, environ, start_response)

    def _reload(self) -> None:
        loaded = None
        try:
            loaded = self.loader.reload()
        except BaseException:  # noqa: B902 - told in full by the second try below, which this one would be the context of
            pass
        if loaded is not None and self._loaded is failed_application:
            self.notes.send("busy", loaded=True, announced=True)
        self._loaded = loaded or load_or_explain(self.loader, self.notes, announced=True)
        self.emitter.emit("reload", ok=self._loaded is not failed_application)


def _let_resizes_through() -> None:
    """Unblock SIGWINCH, so that readline and full-screen debuggers follow the terminal's size. Apache takes it as a
    graceful stop and was started with it blocked; now Python's handler stands in the place of Apache's."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGWINCH})
