"""debugpy: an editor that attaches by the Debug Adapter Protocol shows the stops and has the breakpoints."""

import os
import sys
import threading
from contextlib import contextmanager
from types import FrameType
from typing import Any, Iterable, Iterator, Optional, Tuple

import debugpy.server.api

# debugpy puts its pydevd on the path as it is imported.
import pydevd
from _pydevd_bundle import pydevd_comm_constants as reasons
from _pydevd_bundle._debug_adapter import pydevd_schema
from _pydevd_bundle.pydevd_additional_thread_info import set_additional_thread_info
from _pydevd_bundle.pydevd_api import PyDevdAPI
from _pydevd_bundle.pydevd_breakpoints import stop_on_unhandled_exception
from _pydevd_bundle.pydevd_constants import get_global_debugger
from _pydevd_bundle.pydevd_net_command import NetCommand
from _pydevd_bundle.pydevd_net_command_factory_json import NetCommandFactoryJson

from ..desk import Desk
from ..editor_port import COMES_AGAIN, inherited
from ..stop.stops import Stops

_PACKAGE_PARENT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_DEBUGPY = os.path.dirname(os.path.abspath(debugpy.__file__))
#: What pydevd says of a stop's cause; whatever else is a step.
_REASONS = {
    reasons.CMD_SET_BREAK: "breakpoint",
    reasons.CMD_THREAD_SUSPEND: "interrupt",
    reasons.CMD_ADD_EXCEPTION_BREAK: "exception",
}


class _Nothing:
    """The stops are debugpy's own: there is no debugger beneath."""

    def __init__(self, **_options: Any) -> None:
        pass


class Editor(Stops, _Nothing):
    """debugpy in this process, without an adapter of its own, on the socket that the supervisor holds."""

    activity = "paused"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        pydevd.create_server_socket = lambda *_address, **_options: inherited()
        debugpy.listen((desk.editor, 0), in_process_debug_adapter=True)
        # It took breakpoint() for itself: Python's own hook leads here, and honours PYTHONBREAKPOINT.
        sys.breakpointhook = sys.__breakpointhook__
        self._debugger = get_global_debugger()
        PyDevdAPI().set_dont_trace_start_end_patterns(self._debugger, (_DEBUGPY, _PACKAGE_PARENT), ())
        self._wait, self._debugger.do_wait_suspend = self._debugger.do_wait_suspend, self._suspend
        _ask_to_come_back()

    def message(self, text: str, end: str = "\n") -> None:
        """Print on the terminal."""
        self.desk.console.write(text + end)

    # -- ways in

    def set_trace(
        self, frame: Any = None, *, header: Optional[str] = None, commands: Iterable[str] = (), **_options: Any
    ) -> None:
        frame = frame or sys._getframe(1)
        if not self._is_attached("breakpoint()", frame):
            return
        self._header = header
        pydevd.settrace(suspend=True, stop_at_frame=frame, **_HERE)

    def stop_at_start(self, frame: FrameType) -> None:
        """Wait for an editor: its breakpoints hold from the first line of the application on."""
        self.say(f"waiting for an editor on {self.desk.editor} before the application is loaded")
        debugpy.wait_for_client()

    def interrupt(self, frame: FrameType) -> None:
        if not self._is_attached("Ctrl-C", frame):
            return
        with _untraced() as (thread, _info):
            # Told as a breakpoint: pydevd takes a pause for one of all threads, and tells of it when they have stopped.
            self._debugger.set_suspend(thread, reasons.CMD_SET_BREAK)
            self._reason = "interrupt"
            self._debugger.do_wait_suspend(thread, frame, "line", None)
        # A step from there.
        self._debugger.set_trace_for_frame_and_parents(thread.ident, frame)

    def examine(self, error: BaseException) -> None:
        """An exception that no code of the application may let out, as no debugger sees it: the editor's box "uncaught
        exceptions" decides."""
        entry = self._new_failure(error)
        if entry is None or not debugpy.is_client_connected():
            return
        with _untraced() as (thread, info):
            stop_on_unhandled_exception(self._debugger, thread, info, (type(error), error, entry))

    def arm(self, frame: FrameType) -> None:
        self._seen.clear()
        if sys.version_info < (3, 12) and sys.gettrace() is None:
            pydevd.settrace(suspend=False, **_HERE)

    def _is_attached(self, what: str, frame: FrameType) -> bool:
        if debugpy.is_client_connected():
            return True
        self.say(f"{what} at {self.place_of(frame)} passed: no editor is attached to {self.desk.editor}")
        return False

    # -- a stop

    def _suspend(self, thread: Any, frame: FrameType, event: str, argument: Any, *rest: Any, **more: Any) -> Any:
        """What pydevd does for as long as a thread is stopped."""
        if self.at_prompt or threading.current_thread() is not threading.main_thread():
            return self._wait(thread, frame, event, argument, *rest, **more)
        if self._reason != "interrupt":
            self._reason = _REASONS.get(thread.stop_reason, "step")
        line = frame.f_lineno
        if event == "exception":
            self._reason = "exception"
            self._seen.append(argument[1])
            self._headline = f"{argument[0].__name__}: {argument[1]}"
            line = _line_in(argument[2], frame) or line
        with self._stopped(frame, line):
            if not self.is_step:
                self.say(f"paused in the editor at {self.place_of(frame, line)}")
            return self._wait(thread, frame, event, argument, *rest, **more)

    def cancel(self) -> None:
        # The supervisor says how to stop the server; the editor lets the request go on.
        pass

    def _show_again(self) -> None:
        self.desk.console.redraw(with_line=False)


#: Of this thread alone, and nothing of pydevd's other inventions.
_HERE = {"trace_only_current_thread": True, "patch_multiprocessing": False, "notify_stdin": False}


@contextmanager
def _untraced() -> Iterator[Tuple[threading.Thread, Any]]:
    """A stop that pydevd's tracing doesn't lead to: what the editor evaluates there must not be traced either. The
    thread, and what pydevd knows of it."""
    thread = threading.current_thread()
    info = set_additional_thread_info(thread)
    monitoring = pydevd.pydevd_sys_monitoring if pydevd.PYDEVD_USE_SYS_MONITORING else None
    was_traced = monitoring.suspend_current_thread_tracing() if monitoring else False
    info.is_tracing += 1
    try:
        yield thread, info
    finally:
        info.is_tracing -= 1
        if monitoring and was_traced:
            monitoring.resume_current_thread_tracing()


def _line_in(entry: Any, frame: FrameType) -> Optional[int]:
    while entry is not None:
        if entry.tb_frame is frame:
            return int(entry.tb_lineno)
        entry = entry.tb_next
    return None


def _ask_to_come_back() -> None:
    """Where this process ends for another one, as after an edit, the editor is to attach again."""
    make = NetCommandFactoryJson.make_exit_command

    def make_exit_command(factory: Any, py_db: Any) -> Any:
        if not os.path.exists(COMES_AGAIN):
            return make(factory, py_db)
        event = pydevd_schema.TerminatedEvent(body=pydevd_schema.TerminatedEventBody(restart=True))
        return NetCommand(reasons.CMD_EXIT, 0, event, is_json=True)

    NetCommandFactoryJson.make_exit_command = make_exit_command
