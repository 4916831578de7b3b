"""A command's own debugger (`wsgi-dev run --debug`): no Apache, no events, the terminal is the command's.

Python's pdb stays what it is, so that what pytest and others make of it works; it gets a history that is kept. Nothing
is imported for that before the command itself imports a debugger.
"""

from __future__ import annotations

import os
import sys

from .pdb_hook import on_import
from .settings import STATE_DIRECTORY, TOOLS_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Optional, Type

#: Set by the client: what stops open, and whether an exception that ends the command is one.
_DEBUGGER = "WSGI_DEV_RUN_DEBUGGER"
_POST_MORTEM = "WSGI_DEV_RUN_POST_MORTEM"


def prepare() -> None:
    """Make the debuggers that the command may import its person's own."""
    if os.path.isdir(TOOLS_DIRECTORY):
        # Last: the application's own packages go first.
        sys.path.append(TOOLS_DIRECTORY)
    on_import("pdb", _keep_history)
    on_import("pudb.settings", _keep_preferences)
    # pytest has a breakpoint() of its own, which lets go of the output that it captures.
    on_import("_pytest.debugging", lambda _module: os.environ.pop("PYTHONBREAKPOINT", None))
    if os.environ.get(_POST_MORTEM):
        sys.excepthook = _post_mortem


def _keep_history(module: Any) -> None:
    pdb = module.Pdb
    cmdloop = pdb.cmdloop
    first = True

    def kept(self: Any, *arguments: Any) -> Any:
        nonlocal first
        try:
            import readline
        except ImportError:
            return cmdloop(self, *arguments)
        from .console import HISTORY, HISTORY_LENGTH

        readline.set_history_length(HISTORY_LENGTH)
        if first:
            first = False
            try:
                readline.read_history_file(HISTORY)
            except OSError:
                pass
        before = readline.get_current_history_length()
        try:
            return cmdloop(self, *arguments)
        finally:
            _append(readline, HISTORY, readline.get_current_history_length() - before)

    pdb.cmdloop = kept


def _append(readline: Any, path: str, lines: int) -> None:
    if lines <= 0:
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        readline.append_history_file(lines, path)
    except OSError:
        # A full disk or a foreign owner costs the history only.
        pass


def _keep_preferences(module: Any) -> None:
    module.XDG_CONFIG_HOME = STATE_DIRECTORY
    module.XDG_CONFIG_DIRS = [STATE_DIRECTORY]


def _post_mortem(kind: Type[BaseException], error: BaseException, traceback: Optional[TracebackType]) -> None:
    """An exception that ends the command: looked at where it was raised, once it was printed."""
    sys.__excepthook__(kind, error, traceback)
    person = os.isatty(0) and os.isatty(1)
    if traceback is None or not person or not issubclass(kind, Exception):
        return
    import importlib

    sys.excepthook = sys.__excepthook__
    importlib.import_module(os.environ.get(_DEBUGGER, "pdb")).post_mortem(traceback)
