"""All passes, one after the other; the report is a file in the state directory, JSON lines, that the client reads."""

import json
import os
import shutil
import sys
import time
from typing import Any, Dict, List, Optional, Set

from ..settings import RUNTIME_DIRECTORY, STATE_DIRECTORY
from .apache_passes import APACHE_PASSES
from .entry import entry_place
from .files import files
from .notes import finding
from .order import Asked, Order, read_order
from .processes import Passed, run_in_process
from .report import merged, with_words

ORDER = os.path.join(STATE_DIRECTORY, "check.json")
REPORT = os.path.join(STATE_DIRECTORY, "report.json")
#: Begins a line on stdout that names the pass that comes next.
STEP = "wsgi-dev-check: "
#: What a pass in plain Python looks for; all else `observe` has found.
_OWN = {"validate": ("wsgi",), "parallel": ("parallel", "hang", "crash")}


def main() -> int:
    """Exit code 0: the report is there, whatever it says."""
    order = read_order(ORDER)
    directory = os.path.join(RUNTIME_DIRECTORY, "check")
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory, mode=0o700)
    began = time.monotonic()
    report = check(order, directory)
    report["seconds"] = round(time.monotonic() - began, 1)
    with open(f"{REPORT}.new", "w", encoding="utf-8") as file:
        json.dump(report, file)
    os.replace(f"{REPORT}.new", REPORT)
    return 0


def check(order: Order, directory: str) -> Dict[str, Any]:
    """The report: findings, the answers to the requests, the passes that ran."""
    entry = entry_place(order)
    step("observe")
    found = run_in_process("observe", order, directory, entry)
    _show(found)
    findings = found.findings
    answers: Dict[str, int] = {one["request"]: one["status"] for one in found.notes if one["note"] == "answer"}
    modules: List[str] = next((one["files"] for one in found.notes if one["note"] == "modules"), [])
    step("files")
    findings += files(order, modules)
    passes = ["observe", "files"]
    # What is broken already says nothing of what is around it.
    sound = [one for one in order.requests if answers.get(one.name, 500) < 500 and not _ended(findings, one)]
    if sound and not any(one["kind"] == "load" for one in findings):
        rest = order._replace(requests=sound)
        for name in ("validate", "parallel"):
            step(name)
            forks = _shown_by(findings, "process") if name == "parallel" else set()
            some = rest._replace(requests=[one for one in sound if one.name not in forks])
            passed = run_in_process(name, some, directory, entry)
            _show(passed)
            findings += [one for one in passed.findings if one["kind"] in _OWN[name]]
            passes.append(name)
        wrong = {one.get("when") for one in findings if one["kind"] == "wsgi" and one["level"] == "problem"}
        rest = rest._replace(requests=[one for one in sound if one.name not in wrong])
        for name, run in APACHE_PASSES.items():
            step(name)
            part = os.path.join(directory, name)
            try:
                os.makedirs(part)
                findings += run(rest, part, entry, findings)
                passes.append(name)
            except OSError as error:
                findings.append(finding("unchecked", None, f"{name}: {error}"))
    return {
        "findings": with_words(merged(findings), order.root),
        "answers": [{"request": one.name, "path": one.path, "status": answers.get(one.name)} for one in order.requests],
        "passes": passes,
        "needs": sorted({one["needs"] for one in findings if "needs" in one}),
    }


def _shown_by(findings: List[Dict[str, Any]], kind: str) -> Set[str]:
    """The requests that showed something of that kind."""
    return {name for one in findings if one["kind"] == kind for name in (one.get("when", ""), *one.get("also", []))}


def step(name: str) -> None:
    """For whoever waits: what is done from here on."""
    sys.stdout.write(f"{STEP}{name}\n")
    sys.stdout.flush()


def _ended(findings: List[Dict[str, Any]], request: Asked) -> bool:
    return any(one["kind"] in ("hang", "crash") and one.get("when") == request.name for one in findings)


def _show(passed: Optional[Passed]) -> None:
    """For `wsgi-dev check -v`."""
    if passed is not None and passed.output:
        sys.stdout.write(passed.output)
        sys.stdout.flush()
