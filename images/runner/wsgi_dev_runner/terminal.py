"""The supervisor's side of the container's terminal: what it says there, and the modes that an Apache leaves behind."""

from __future__ import annotations

import os
import signal
import sys
import termios

#: Ends what a full-screen debugger left switched on: mouse, focus, pasting, a hidden cursor, the alternate screen.
_LEAVE_SCREEN = "\x1b[0m\x1b[?1000;1002;1006;1004;2004l\x1b[?25h\x1b[?1049l"


class Terminal:
    """The modes of descriptor 0, as they were before the first Apache; of none where it is no terminal."""

    def __init__(self) -> None:
        # Blocked here, SIGWINCH stays blocked over exec in Apache, which would take it as a graceful stop.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGWINCH})
        self._modes = termios.tcgetattr(0) if os.isatty(0) else None

    def restore(self, was_full_screen: bool = False) -> None:
        """Apache may die while readline holds the terminal without echo and line mode, or pudb the whole screen."""
        if self._modes is not None:
            termios.tcsetattr(0, termios.TCSANOW, self._modes)
        if was_full_screen:
            write(_LEAVE_SCREEN)


def say(text: str) -> None:
    """A line of wsgi-dev's own."""
    # Over the ^C that the terminal may have echoed.
    write(f"\rwsgi-dev: {text}\n")


def write(text: str) -> None:
    """Write `text` at once."""
    sys.stdout.write(text)
    sys.stdout.flush()
