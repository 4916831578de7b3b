"""pdb on the console of an Apache process: Python's own debugger, with redrawing and Ctrl-C."""

import cmd
import code
import pdb
import sys
from types import FrameType, TracebackType
from typing import Any

from ..breakpoints import BreakpointError, at_prompt
from ..desk import Desk
from ..prompt.prompt import Prompt
from ..stop.postmortem import for_pdb
from ..stop.stops import Stops


class Commands(Stops):
    """What differs from pdb's own, in pdb and in what is made of it."""

    def __init__(self, desk: Desk, **options: Any) -> None:
        # nosigint: pdb's own Ctrl-C handler would wait for a sleep to end (PEP 475).
        super().__init__(desk, stdout=desk.console, nosigint=True, **options)
        self.use_rawinput = True
        #: How many lines were asked for.
        self.lines = 0
        # cmd, pdb (statements of several lines) and code (the interact command) each ask for lines with input().
        for module in (cmd, pdb, code):
            module.input = self._input  # type: ignore[attr-defined]

    def _interact_post_mortem(self, error: BaseException, entry: TracebackType) -> None:
        self.interaction(None, self._as_shown(error, entry))

    def _as_shown(self, error: BaseException, entry: TracebackType) -> Any:
        """What the debugger's interaction takes."""
        return for_pdb(error, entry)

    def bp_commands(self, frame: FrameType) -> Any:
        """Run the commands of the breakpoint that was reached: before Python 3.14 it opens the prompt by itself."""
        if sys.version_info >= (3, 14) or getattr(self, "currentbp", False) not in self.commands:
            return super().bp_commands(frame)
        with self._stopped(frame, frame.f_lineno):
            return super().bp_commands(frame)

    def _input(self, prompt: str = "") -> str:
        if not self.at_prompt:
            return input(prompt)
        self.lines += 1
        self.waiting = True
        try:
            line = self.desk.console.read_line(prompt, lambda: self.announce_prompt(prompt))
        except EOFError:
            # What pdb makes of Ctrl-D.
            self.tell_line("EOF")
            raise
        finally:
            self.waiting = False
        self.tell_line(line)
        return line

    def _cmdloop(self) -> None:
        # A stop may be at a prompt within another's, as `debug` opens it.
        console = self.desk.console
        before, console.takes_ctrl_c = console.takes_ctrl_c, True
        try:
            super()._cmdloop()
        finally:
            console.takes_ctrl_c = before

    def cancel(self) -> None:
        # Before its first prompt a stop has nothing to cancel: raised there it would end the request.
        self.desk.console.cancel()

    def _show_again(self) -> None:
        self.desk.console.redraw(with_line=self.waiting)

    def do_break(self, arg: str, temporary: Any = False) -> None:
        """b(reak) [FILE:LINE | LINE | MODULE:FUNCTION | FUNCTION] [if CONDITION | , CONDITION]

        Set a breakpoint: in this file where no other is named, before the first line of a function, and only when the
        condition is true there. Without a place, list them.
        """
        try:
            super().do_break(at_prompt(arg, self.desk.root), temporary)
        except BreakpointError as error:
            self.error(str(error))

    do_b = do_break

    def do_quit(self, arg: str) -> bool:
        """q(uit) | exit

        End this request with a 500; the server goes on.
        """
        # Python 3.14 asks y/n here and then ends the process, which is Apache.
        self._user_requested_quit = True
        self.set_quit()
        return True

    do_q = do_quit
    do_exit = do_quit

    def do_EOF(self, arg: str) -> bool:
        """Ctrl-D: the same as quit."""
        self.message("")
        return self.do_quit(arg)


class Debugger(Prompt, Commands, pdb.Pdb):
    """pdb itself."""
