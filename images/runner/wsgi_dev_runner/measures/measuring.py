"""--enable-coverage and --enable-profiler inside Apache's process: each hears what the process says that it does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable

    from ..notes import Notes
    from ..settings import Settings


def measure(settings: Settings, notes: Notes) -> None:
    """Begin what was asked for, before anything of the application is imported."""
    if settings.coverage:
        from .covered import Covered

        _begin("coverage", notes, lambda: Covered(settings.root).hear)
    if settings.profiler:
        from .profiled import Profiled

        _begin("profiler", notes, lambda: Profiled().hear)


def _begin(what: str, notes: Notes, make: Callable[[], Callable[[str], None]]) -> None:
    try:
        hear = make()
    except Exception as error:
        # A coverage.py of the application's own may be another than this was made for: it serves without.
        _tell(what, notes, error)
        return

    def carefully(activity: str) -> None:
        try:
            hear(activity)
        except Exception as error:
            # A full disk: the request goes on.
            notes.hearers.remove(carefully)
            _tell(what, notes, error)

    notes.hearers.append(carefully)


def _tell(what: str, notes: Notes, error: Exception) -> None:
    notes.advise(what, f"no {what} from here on: {type(error).__name__}: {error}"[:400])
