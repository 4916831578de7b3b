"""Lines of a .pdbrc, and lines that fail."""

import bdb
from typing import Any

from ..desk import Desk
from .convenience import Convenience
from .pdbrc import RcLine, rc_lines


class Typed(Convenience):
    """Mixed into pdb, and into what is made of it."""

    def __init__(self, desk: Desk, readrc: bool = True, **options: Any) -> None:
        #: Where the line that runs stands, if it is one of a .pdbrc.
        self._place = ""
        super().__init__(desk, readrc=False, **options)
        if readrc:
            self.rcLines = rc_lines(desk.root, self.say)

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
