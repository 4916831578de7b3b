"""The commands of `hooks.before_start`: on the terminal, one after the other, before the container's first Apache."""

from __future__ import annotations

import os
import signal
import time

from .terminal import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from .events import Emitter
    from .inbox import Inbox

#: What SIGTERM doesn't end is killed after this many seconds.
_TERM_SECONDS = 2.0
#: A shell's exit code of a command that a signal has ended.
_SIGNALLED = 128


def run_hooks(commands: List[str], root: str, inbox: Inbox, emitter: Emitter) -> Optional[Tuple[int, Dict[str, Any]]]:
    """None once all have ended well; else the supervisor's exit code, and the fields of its `exit` event."""
    for command in commands:
        say(f"before_start: {command}")
        emitter.emit("hook", command=command)
        code, told = _run(command, root, inbox)
        if signal.SIGTERM in told:
            return 0, {"reason": "stopped"}
        emitter.emit("hook", command=command, code=code)
        if code != 0:
            if signal.SIGINT in told:
                return _SIGNALLED + signal.SIGINT, {}
            return 1, {"reason": "hook", "message": f"`{command}` ended with code {code}"}
    return None


def _run(command: str, root: str, inbox: Inbox) -> Tuple[int, bytes]:
    """The exit code of `command`, and the signals that came meanwhile; SIGTERM ends it."""
    shell = ["/bin/sh", "-c", 'cd "$0" && exec /bin/sh -c "$1"', root, command]
    # In the terminal's foreground, as this process: Ctrl-C reaches it, a resize too.
    pid = os.posix_spawn(shell[0], shell, dict(os.environ), setsigmask=[])
    told = b""
    kill_at: Optional[float] = None
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return (os.WEXITSTATUS(status) if os.WIFEXITED(status) else _SIGNALLED + os.WTERMSIG(status)), told
        inbox.wait([], None if kill_at is None else max(0.0, kill_at - time.monotonic()))
        told += inbox.signals()
        if signal.SIGTERM in told and kill_at is None:
            kill_at = time.monotonic() + _TERM_SECONDS
            os.kill(pid, signal.SIGTERM)
        elif kill_at is not None and time.monotonic() >= kill_at:
            os.kill(pid, signal.SIGKILL)
            kill_at = None
