"""The report of a check for a person, in the words of the host's wsgi-dev."""

from __future__ import annotations

from typing import Any, Dict, List, Set


def report_text(report: Dict[str, Any]) -> str:
    """The findings by place; why a kind matters and what to do is said at the first of its kind."""
    places: Dict[str, List[Dict[str, Any]]] = {}
    for one in report["findings"]:
        places.setdefault(_place(one), []).append(one)
    explained: Set[str] = set()
    blocks = []
    for place, findings in places.items():
        source = findings[0]["source"]
        lines = [f"{place}  {source}" if source else place]
        for one in findings:
            lines += _lines(one, explained)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def needs(report: Dict[str, Any]) -> str:
    """What a site must say for the application as it is."""
    options = [one for one in report["needs"] if "=" in one]
    directives = [one for one in report["needs"] if "=" not in one]
    whole = [f"WSGIDaemonProcess {' '.join(options)}"] if options else []
    return f"As it is, its site needs: {', '.join([*whole, *directives])}"


def summary(report: Dict[str, Any]) -> str:
    """One line about it all."""
    findings = report["findings"]
    problems = sum(one["level"] == "problem" for one in findings)
    notes = len(findings) - problems
    files = len({one["file"] for one in findings})
    found = f"{_many(problems, 'problem')} in {_many(files, 'file')}" if problems else "No problems"
    also = f", {_many(notes, 'note')}" if notes else ""
    answers = ", ".join(f"{one['request']} {one['status'] or '–'}" for one in report["answers"])
    return f"{found}{also} ({answers}; {report['seconds']} s)"


def _place(one: Dict[str, Any]) -> str:
    if one["file"] is None:
        return "the application"
    return str(one["file"]) if one["line"] is None else f"{one['file']}:{one['line']}"


def _lines(one: Dict[str, Any], explained: Set[str]) -> List[str]:
    lines = [f"  {one['level']}: {one['message']} [{one['kind']}]"]
    lines += [f"      | {line}" for line in one.get("client") or []]
    if one.get("also"):
        lines.append(f"    and so: {', '.join(one['also'])}")
    words = one["why"] + one["remedy"]
    if one["level"] == "problem" and words not in explained:
        explained.add(words)
        lines += [f"    why: {one['why']}", f"    do:  {one['remedy']}"]
    return lines


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
