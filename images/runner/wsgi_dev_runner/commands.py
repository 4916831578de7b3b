"""Commands on the terminal, before the container's first Apache."""

from __future__ import annotations

import os
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Optional, Sequence, Tuple, Union

    from .inbox import Inbox
    from .settings import Settings

    #: A line for the shell, or a program and its arguments.
    Command = Union[str, List[str]]

#: What SIGTERM doesn't end is killed after this many seconds.
_TERM_SECONDS = 2.0
#: A shell's exit code of a command that a signal has ended.
SIGNALLED = 128


def run_side_by_side(commands: Sequence[Command], settings: Settings, inbox: Inbox) -> Tuple[List[int], bytes]:
    """Their exit codes, and the signals that came meanwhile; SIGTERM ends them."""
    running = {_start(command, settings): at for at, command in enumerate(commands)}
    codes: Dict[int, int] = {}
    told = b""
    kill_at: Optional[float] = None
    while True:
        for pid in list(running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                codes[running.pop(pid)] = _code(status)
        if not running:
            return [codes[at] for at in range(len(commands))], told
        inbox.wait([], None if kill_at is None else max(0.0, kill_at - time.monotonic()))
        told += inbox.signals()
        if signal.SIGTERM in told and kill_at is None:
            kill_at = time.monotonic() + _TERM_SECONDS
            _signal(running, signal.SIGTERM)
        elif kill_at is not None and time.monotonic() >= kill_at:
            _signal(running, signal.SIGKILL)
            kill_at = None


def shown(command: Command) -> str:
    """As a person would type it."""
    return command if isinstance(command, str) else " ".join(command)


def _start(command: Command, settings: Settings) -> int:
    words = ["/bin/sh", "-c", command] if isinstance(command, str) else command
    there = ["/bin/sh", "-c", 'cd "$0" && exec "$@"', settings.root, *words]
    if settings.asks:
        # In the terminal's foreground, as this process: Ctrl-C reaches it, a resize too.
        return os.posix_spawn(there[0], there, dict(os.environ), setsigmask=[])
    # Nobody could answer, on /dev/tty neither: a question finds the end of its input, and doesn't wait for ever.
    nothing = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    return os.posix_spawn(there[0], there, dict(os.environ), setsigmask=[], setsid=True, file_actions=nothing)


def _code(status: int) -> int:
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else SIGNALLED + os.WTERMSIG(status)


def _signal(running: Dict[int, int], number: int) -> None:
    for pid in running:
        os.kill(pid, number)
