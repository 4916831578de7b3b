"""Convenience variables in a debugger that has lines: `$request` and its like, and those of pdb on each Python."""

import sys
from types import FrameType, TracebackType
from typing import Any, Dict, List, Optional, Sequence

from ..desk import Desk
from ..stop.stops import Stops
from .current_request import NAMES
from .variables import KEY, Variables, with_variables


class Convenience(Stops):
    """Mixed into pdb, and into what is made of it."""

    def __init__(self, desk: Desk, **options: Any) -> None:
        #: Of the stop that lasts.
        self._variables = Variables(desk)
        #: The globals that hold them meanwhile.
        self._holders: List[Dict[str, Any]] = []
        #: What is stopped at post mortem.
        self._error: Optional[BaseException] = None
        super().__init__(desk, **options)

    def forget(self) -> None:
        super().forget()
        for module in self._holders:
            module.pop(KEY, None)
        self._holders.clear()
        self._variables.clear()

    def setup(self, f: Any, tb: Any) -> Any:
        done = super().setup(f, tb)
        if sys.version_info >= (3, 12) and self.curframe is not None and "_exception" not in self._variables:
            # Python's own knows it only where pdb was given the exception itself.
            chained: Sequence[BaseException] = getattr(self, "_chained_exceptions", ())
            error = chained[getattr(self, "_chained_exception_index", 0)] if chained else self._error
            if error is not None:
                self.set_convenience_variable(self.curframe, "_exception", error)
        return done

    def onecmd(self, line: str) -> bool:
        if not self.commands_defining:
            line = with_variables(line)
        if KEY in line and self.curframe is not None:
            # A debugger within this stop takes its own away with it.
            self._hold(self.curframe.f_globals)
        return super().onecmd(line)

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

    def _complete_variable(self, text: str) -> List[str]:
        """What `text`, a variable or an attribute of one, may become."""
        name, *attributes = text[1:].split(".")
        if not attributes:
            return [f"${one}" for one in {*NAMES, *self._variables} if one.startswith(name)]
        try:
            value: Any = self._variables[name]
            for attribute in attributes[:-1]:
                value = getattr(value, attribute)
        except Exception:
            return []
        whole = text.rpartition(".")[0]
        return [f"{whole}.{one}" for one in dir(value) if one.startswith(attributes[-1])]
