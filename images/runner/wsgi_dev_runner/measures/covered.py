"""Which lines of the project run, by coverage.py: one data file for each process, joined as the server ends."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Mounted from the host.
DIRECTORY = "/run/wsgi-dev-coverage"
DATA = os.path.join(DIRECTORY, ".coverage")
#: From here on lines are measured beside a debugger: before, both are the one trace function that Python has. (On 3.12
#: and 3.13 coverage.py can use sys.monitoring too, but loses lines that ran just before a stop.)
_BESIDE = sys.version_info >= (3, 14)


def coverage_of(root: str, **options: Any) -> Any:
    """coverage.py for the project in `root`, whatever the project's own configuration of it."""
    from coverage import Coverage  # type: ignore[import-not-found]

    omit = ["*/site-packages/*", "*/node_modules/*", "*/.*/*"]
    made = Coverage(data_file=DATA, config_file=False, source=[root], omit=omit, **options)
    # So that `coverage report` understands the data on the host, too.
    made.set_option("run:relative_files", True)
    made.set_option("run:disable_warnings", ["no-data-collected", "module-not-imported", "module-not-measured"])
    return made


class Covered:
    """Measures from here on; `hear` saves what was found before somebody may end the process."""

    def __init__(self, root: str) -> None:
        self._coverage = coverage_of(root, data_suffix=True)
        self._start()

    def hear(self, activity: str) -> None:
        """Follow what this process does."""
        if activity == "busy":
            if not _BESIDE and sys.gettrace() is None:
                # A debugger has switched tracing off: a trace of coverage's that is made anew knows that it was away.
                self._coverage.stop()
                self._start()
        elif activity in ("idle", "failed", "prompt"):
            self._coverage.save()

    def _start(self) -> None:
        before = os.environ.get("COVERAGE_CORE")
        if _BESIDE:
            os.environ["COVERAGE_CORE"] = "sysmon"
        try:
            self._coverage.start()
        finally:
            # The application's own environment stays as it is.
            if before is None:
                os.environ.pop("COVERAGE_CORE", None)
            else:
                os.environ["COVERAGE_CORE"] = before


def report(root: str) -> str:
    """Join the data of all processes and write HTML; one line about it."""
    os.chdir(root)
    joined = coverage_of(root, messages=False)
    joined.combine()
    joined.save()
    percent = joined.html_report(directory=DIRECTORY, ignore_errors=True)
    return f"{percent:.0f} %"


def forget() -> None:
    """Remove what an earlier server measured."""
    for name in os.listdir(DIRECTORY):
        if name == ".coverage" or name.startswith(".coverage."):
            os.unlink(os.path.join(DIRECTORY, name))
