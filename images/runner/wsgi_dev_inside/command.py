"""The program `wsgi-dev` of a devcontainer."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from typing import Any, Dict, List, Optional

from .fault import Fault
from .options import parse
from .places import Places
from .project import Project
from .running import end, read, server
from .user import leave_root


def main(arguments: Optional[List[str]] = None) -> int:
    """Run one command; returns its exit code."""
    try:
        return _run(parse(sys.argv[1:] if arguments is None else arguments))
    except Fault as fault:
        hint = f"\n{fault.hint}" if fault.hint else ""
        sys.stderr.write(f"error: {fault}{hint}\n")
        return fault.code


def _run(options: Namespace) -> int:
    if options.version or options.verb == "version":
        print(f"wsgi-dev {_version()}")
        return 0
    if options.verb is None:
        return _run(parse(["--help"]))
    project = Project(options.project_directory)
    if options.verb == "install":
        from .install import install

        # Root's environment is root's to write: this is for the devcontainer's user, whoever that is.
        return install(options, project)
    leave_root(project.directory)
    if options.verb == "up":
        from .up import up

        return up(options, project)
    if options.verb == "check":
        from .check import check

        return check(options, project)
    if options.verb == "break":
        from .breaks import change_breaks

        return change_breaks(project, options.place, options.clear)
    return _down(project, options.timeout) if options.verb == "down" else _ps(project, options.format)


def _down(project: Project, seconds: float) -> int:
    places = Places(project.directory)
    pid = server(places)
    if pid is None:
        sys.stderr.write(f"{project.name} is not running: nothing to take down\n")
        return 0
    end(places, pid, seconds)
    sys.stderr.write(f"Took down {project.name}\n")
    return 0


def _ps(project: Project, how: str) -> int:
    rows = _rows(project)
    if how == "json":
        for row in rows:
            print(json.dumps(row))
        return 0
    cells = [
        ["NAME", "MODE", "URL", "STATUS"],
        *([row[key] for key in ("name", "mode", "url", "status")] for row in rows),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    return 0


def _rows(project: Project) -> List[Dict[str, Any]]:
    places = Places(project.directory)
    pid, state, paused = server(places), read(places, "state.json"), read(places, "paused.json")
    if pid is None or state is None:
        return []
    row = {"project": project.name, "name": project.name, "pid": pid, "mode": state["mode"], "url": state["url"]}
    if paused is not None:
        where = {key: paused[key] for key in ("file", "line", "function")}
        return [{**row, "state": "paused", "status": "paused at {file}:{line}".format(**where), "paused": where}]
    running = "running" if state["phase"] == "ready" else state["phase"]
    return [{**row, "state": running, "status": running, "paused": None}]


def _version() -> str:
    path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "version")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return "(not installed)"
