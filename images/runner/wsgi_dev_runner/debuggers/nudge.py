"""Ctrl-C at the prompt, also in the instant before readline waits.

Python's readline runs signal handlers when its select() is interrupted. A signal that comes just before select() is
entered (as readline shows a key, and the person, or a script, answers at once) would wait there for the next key. So
a thread that is told of each signal interrupts that select() once more. One that comes earlier still, while readline
sets the line up and drops what a handler raises, it sends again.
"""

from __future__ import annotations

import os
import signal
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

#: By one of these times, in seconds, the main thread is in select(), if it is on its way there: a busy machine may keep
#: it from that for long.
_DELAYS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)


def nudge_readline(awaited: Callable[[], int], dropped: Callable[[], bool]) -> None:
    """Start it, in the main thread: no other has signals. `awaited`: the number of the line that is awaited, 0 for
    none; `dropped`: whether a Ctrl-C is to be sent again, since the last call."""
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
                line = awaited()
                for delay in _DELAYS:
                    time.sleep(delay)
                    if line == 0 or awaited() != line:
                        break
                    # The handler of the latter is there already and changes nothing.
                    signal.pthread_kill(main, signal.SIGINT if dropped() else signal.SIGWINCH)

    threading.Thread(target=watch, name="wsgi-dev", daemon=True).start()
