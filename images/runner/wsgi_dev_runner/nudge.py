"""Ctrl-C at the prompt, also in the instant before readline waits.

Python's readline runs signal handlers when its select() is interrupted. A signal that comes just before select() is
entered (as readline shows a key, and the person, or a script, answers at once) would wait there for the next key. So
a thread that is told of each signal interrupts that select() once more.
"""

from __future__ import annotations

import os
import signal
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

#: By then the main thread is in select(), if it is on its way there: seconds.
_DELAY = 0.02


def nudge_readline(is_waiting: Callable[[], bool]) -> None:
    """Start it, in the main thread: no other has signals. `is_waiting`: a line is awaited."""
    if threading.get_ident() != threading.main_thread().ident:
        return
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    main = threading.get_ident()

    def watch() -> None:
        # The kernel gives a process's signal to any thread that takes it: here it would interrupt nobody.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        while True:
            if signal.SIGINT in os.read(read_end, 64):
                time.sleep(_DELAY)
                if is_waiting():
                    # Its handler is there already and changes nothing.
                    signal.pthread_kill(main, signal.SIGWINCH)

    threading.Thread(target=watch, name="wsgi-dev", daemon=True).start()
