"""ipdb on the console of an Apache process: IPython's debugger, whose lines are read by prompt_toolkit."""

import os
import re
import sys
import threading
from cmd import Cmd
from types import FrameType, TracebackType
from typing import Any, Callable, Iterable

from IPython import version_info
from IPython.terminal.debugger import TerminalPdb
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_input
from prompt_toolkit.output.vt100 import Vt100_Output
from traitlets.config import Config

from ..desk import Desk
from ..prompt.behind import Behind
from ..prompt.typed import Typed
from ..prompt.where import cut
from ..settings import STATE_DIRECTORY
from .debugger import Commands

HISTORY = os.path.join(STATE_DIRECTORY, "history.ipdb")
#: Seconds that the prompt's own thread may take to draw it anew.
_DRAW_SECONDS = 1.0


class IPythonDebugger(Behind, Typed, Commands, TerminalPdb):
    """IPython's, as ipdb.set_trace opens it."""

    def __init__(self, desk: Desk) -> None:
        _make_shell(desk.colors)
        stdin, stdout = desk.console.terminal()
        term = os.environ.get("TERM", "dumb")
        output = Vt100_Output.from_pty(stdout, term=term)
        # A question to the terminal, which nobody answers while none is attached, and two do while two are.
        output.enable_cpr = False
        super().__init__(desk, pt_session_options={"input": create_input(stdin), "output": output})
        self._is_dumb = term == "dumb"
        #: Called when the prompt was drawn.
        self._on_drawn: Callable[[], None] = lambda: None
        self._ask, self.pt_app.prompt = self.pt_app.prompt, self._read_line
        self.pt_app.completer = _Variables(self.pt_app.completer, self._complete_variable)
        self.pt_app.app.after_render += lambda _app: self._on_drawn()

    def stop_here(self, frame: FrameType) -> bool:
        # IPython tells of each frame of the runner that it passes over.
        return not self.is_skipped_module(frame.f_globals.get("__name__", "")) and bool(super().stop_here(frame))

    def cmdloop(self, intro: Any = None) -> None:
        if self._is_dumb:
            # Nobody sees colours and menus there: lines as pdb reads them.
            Cmd.cmdloop(self, intro)
        else:
            super().cmdloop(intro)

    def _read_line(self) -> str:
        """One line, in the prompt's own thread."""
        self.desk.console.terminal()

        def first_drawn() -> None:
            self._on_drawn = lambda: None
            self.announce_prompt(self.prompt)

        self._on_drawn = first_drawn
        self.waiting = True
        try:
            line: str = self._ask()
        except EOFError:
            self.tell_line("EOF")
            raise
        finally:
            self.waiting = False
        self.tell_line(line)
        self.desk.console.remember(f"{self.prompt}{line}\n".encode())
        return line

    def do_where(self, arg: str) -> None:
        """w(here) [all | lines]

        Print the frames of the project's own files and the current one,
        with the most recent frame at the bottom. "all" prints those of
        libraries too. A number is how many lines of source to show around
        each. 'bt' is an alias for this command.
        """
        entries, left_out = cut(self.stack, self.curindex, self.desk.root) if arg != "all" else (self.stack, "")
        if left_out:
            self.message(left_out)
        # IPython's own shows what is in the stack, and hides frames that ask for it.
        whole, self.stack = self.stack, entries
        try:
            super().do_where("" if arg == "all" else arg)
        finally:
            self.stack = whole

    do_w = do_where
    do_bt = do_where

    def _show_again(self) -> None:
        application = self.pt_app.app
        # Else the line is readline's: on a dumb terminal, or at a prompt of a pdb that the application made.
        self.desk.console.redraw(with_line=self.waiting and not application.is_running)
        if not application.is_running:
            return
        drawn = threading.Event()

        def draw() -> None:
            self._on_drawn = drawn.set
            # All of it, not only what differs from what this terminal was never shown.
            application.renderer.reset()
            application.invalidate()

        application.loop.call_soon_threadsafe(draw)
        drawn.wait(_DRAW_SECONDS)
        self._on_drawn = lambda: None

    def _as_shown(self, error: BaseException, entry: TracebackType) -> Any:
        # It has the `exceptions` command on each Python.
        return error if hasattr(self, "do_exceptions") else entry


class _Variables(Completer):
    """What IPython completes, and what begins with a $."""

    def __init__(self, others: Completer, complete: Callable[[str], Iterable[str]]) -> None:
        self._others = others
        self._complete = complete

    def get_completions(self, document: Document, complete_event: Any) -> Iterable[Completion]:
        begun = re.search(r"\$[\w.]*$", document.text_before_cursor)
        if begun is None:
            yield from self._others.get_completions(document, complete_event)
            return
        for one in sorted(self._complete(begun[0])):
            yield Completion(one, start_position=-len(begun[0]))


def _make_shell(colors: bool) -> None:
    """The shell that IPython's debugger takes its settings from, without its traces in the process."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.warn_venv = False
    config.TerminalInteractiveShell.term_title = False
    config.TerminalInteractiveShell.debugger_history_file = HISTORY
    if not colors:
        config.InteractiveShell.colors = "nocolor" if version_info[0] >= 9 else "NoColor"
    main, path = sys.modules["__main__"], sys.path[:]
    try:
        TerminalInteractiveShell.instance(config=config)
    finally:
        sys.modules["__main__"], sys.path[:] = main, path
