"""How long functions take, by cProfile: while a request runs, and not while a debugger's prompt waits."""

from __future__ import annotations

import os
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List

#: Mounted from the host.
DIRECTORY = "/run/wsgi-dev-profile"
_SHOWN = 5


class Profiled:
    """One profile for this process, written anew after each request and at each stop."""

    def __init__(self) -> None:
        import cProfile

        self._profile = cProfile.Profile()
        self._path = os.path.join(DIRECTORY, f"{int(time.time() * 1000)}-{os.getpid()}.prof")
        self._runs = False

    def hear(self, activity: str) -> None:
        """Follow what this process does."""
        if threading.current_thread() is not threading.main_thread():
            # A profile is of one thread: of that which serves requests.
            return
        if activity == "busy" and not self._runs:
            try:
                self._profile.enable()
            except ValueError:
                # The application runs a profiler of its own.
                return
            self._runs = True
        elif activity in ("idle", "failed", "prompt") and self._runs:
            self._runs = False
            self._profile.disable()
            self._profile.dump_stats(f"{self._path}.new")
            os.replace(f"{self._path}.new", self._path)


def report(root: str, since: float) -> List[str]:
    """The costliest functions of the project in `root`, in the profiles made since then (Unix seconds)."""
    import pstats

    paths = [os.path.join(DIRECTORY, name) for name in os.listdir(DIRECTORY) if name.endswith(".prof")]
    recent = sorted(path for path in paths if os.stat(path).st_mtime >= since)
    if not recent:
        return []
    stats: Dict[Any, Any] = pstats.Stats(*recent).stats  # type: ignore[attr-defined]
    own = [
        (cumulative, calls, f"{os.path.relpath(file, root)}:{line} {name}")
        for (file, line, name), (_primitive, calls, _own, cumulative, _callers) in stats.items()
        if file.startswith(root + os.sep) and f"{os.sep}site-packages{os.sep}" not in file
    ]
    own.sort(key=lambda one: one[0], reverse=True)
    return [f"  {seconds:9.3f} s  {calls:7d} {_times(calls)}  {what}" for seconds, calls, what in own[:_SHOWN]]


def _times(calls: int) -> str:
    return "call " if calls == 1 else "calls"
