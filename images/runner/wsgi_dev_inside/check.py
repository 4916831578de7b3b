"""`check`: the same passes as on the host, as the devcontainer's user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from typing import Any, Dict

from .check_text import needs, report_text, summary
from .detect import target_of
from .fault import Fault
from .places import Places
from .project import Project
from .python_home import python_home
from .requests import requests_of
from .running import leave, read

#: Where the runner lies, beside this package.
_RUNNER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def check(options: Namespace, project: Project) -> int:
    """Run the application in several ways and print what was found; 1: there are problems."""
    requests = requests_of(options.request or ["/"])
    order = {
        "app": target_of(options.app, project),
        "root": project.root,
        "mount": "",
        "requests": requests,
        "limit": options.limit,
    }
    python = os.path.join(python_home(project.directory, os.environ, _say), "bin", "python3")
    places = Places(project.directory)
    places.make()
    leave(places, "check.json", order)
    names = ", ".join(one["name"] for one in requests)
    _say(f"Checking {project.name} with {names}: by itself, under CGI and under mod_wsgi")
    report = _run(python, places)
    if options.format == "json":
        print(json.dumps(report))
    else:
        if report["findings"]:
            print(report_text(report) + "\n")
        if report["needs"]:
            print(needs(report))
        print(summary(report))
    return 1 if any(one["level"] == "problem" for one in report["findings"]) else 0


def _run(python: str, places: Places) -> Dict[str, Any]:
    report = os.path.join(places.state, "report.json")
    if os.path.exists(report):
        os.remove(report)
    # As on the host: the check leaves no .pyc, and the locale is not the terminal's.
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    command = [python, "-I", "-S", _RUNNER, "check"]
    try:
        done = subprocess.run(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except KeyboardInterrupt:
        raise Fault("The check was interrupted", code=130) from None
    found = read(places, "report.json")
    if not isinstance(found, dict):
        last = done.stdout.decode(errors="replace").strip().splitlines()[-5:]
        raise Fault(f"The check ended with exit code {done.returncode} and left no report", "\n".join(last))
    return found


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
