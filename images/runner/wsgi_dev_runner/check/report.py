"""What the passes found, as one list: sorted, each thing once, with its source line and what to say of its kind."""

import linecache
import os
from typing import Any, Dict, List

from .kinds import KINDS


def merged(findings: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """By place; what several passes say of a line in the same words is one finding."""
    seen: Dict[Any, Dict[str, Any]] = {}
    for one in findings:
        seen.setdefault((one["file"], one["line"], one["kind"], one["message"]), one)
    return sorted(seen.values(), key=_order)


def one_each(findings: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """Of what one line does to many requests the first is shown, and the others named."""
    shown: Dict[Any, Dict[str, Any]] = {}
    for one in findings:
        first = shown.setdefault((one["kind"], one["file"], one["line"]), one)
        if first is not one and one["when"] != first["when"]:
            first.setdefault("also", []).append(one["when"])
    return list(shown.values())


def _order(one: Dict[str, Any]) -> Any:
    return (one["file"] or "", one["line"] or 0, list(KINDS).index(one["kind"]), one["message"])


def with_words(findings: List[Dict[str, Any]], root: str) -> List[Dict[str, Any]]:
    """Each with its line of source, why it matters and the remedy."""
    return [
        {
            **one,
            "source": _source(one, root),
            "why": one.get("why") or KINDS[one["kind"]][0],
            "remedy": one.get("remedy") or KINDS[one["kind"]][1],
        }
        for one in findings
    ]


def _source(one: Dict[str, Any], root: str) -> Any:
    if one["file"] is None or one["line"] is None:
        return None
    return linecache.getline(os.path.join(root, one["file"]), one["line"]).strip() or None
