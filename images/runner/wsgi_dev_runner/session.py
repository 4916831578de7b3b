"""Debug mode inside Apache's one process: signals, hooks, and the WSGI callable that mod_wsgi serves."""

import faulthandler
import pdb
import signal
import sys
from types import FrameType
from typing import Any, Callable, Iterable, Optional

from .breaks import Breaks
from .console import Console
from .debugger import Debugger
from .desk import Desk
from .events import Emitter
from .frameworks import Frameworks
from .loading import Loader
from .middleware import Request, respond
from .notes import Notes
from .outcome import failed_application, load_or_explain
from .postmortem import first_own_frame
from .settings import STACKS_SIGNAL, Settings


class DebugSession:
    """One application on one console."""

    def __init__(self, settings: Settings, loader: Loader, notes: Notes) -> None:
        # Before pdb imports readline, whose own handler takes the size and then calls this one.
        signal.signal(signal.SIGWINCH, lambda _number, _frame: None)
        self.loader = loader
        console = Console(history=True)
        self.desk = Desk(console, Emitter(console.fd, settings.nonce, "app"), notes, loader.root)
        self.debugger = Debugger(self.desk, settings.post_mortem)
        self.frameworks = Frameworks(self.debugger.post_mortem)
        self.breaks = Breaks(self.debugger)
        self._requests = 0
        self._loaded: Callable[..., Iterable[bytes]] = failed_application

    def application(self) -> Callable[..., Iterable[bytes]]:
        """Take the console's signals, load the application, and return the callable for mod_wsgi."""
        self._take_hooks()
        self._take_signals()
        self.breaks.follow()
        self._loaded = load_or_explain(self.loader, self.desk.notes, self.debugger.post_mortem)
        return self._serve

    def _take_hooks(self) -> None:
        # The default breakpoint hook calls pdb.set_trace, and honours PYTHONBREAKPOINT.
        def set_trace(*_args: Any, **_kwargs: Any) -> None:
            self.debugger.set_trace(sys._getframe(1))

        pdb.set_trace = set_trace

    def _take_signals(self) -> None:
        signal.signal(signal.SIGINT, self._on_interrupt)
        signal.signal(signal.SIGUSR2, self._on_redraw)
        # Apache takes SIGWINCH as a graceful stop and was started with it blocked. With a Python handler in the place
        # of Apache's it can come through, so that readline and full-screen debuggers follow the terminal's size.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGWINCH})
        # The supervisor asks for it when Ctrl-C brings no prompt: this handler is C, and runs while C code holds on.
        faulthandler.register(STACKS_SIGNAL, file=self.desk.console, all_threads=True)

    def _on_interrupt(self, _number: int, frame: Optional[FrameType]) -> None:
        if self.debugger.at_prompt:
            raise KeyboardInterrupt
        # Idle, the supervisor has answered Ctrl-C already: this runs late, as the next request begins.
        own = first_own_frame(frame)
        if self.desk.request is not None and own is not None:
            self.debugger.interrupt(own)

    def _on_redraw(self, _number: int, _frame: Optional[FrameType]) -> None:
        self.debugger.redraw()

    def _serve(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self._requests += 1
        request = Request(self.desk, self.debugger, self._requests, environ)
        request.begin()
        if self.loader.saved():
            self._reload()
        self.frameworks.hook()
        self.breaks.follow()
        self.debugger.arm(sys._getframe())
        return respond(request, self._loaded, environ, start_response)

    def _reload(self) -> None:
        try:
            self._loaded = self.loader.reload()
        except BaseException:  # noqa: B902 - told in full by the loader's second try below
            self._loaded = load_or_explain(self.loader, self.desk.notes, self.debugger.post_mortem, announced=True)
        self.desk.emitter.emit("reload", ok=self._loaded is not failed_application)
