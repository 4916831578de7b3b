"""What Python left of itself as it crashed: faulthandler's stacks, in a file of each process."""

from __future__ import annotations

import os
import signal

from .settings import RUNTIME_DIRECTORY, STATE_DIRECTORY, remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Tuple

#: The last crash's stacks, whole.
WHOLE = os.path.join(STATE_DIRECTORY, "crash.txt")
#: So many lines are shown on the terminal.
_SHOWN_LINES = 100
#: wsgi-dev's own frames, and those of the import system.
_MACHINERY = (
    f'  File "{os.path.dirname(os.path.abspath(__file__))}{os.sep}',
    f'  File "{RUNTIME_DIRECTORY}{os.sep}',
    '  File "<frozen importlib',
    f'  File "{os.path.dirname(os.__file__)}{os.sep}importlib{os.sep}',
)
_SIGNALS = {
    "Segmentation fault": signal.SIGSEGV,
    "Aborted": signal.SIGABRT,
    "Bus error": signal.SIGBUS,
    "Illegal instruction": signal.SIGILL,
    "Floating point exception": signal.SIGFPE,
    "Floating-point exception": signal.SIGFPE,
}


def catch_crashes() -> None:
    """From here on a crash of this process leaves the stacks of all its threads."""
    import faulthandler

    # Kept open for as long as the process lives: a crash can't open files.
    fd = os.open(_file(os.getpid()), os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    faulthandler.enable(file=fd, all_threads=True)


def has_stacks(pid: int) -> bool:
    """Whether the process, which has ended, crashed."""
    try:
        return os.path.getsize(_file(pid)) > 0
    except FileNotFoundError:
        return False


class Stacks:
    """The stacks of a process that has ended; empty where it ended without a word, or by Python's own will."""

    def __init__(self, pid: int) -> None:
        """Take them: the file is gone then."""
        try:
            with open(_file(pid), encoding="utf-8", errors="replace") as file:
                text = file.read()
        except FileNotFoundError:
            text = ""
        remove_quietly(_file(pid))
        self.lines = _of_the_application(text)
        if self.lines:
            with open(WHOLE, "w", encoding="utf-8") as file:
                file.write("\n".join(self.lines) + "\n")

    @property
    def signal(self) -> int:
        """The signal that Python was ended by; 0 where it isn't known."""
        head = self.lines[0] if self.lines else ""
        return next((int(number) for words, number in _SIGNALS.items() if head.endswith(words)), 0)

    def shown(self) -> str:
        """What the terminal shows of them."""
        lines = self.lines[:_SHOWN_LINES]
        left = len(self.lines) - len(lines)
        if left:
            lines.append(f"  … {left} lines more in .wsgi-dev/run/{os.path.basename(WHOLE)}")
        return "".join(f"{line}\n" for line in lines)

    def place(self, root: str) -> Tuple[Optional[str], Optional[int]]:
        """(file, line) of the innermost frame of the thread that crashed, the project's own if it has one."""
        frames = self._frames()
        own = [frame for frame in frames if frame[0].startswith(root + os.sep)]
        if not frames:
            return None, None
        file, line = (own or frames)[0]
        return (os.path.relpath(file, root) if own else file), line

    def _frames(self) -> List[Tuple[str, int]]:
        frames: List[Tuple[str, int]] = []
        is_current = False
        for line in self.lines:
            if not line.startswith("  "):
                is_current = line.startswith("Current thread 0x")
            elif is_current and line.startswith('  File "'):
                file, _, rest = line[len('  File "') :].partition('", line ')
                number = rest.partition(" ")[0]
                if number.isdigit():
                    frames.append((file, int(number)))
        return frames


def how_it_ended(code: int, number: int) -> str:
    """An end in words, behind a subject."""
    if number == signal.SIGKILL:
        return "was ended by SIGKILL (was it out of memory?)"
    if number:
        return f"was ended by {signal.Signals(number).name}"
    return f"ended with exit code {code}"


def _of_the_application(text: str) -> List[str]:
    """The stacks without wsgi-dev's own frames and threads."""
    kept: List[str] = []
    for section in text.strip("\n").split("\n\n") if text else []:
        lines = section.split("\n")
        others = [line for line in lines if not line.startswith(_MACHINERY)]
        is_own = len(others) < len(lines) and all("/threading.py" in line for line in others[1:])
        if not is_own or lines[0].startswith("Current thread"):
            kept += others
    return kept


def _file(pid: int) -> str:
    return f"{RUNTIME_DIRECTORY}/stacks.{pid}"
