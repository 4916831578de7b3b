"""What was measured, told as the server ends: the supervisor's part of --enable-coverage and --enable-profiler."""

from __future__ import annotations

import os
import time

from ..settings import REPORTS, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List

_PYTHON = "/opt/venv/bin/python3"
_PACKAGE_PARENT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SCRIPT = """\
import sys
sys.path += sys.argv[1:3]
from wsgi_dev_runner.measures.reports import reports
from wsgi_dev_runner.settings import read_settings
print("\\n".join(reports(read_settings(), float(sys.argv[3]))))
"""


class Reports:
    """Of one server, from its start to its end, whatever processes it consists of."""

    def __init__(self, settings: Settings) -> None:
        self._began = time.time()
        if settings.coverage:
            from .covered import forget

            forget()

    def write(self, settings: Settings) -> str:
        """Write them, in a process that has the project's packages; the text for the person."""
        if not settings.coverage and not settings.profiler:
            return ""
        import subprocess

        from ..settings import TOOLS_DIRECTORY

        command = [_PYTHON, "-I", "-c", _SCRIPT, _PACKAGE_PARENT, TOOLS_DIRECTORY, str(self._began)]
        # In a session of its own: a Ctrl-C that comes late doesn't end it.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
        )
        text = done.stdout.decode("utf-8", "replace")
        with open(f"{REPORTS}.new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(f"{REPORTS}.new", REPORTS)
        return text


def reports(settings: Settings, began: float) -> List[str]:
    """The lines about what was measured since `began`, Unix seconds."""
    return [
        *(_coverage(settings) if settings.coverage else []),
        *(_profile(settings, began) if settings.profiler else []),
    ]


def _coverage(settings: Settings) -> List[str]:
    from .covered import report

    try:
        return [f"Coverage: {report(settings.root)} of the project's lines, see {settings.coverage}/index.html"]
    except Exception as error:
        # No process came so far, or a file that was measured is gone.
        return [f"Coverage: no report: {error}"]


def _profile(settings: Settings, began: float) -> List[str]:
    from .profiled import report

    costliest = report(settings.root, began)
    if not costliest:
        return ["Profile: no request ran any code of the project"]
    return [f"Profile: {settings.profiler}/*.prof; the project's costliest functions:", *costliest]
