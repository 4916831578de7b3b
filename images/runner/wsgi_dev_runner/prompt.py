"""What pdb does beyond its own: more to see at a stop, shorter stacks, convenience variables, .pdbrc, completion."""

import bdb
import pdb
from contextlib import suppress
from types import FrameType, TracebackType
from typing import Any, Dict, List, Optional, Tuple

from .completion import Completion
from .desk import Desk
from .introduction import Place, first_line, source_around
from .pdbrc import RcLine, rc_lines
from .sockets import waiting_requests
from .variables import KEY, with_variables
from .where import counted, cut


class Prompt(Completion):
    """Mixed into pdb itself."""

    def __init__(self, desk: Desk, readrc: bool = True, **options: Any) -> None:
        #: The source around the line is to be shown, once, where pdb would show that line.
        self._shows_source = False
        #: The request that stands here, and how many wait behind it, as was last told.
        self._behind: Tuple[Any, int] = (None, 0)
        #: Where the line that runs stands, if it is one of a .pdbrc.
        self._place = ""
        #: What is stopped at post mortem.
        self._error: Optional[BaseException] = None
        #: The globals that hold the variables during this stop.
        self._holders: List[Dict[str, Any]] = []
        super().__init__(desk, readrc=False, **options)
        #: What Python 3.14 and later colour.
        self.colorize = desk.colors
        if readrc:
            self.rcLines = rc_lines(desk.root, self.say)

    # -- a stop

    def setup(self, f: Any, tb: Any) -> Any:
        done = super().setup(f, tb)
        self._shows_source = not self.is_step
        return done

    def forget(self) -> None:
        super().forget()
        for module in self._holders:
            module.pop(KEY, None)
        self._holders.clear()
        self._variables.clear()

    def print_stack_entry(self, frame_lineno: Any, prompt_prefix: str = pdb.line_prefix) -> None:
        shows_source, self._shows_source = self._shows_source, False
        frame, line = frame_lineno
        filename = self.canonic(frame.f_code.co_filename)
        source = source_around(filename, line, frame.f_globals) if shows_source else []
        if not source:
            super().print_stack_entry(frame_lineno, prompt_prefix)
            return
        self.message(f"> {self.format_stack_entry(frame_lineno, pdb.line_prefix).partition(pdb.line_prefix)[0]}")
        place: Any = Place(frame, line)
        self._print_lines(source, first_line(line), self.get_file_breaks(filename), place)

    def preloop(self) -> None:
        super().preloop()
        self._tell_who_waits()

    def postcmd(self, stop: bool, line: str) -> bool:
        if not stop:
            self._tell_who_waits()
        return super().postcmd(stop, line)

    def _tell_who_waits(self) -> None:
        """Where a line is awaited next."""
        # Nor in a scenario, which prints the same each time: who has arrived by now is chance.
        if self.cmdqueue or self.commands_defining or self.desk.evidence:
            return
        request, known = self._behind
        count = waiting_requests(self.desk.port)
        if count != (known if request is self.desk.request else 0):
            waits = {0: "no request waits", 1: "1 request waits"}.get(count, f"{count} requests wait")
            self.say(f"{waits} behind this one")
        self._behind = self.desk.request, count

    # -- the lines of .pdbrc

    def execRcLines(self) -> bool:
        """Before Python 3.13; later ones put them before what is typed."""
        if self.curframe is not None:
            self._provide_variables(self.curframe)
        lines, self.rcLines = self.rcLines, []
        while lines:
            if self.onecmd(self.precmd(lines.pop(0))):
                # The rest is for the next stop.
                self.rcLines = lines
                return True
        return False

    def precmd(self, line: str) -> str:
        self._place = line.place if isinstance(line, RcLine) else ""
        return super().precmd(line)

    def onecmd(self, line: str) -> bool:
        if not self.commands_defining:
            line = with_variables(line)
        if KEY in line and self.curframe is not None:
            # A debugger within this stop takes its own away with it.
            self._hold(self.curframe.f_globals)
        try:
            return super().onecmd(line)
        except bdb.BdbQuit:
            raise
        except Exception as error:
            # A command that fails is no failure of the application.
            self.error(f"{type(error).__name__}: {error}")
            return False

    def error(self, msg: Any) -> None:
        super().error(f"{msg} ({self._place})" if self._place else msg)

    # -- convenience variables

    def set_convenience_variable(self, frame: FrameType, name: str, value: Any) -> None:
        """Python 3.12 and later call it, too."""
        self._variables[name] = value
        self._hold(frame.f_globals)

    def _hold(self, module: Dict[str, Any]) -> None:
        if module.get(KEY) is not self._variables:
            module[KEY] = self._variables
            self._holders.append(module)

    def _interact_post_mortem(self, error: BaseException, entry: TracebackType) -> None:
        self._error = error
        try:
            super()._interact_post_mortem(error, entry)
        finally:
            self._error = None

    def _provide_variables(self, frame: FrameType) -> None:
        """Those that Python 3.12 and later have themselves."""
        told: Dict[str, Any] = {"_frame": frame, "_exception": self._error}
        if "__exception__" in self.curframe_locals:
            told["_exception"] = self.curframe_locals["__exception__"][1]
        if "__return__" in self.curframe_locals:
            told["_retval"] = self.curframe_locals["__return__"]
        for name, value in told.items():
            if name != "_exception" or value is not None:
                self.set_convenience_variable(frame, name, value)

    def _select_frame(self, number: int) -> None:
        super()._select_frame(number)
        frame = self.stack[number][0]
        self.set_convenience_variable(frame, "_frame", frame)

    # -- commands

    def do_where(self, arg: str) -> None:
        """w(here) [all | count]

        Print the frames of the project's own files and the current one,
        with the most recent frame at the bottom. "all" prints those of
        libraries too, a count that many of the most recent ones; if it is
        negative, of the least recent ones, and if it is 0 the current one.
        An arrow indicates the "current frame", which determines the
        context of most commands.  'bt' is an alias for this command.
        """
        entries, left_out = self.stack, ""
        if not arg:
            entries, left_out = cut(self.stack, self.curindex, self.desk.root)
        elif arg != "all":
            try:
                entries = counted(self.stack, self.curindex, int(arg))
            except ValueError:
                self.error(f"Invalid count ({arg})")
                return
        if left_out:
            self.message(left_out)
        shows_source, self._shows_source = self._shows_source, False
        with suppress(KeyboardInterrupt):
            for entry in entries:
                self.print_stack_entry(entry)
        self._shows_source = shows_source

    do_w = do_where
    do_bt = do_where
