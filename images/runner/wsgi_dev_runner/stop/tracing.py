"""How Python's debuggers are kept from what is nobody's business, and a request from being traced for nothing."""

import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, Iterable, List

from .narrow import Narrow
from .postmortem import is_machinery

#: Modules that a step doesn't lead into: the runner's own, and what finds and loads modules.
_SKIPPED = ("wsgi_dev_runner.*", "importlib", "importlib.*", "zipimport", "_distutils_hack", "__editable__*")

if TYPE_CHECKING:
    from pdb import Pdb as _Base
else:
    #: The debugger that this is mixed into: pdb, or another that is made of bdb.
    _Base = object


class Tracing(_Base):
    """What is traced, what a step leads to, and which frames are shown."""

    def __init__(self, skip: Iterable[str] = (), **options: Any) -> None:
        super().__init__(skip=[*_SKIPPED, *skip], **options)
        self._narrow = Narrow(self)
        #: What leads to the next stop.
        self._reason = "breakpoint"
        #: Exceptions of this request that were stopped at: frameworks raise one again, or another from it.
        self._seen: List[BaseException] = []

    def _watch(self, frame: FrameType) -> None:
        """Stop at breakpoints, and at nothing else, in what `frame` and its callers call from here on."""
        self.reset()
        self.botframe = outermost(frame)
        self._set_stopinfo(self.botframe, None, -1)  # type: ignore[attr-defined]
        self._narrow.begin()

    def _trace_from(self, frame: FrameType) -> None:
        """Let the step that was asked for at an interrupt's prompt happen in `frame` and its callers."""
        is_step = self.stoplineno != -1
        if is_step:
            sys.settrace(self.trace_dispatch)
        else:
            self._narrow.begin()
        walk: Any = frame
        while walk is not None and (is_step or self.breaks):
            if is_step or self._narrow.holds(walk.f_code):
                walk.f_trace = self.trace_dispatch
            walk = walk.f_back

    def set_continue(self) -> None:
        super().set_continue()
        if self.breaks:
            self._narrow.begin()

    def user_line(self, frame: FrameType) -> None:
        if getattr(self, "currentbp", False):
            self._reason = "breakpoint"
        # A step from here leads into whatever is called.
        sys.settrace(self.trace_dispatch)
        super().user_line(frame)
        # bdb sets it at each breakpoint that is reached and leaves it so.
        self.currentbp: Any = False

    def user_exception(self, frame: FrameType, exc_info: Any) -> None:
        _kind, error, traceback = exc_info
        if traceback is not None and traceback.tb_next is None:
            # Stepped to where it is raised: there is no second stop for it.
            self._seen.append(error)
        super().user_exception(frame, exc_info)

    def user_call(self, frame: FrameType, argument_list: Any) -> None:
        # A module isn't called: a step into one stops before its first line, which comes next.
        if frame.f_code.co_name != "<module>":
            super().user_call(frame, argument_list)

    def get_stack(self, f: Any, t: Any) -> Any:
        """The frames of the application: those of the server and of the import system say nothing."""
        stack, index = super().get_stack(f, t)
        own = [(number, entry) for number, entry in enumerate(stack) if not is_machinery(entry[0])]
        if not own:
            return stack, index
        before = sum(number <= index for number, _ in own)
        return [entry for _, entry in own], max(0, before - 1)


def outermost(frame: FrameType) -> FrameType:
    """The frame that `frame` was called from in the first place."""
    while frame.f_back is not None:
        frame = frame.f_back
    return frame
