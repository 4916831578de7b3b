"""All passes, one after the other; the report is a file in the state directory, JSON lines, that the client reads."""

import json
import os
import shutil
import sys
import time
from typing import Any, Dict, List, Optional

from ..settings import RUNTIME_DIRECTORY, STATE_DIRECTORY
from .apache_passes import APACHE_PASSES
from .entry import entry_place
from .files import files
from .notes import finding
from .order import Order, read_order, request_name
from .processes import Passed, run_in_process
from .report import merged, with_words

ORDER = os.path.join(STATE_DIRECTORY, "check.json")
REPORT = os.path.join(STATE_DIRECTORY, "report.json")


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
    found = run_in_process("observe", order, directory, entry)
    _show(found)
    findings = found.findings
    answers: Dict[str, int] = {one["path"]: one["status"] for one in found.notes if one["note"] == "answer"}
    modules: List[str] = next((one["files"] for one in found.notes if one["note"] == "modules"), [])
    findings += files(order, modules)
    passes = ["observe", "files"]
    # What is broken already says nothing of what is around it.
    sound = [path for path in order.paths if answers.get(path, 500) < 500 and not _ended(findings, path)]
    if sound and not any(one["kind"] == "load" for one in findings):
        rest = order._replace(paths=sound)
        passed = run_in_process("conformance", rest, directory, entry)
        _show(passed)
        findings += [one for one in passed.findings if one["kind"] == "wsgi"]
        passes.append("validate")
        wrong = {one.get("when") for one in findings if one["kind"] == "wsgi"}
        rest = rest._replace(paths=[path for path in sound if request_name(path) not in wrong])
        for name, run in APACHE_PASSES.items():
            part = os.path.join(directory, name)
            os.makedirs(part)
            try:
                findings += run(rest, part, entry, findings)
                passes.append(name)
            except OSError as error:
                findings.append(finding("unchecked", None, f"{name}: {error}"))
    return {
        "findings": with_words(merged(findings), order.root),
        "answers": [{"path": path, "status": answers.get(path)} for path in order.paths],
        "passes": passes,
    }


def _ended(findings: List[Dict[str, Any]], path: str) -> bool:
    return any(one["kind"] in ("hang", "crash") and one.get("when") == request_name(path) for one in findings)


def _show(passed: Optional[Passed]) -> None:
    """For `wsgi-dev check -v`."""
    if passed is not None and passed.output:
        sys.stdout.write(passed.output)
        sys.stdout.flush()
