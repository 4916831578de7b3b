"""What pdb does beyond its own: more to see at a stop, shorter stacks, and what others have too."""

import pdb
from contextlib import suppress
from typing import Any

from ..desk import Desk
from ..stop.introduction import Place, first_line, source_around
from .behind import Behind
from .completion import Completion
from .typed import Typed
from .where import counted, cut


class Prompt(Behind, Typed, Completion):
    """Mixed into pdb itself."""

    def __init__(self, desk: Desk, **options: Any) -> None:
        #: The source around the line is to be shown, once, where pdb would show that line.
        self._shows_source = False
        super().__init__(desk, **options)
        #: What Python 3.14 and later colour.
        self.colorize = desk.colors

    def setup(self, f: Any, tb: Any) -> Any:
        done = super().setup(f, tb)
        self._shows_source = not self.is_step
        return done

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
