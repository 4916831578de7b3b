"""Tab at the prompt: names and their attributes wherever a statement may stand, convenience variables too."""

import sys
from contextlib import suppress
from typing import Any

from ..desk import Desk
from .convenience import Convenience


class Completion(Convenience):
    """Mixed into pdb itself."""

    def __init__(self, desk: Desk, **options: Any) -> None:
        super().__init__(desk, **options)
        if sys.version_info < (3, 12):
            with suppress(ImportError):
                import readline

                # So that a variable's name is completed with its sign.
                readline.set_completer_delims(readline.get_completer_delims().replace("$", ""))

    def completenames(self, text: str, line: str, begidx: int, endidx: int, *ignored: Any) -> Any:
        return super().completenames(text, line, begidx, endidx) or self._complete_expression(
            text, line, begidx, endidx
        )

    def completedefault(self, text: str, line: str, begidx: int, endidx: int) -> Any:
        if text.startswith("$"):
            return self._complete_variable(text)
        return super().completedefault(text, line, begidx, endidx) or self._complete_expression(
            text, line, begidx, endidx
        )

    def _complete_expression(self, text: str, line: str, begidx: int, endidx: int) -> Any:
        if text.startswith("$"):
            return self._complete_variable(text)
        return super()._complete_expression(text, line, begidx, endidx)

    complete_print = complete_p = complete_pp = complete_source = _complete_expression
    complete_whatis = complete_display = complete_debug = _complete_expression
