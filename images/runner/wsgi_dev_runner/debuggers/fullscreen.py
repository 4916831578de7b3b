"""pudb on the console of an Apache process: a full screen, drawn by urwid."""

import builtins
from types import TracebackType
from typing import Any, Callable, Optional

import pudb.settings

from ..desk import Desk
from ..prompt.variables import KEY, Variables, with_variables
from ..settings import STATE_DIRECTORY
from ..stop.stops import Stops

# It takes them over as it is imported: preferences, breakpoints and history are kept with the project's state.
pudb.settings.XDG_CONFIG_HOME = STATE_DIRECTORY
pudb.settings.XDG_CONFIG_DIRS = [STATE_DIRECTORY]

import pudb.debugger  # noqa: E402
import pudb.var_view  # noqa: E402
from pudb.debugger import CONFIG, Debugger, ThreadsafeRawScreen  # noqa: E402

#: The news of all releases aren't shown as a project's first stop.
CONFIG["seen_welcome"] = "z"
#: The alternate screen, with the mouse as urwid asks for it: what a terminal that comes back has to be told.
_BEGIN = "\x1b[?1049h"


class FullScreenDebugger(Stops, Debugger):
    """pudb's own, on the console."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        stdin, stdout = desk.console.terminal()
        screen = Screen(input=stdin, output=stdout)
        screen.on_input = self._on_input
        screen.set_terminal_properties(self.ui.screen.colors)
        self.ui.setup_palette(screen)
        self.ui.screen = screen
        self._event_loop, self.ui.event_loop = self.ui.event_loop, self._serve_keys
        self._announced = 0
        self._variables = Variables(desk)
        _provide(self._variables)

    def message(self, text: str, end: str = "\n") -> None:
        """Print, on the usual screen."""
        self.desk.console.write(text + end)

    def interaction(self, frame: Any, tb_or_exc: Any = None, **options: Any) -> None:
        try:
            super().interaction(frame, tb_or_exc, **options)
        finally:
            self._variables.clear()

    def cancel(self) -> None:
        # At its screen Ctrl-C means nothing; an expression that was typed there it ends.
        if not self.waiting:
            super().cancel()

    def _serve_keys(self, toplevel: Any = None) -> Any:
        if toplevel is None:
            # The exception has been shown. As long as this is set `c` is refused, and the request is to go on.
            self.post_mortem = False
        while True:
            try:
                return self._event_loop(toplevel)
            except KeyboardInterrupt:
                self.ui.screen.clear()

    def _on_input(self, waiting: bool) -> None:
        self.waiting = waiting
        if self._announced != self._stops:
            self._announced = self._stops
            self.announce_prompt()

    def _show_again(self) -> None:
        # Without its screen the prompt is that of a pdb that the application made.
        self.desk.console.redraw(with_line=self.waiting and not self.ui.screen.started)
        self.ui.screen.show_again()

    def _traceback_of(self, shown: Any) -> TracebackType:
        found: TracebackType = shown[2]
        return found

    def _interact_post_mortem(self, error: BaseException, entry: TracebackType) -> None:
        self.post_mortem = True
        try:
            self.interaction(None, (type(error), error, entry))
        finally:
            self.post_mortem = False


class Screen(ThreadsafeRawScreen):
    """urwid's, which can be shown again to another terminal. `on_input` is told when it waits for keys and when not."""

    on_input: Callable[[bool], None]
    _drawn: Optional[Any] = None
    _waits = False

    def start(self, *arguments: Any, **options: Any) -> Any:
        started = super().start(*arguments, **options)
        # Ctrl-Z would stop the server, and nobody could let it go on.
        self.tty_signal_keys(susp="undefined")
        return started

    def stop(self) -> Any:
        self._drawn = None
        return super().stop()

    def draw_screen(self, size: Any, canvas: Any) -> None:
        self._drawn = (size, canvas)
        super().draw_screen(size, canvas)

    def get_input(self, *arguments: Any, **options: Any) -> Any:
        self._waits = True
        self.on_input(True)
        try:
            return super().get_input(*arguments, **options)
        finally:
            self._waits = False
            self.on_input(False)

    def show_again(self) -> None:
        """Draw all of it, from within a signal's handler."""
        if not self.started:
            return
        self.write(_BEGIN)
        self.clear()
        if self._waits and self._drawn is not None:
            super().draw_screen(*self._drawn)
        self.flush()


def _provide(variables: Variables) -> None:
    """Let `$request` and its like be used in the command line and in watches, of whatever module the frame is."""
    setattr(builtins, KEY, variables)

    def compile_with(source: Any, *rest: Any, **more: Any) -> Any:
        return compile(with_variables(source), *rest, **more)

    def eval_with(source: Any, *rest: Any) -> Any:
        return eval(with_variables(source), *rest)

    pudb.debugger.compile = compile_with
    pudb.var_view.eval = eval_with
