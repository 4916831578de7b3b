"""Runs a pass in a process of its own: its end, in whatever way, is part of what was found."""

import os
import signal
import subprocess
import sys
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

from .inside import NOTES, ORDER, OUTPUT, STACKS
from .notes import Place, finding, read_notes
from .order import Order, write_order
from .stacks import innermost

_MAIN = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Passed(NamedTuple):
    """What a pass left."""

    findings: List[Dict[str, Any]]
    #: All other lines of its notes.
    notes: List[Dict[str, Any]]
    #: What it wrote to its stderr, for a person who asks for it.
    output: str


def run_in_process(name: str, order: Order, directory: str, entry: Optional[Place]) -> Passed:
    """Runs the pass; after a request that hung or crashed, the rest in another process."""
    findings: List[Dict[str, Any]] = []
    notes: List[Dict[str, Any]] = []
    output = ""
    left = order
    while True:
        part = os.path.join(directory, f"{name}-{len(order.requests) - len(left.requests)}")
        os.makedirs(part)
        code = _run([sys.executable, _MAIN, "check-pass", name, part], left, part)
        found = read_notes(os.path.join(part, NOTES))
        findings += [_plain(one) for one in found if one["note"] == "finding"]
        _add_others(findings, [one for one in found if one["note"] == "again"])
        notes += [one for one in found if one["note"] != "finding"]
        output += _read(os.path.join(part, OUTPUT))
        if any(one["note"] == "end" for one in found):
            return Passed(findings, notes, output)
        phases = [one["phase"] for one in found if one["note"] == "phase"]
        phase = phases[-1] if phases else "import"
        if not any(one["kind"] == "crash" and one["when"] == phase for one in findings):
            findings.append(_broke_off(phase, code, _read(os.path.join(part, STACKS)), order, entry))
        requests = [one for one in left.requests if phase != one.name]
        if len(requests) == len(left.requests) or not requests:
            return Passed(findings, notes, output)
        left = left._replace(requests=requests)


def _add_others(findings: List[Dict[str, Any]], again: List[Dict[str, Any]]) -> None:
    """Name the other requests that show the same."""
    shown = {(one["kind"], one["file"], one["line"], one["message"]): one for one in findings}
    for one in again:
        first = shown.get((one["kind"], one["file"], one["line"], one["message"]))
        if first is not None and "import" not in (one["when"], first["when"]):
            others = first.setdefault("also", [])
            others += [one["when"]] if one["when"] not in (first["when"], *others) else []


def _run(command: Sequence[str], order: Order, directory: str) -> int:
    write_order(os.path.join(directory, ORDER), order)
    # Each request three times, and what Python needs to start.
    patience = order.limit * (2 + 3 * len(order.requests))
    with open(os.path.join(directory, OUTPUT), "wb") as output, open(os.path.join(directory, "stdout"), "ab") as stdout:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=output, start_new_session=True
        )
        try:
            return process.wait(patience)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL
        finally:
            # What it started ends with it.
            end_group(process.pid)
            process.wait()


def end_group(leader: int) -> None:
    """Kill all that is left of a session."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _broke_off(phase: str, code: int, stacks: str, order: Order, entry: Optional[Place]) -> Dict[str, Any]:
    place = innermost(stacks, order.root) or entry
    if stacks.startswith("Timeout"):
        return finding("hang", place, f"{_subject(phase)} takes longer than {order.limit:g} s", when=phase)
    return finding("crash", place, f"{_subject(phase)} ends the process with {ended_with(code)}", when=phase)


def _subject(phase: str) -> str:
    return "the import" if phase == "import" else phase


def ended_with(code: int) -> str:
    """SIGSEGV, or an exit code."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _plain(note: Dict[str, Any]) -> Dict[str, Any]:
    return {key: value for key, value in note.items() if key != "note"}


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""
