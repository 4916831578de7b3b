"""The debugger that was chosen; pdb where that can't be had after all."""

import os

from ..desk import Desk
from ..stop.stops import Stops


def make_debugger(chosen: str, desk: Desk) -> Stops:
    """The process's debugger. The application's own packages go before the debugger's: they may be too old for it."""
    try:
        return _others[chosen](desk) if chosen in _others else _pdb(desk)
    except Exception as error:
        debugger = _pdb(desk)
        debugger.say(f"{chosen} can't be used, pdb is in its place: {type(error).__name__}: {error}")
        return debugger


def _pdb(desk: Desk) -> Stops:
    from .debugger import Debugger
    from .nudge import nudge_readline

    debugger = Debugger(desk)
    nudge_readline(lambda: debugger.lines if debugger.waiting else 0, desk.console.dropped)
    return debugger


def _ipdb(desk: Desk) -> Stops:
    from .ipython import IPythonDebugger

    return IPythonDebugger(desk)


def _pudb(desk: Desk) -> Stops:
    from .fullscreen import FullScreenDebugger

    return FullScreenDebugger(desk)


def _debugpy(desk: Desk) -> Stops:
    # It would warn, as it is imported, that modules of Python itself are frozen: nobody debugs those here.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    from .editor import Editor

    del os.environ["PYDEVD_DISABLE_FILE_VALIDATION"]
    # It traces all the time.
    desk.stop_tracing = lambda: None
    return Editor(desk)


_others = {"ipdb": _ipdb, "pudb": _pudb, "debugpy": _debugpy}
