"""What pdb shows beyond its own at a stop."""

import pdb
from typing import Any

from .introduction import Place, first_line, source_around
from .stops import Stops


class Prompt(Stops):
    """The source around the line that is stopped at; a step keeps pdb's single line."""

    #: It is to be shown, once, where pdb would show the line.
    _shows_source = False

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
