"""The debugger's console: the terminal on file descriptors 0 and 1, whatever the application does to sys.stdin,
sys.stdout or the descriptors themselves."""

from __future__ import annotations

import builtins
import fcntl
import os
import sys
from collections import deque

from .settings import STATE_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Deque, Optional, TextIO, Tuple

HISTORY = os.path.join(STATE_DIRECTORY, "history")
HISTORY_LENGTH = 1000
#: What is kept of the output since a stop, to be printed again for a terminal that comes back: bytes.
_RING_BYTES = 256 * 1024


class Console:
    """A text stream for pdb's output, and a line reader with readline's editing, history and completion."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, history: bool) -> None:
        # Kept above the standard ones: an application that closes or redirects those doesn't take the console away.
        self.fd = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, 100)
        self._input_fd = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 100)
        self._ring: Deque[bytes] = deque()
        self._ring_size = 0
        self._history = history
        self._readline: Any = None
        #: Whether Ctrl-C ends a command, or the line that is typed: from the first prompt of a stop to its end.
        self.takes_ctrl_c = False
        #: From before readline has the line until it is about to wait for keys: it drops exceptions then.
        self._entering = False
        self._dropped = False
        # readline is used only by an input() whose sys.stdin and sys.stdout are descriptors 0 and 1.
        self._stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
        self._stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)

    # -- a text stream

    def write(self, text: str) -> int:
        data = text.encode(self.encoding, self.errors)
        self.remember(data)
        view = memoryview(data)
        while view:
            view = view[os.write(self.fd, view) :]
        return len(text)

    def flush(self) -> None:
        """Write out what the application printed, so that it stands before what comes next."""
        for stream in (sys.stdout, sys.stderr):
            if stream is self:
                # At a prompt: what is written to it is out.
                continue
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                continue

    def isatty(self) -> bool:
        return os.isatty(self.fd)

    def fileno(self) -> int:
        return self.fd

    # -- lines

    def read_line(self, prompt: str, waiting: Callable[[], None]) -> str:
        """One line typed at `prompt`; EOFError at Ctrl-D, KeyboardInterrupt at Ctrl-C. `waiting` is called once what is
        typed is readline's: before that the terminal would echo it, and readline again."""
        self._prepare_readline()
        self._stand_on_terminal()

        def entered() -> None:
            try:
                waiting()
            finally:
                self._entering = False

        set_hook = getattr(self._readline, "set_pre_input_hook", None)
        if set_hook is None or not (os.isatty(0) and os.isatty(1)):
            waiting()
        else:
            self._entering = True
            set_hook(entered)
        saved = sys.stdin, sys.stdout
        sys.stdin, sys.stdout = self._stdin, self._stdout
        try:
            line = builtins.input(prompt)
        except (KeyboardInterrupt, SystemError) as error:
            # Python 3.9's input() fails so where another signal, a resize or a nudge, comes together with Ctrl-C.
            if isinstance(error, SystemError) and not isinstance(error.__cause__, KeyboardInterrupt):
                raise
            # The terminal has echoed ^C behind the cancelled line.
            self.write("\n")
            raise KeyboardInterrupt from None
        finally:
            self._entering = False
            sys.stdin, sys.stdout = saved
            if set_hook is not None:
                set_hook(None)
        self.remember(f"{prompt}{line}\n".encode(self.encoding, self.errors))
        if self._history and self._readline is not None and line.strip():
            self._append_history()
        return line

    def cancel(self) -> None:
        """Ctrl-C: the line is cancelled, or the command that runs is ended."""
        if self._entering:
            self._dropped = True
        elif self.takes_ctrl_c:
            raise KeyboardInterrupt

    def dropped(self) -> bool:
        """Whether a Ctrl-C since the last call came too early to be raised: it is to be sent again."""
        dropped, self._dropped = self._dropped, False
        return dropped

    def _prepare_readline(self) -> None:
        """Load readline at the first prompt and not before: a start doesn't pay for it."""
        if self._readline is not None:
            return
        try:
            import readline
        except ImportError:
            return
        self._readline = readline
        readline.set_history_length(HISTORY_LENGTH)
        if self._history and os.path.exists(HISTORY):
            try:
                readline.read_history_file(HISTORY)
            except OSError as error:
                self.write(f"wsgi-dev: the history {HISTORY} can't be read: {error}\n")

    def _append_history(self) -> None:
        try:
            if not os.path.exists(HISTORY):
                os.close(os.open(HISTORY, os.O_CREAT | os.O_WRONLY, 0o600))
            self._readline.append_history_file(1, HISTORY)
        except OSError:
            # The line was read all the same; a full disk or a foreign owner only costs the history.
            self._history = False

    def _stand_on_terminal(self) -> None:
        """Give descriptors 0 and 1 back to the terminal where the application took them away."""
        for fd, own in ((0, self._input_fd), (1, self.fd)):
            if not _same_file(fd, own):
                os.dup2(own, fd)

    def terminal(self) -> Tuple[TextIO, TextIO]:
        """Descriptors 0 and 1, on the terminal: for a program that reads and draws by itself."""
        self._stand_on_terminal()
        return self._stdin, self._stdout

    # -- what a terminal that comes back is shown

    def forget(self) -> None:
        """A new stop begins: what was printed before it is in the log."""
        self._ring.clear()
        self._ring_size = 0

    def remember(self, data: bytes) -> None:
        """Keep what stands on the terminal, for one that comes back."""
        self._ring.append(data[-_RING_BYTES:])
        self._ring_size += len(self._ring[-1])
        while self._ring_size > _RING_BYTES:
            self._ring_size -= len(self._ring.popleft())

    def redraw(self, with_line: bool) -> None:
        """Print what was printed since the stop, then (`with_line`) the prompt with the half-typed line."""
        data = memoryview(b"\r" + b"".join(self._ring))
        while data:
            data = data[os.write(self.fd, data) :]
        if not with_line:
            return
        import ctypes

        library = _libreadline()
        if library is not None:
            library.rl_forced_update_display()
            ctypes.CDLL(None).fflush(None)
        elif self._readline is not None:
            os.write(self.fd, self._readline.get_line_buffer().encode())


def _libreadline() -> Optional[Any]:
    """The very library that Python's readline module uses; None with libedit."""
    import ctypes

    try:
        return ctypes.CDLL("libreadline.so.8", mode=os.RTLD_NOLOAD)
    except OSError:
        return None


def _same_file(left: int, right: int) -> bool:
    try:
        one, two = os.fstat(left), os.fstat(right)
    except OSError:
        return False
    return (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino)
