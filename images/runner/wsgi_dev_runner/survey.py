"""Looks a loaded application over, in a process of its own, for what is worth a word; `advice` has it said."""

import json
import os
from typing import Any, Dict, Iterator, List, Tuple

from .leftovers import directives
from .notes import Notes
from .sources import findings

#: At most so many threads are named.
_NAMED = 3


def main(path: str, notes: str, order: str) -> None:
    """`path` holds what was loaded; the words go to the FIFO `notes`, as ones about `order`."""
    # The first request has the processor before this.
    os.nice(10)
    with open(path, encoding="utf-8") as file:
        loaded = json.load(file)
    sender = Notes(notes, order)
    for key, text in survey(loaded):
        sender.advise(key, text, soon=False)


def survey(loaded: Dict[str, Any]) -> Iterator[Tuple[str, str]]:
    """(key, text) of each thing worth a word. A key stays the same while the text of its line does."""
    root = loaded["root"]
    for file in loaded["files"]:
        yield from findings(file, root)
    yield from directives(root)
    yield from _threads(loaded["threads"], root)
    for one in loaded["processes"]:
        text = f"the process `{one['name']}` was started at import: breakpoint() in it is passed over"
        yield f"process {one['name']}", text


def _threads(threads: List[Dict[str, Any]], root: str) -> Iterator[Tuple[str, str]]:
    if not threads:
        return
    names = ", ".join(_shown(one, root) for one in threads[:_NAMED])
    more = f" and {len(threads) - _NAMED} more" if len(threads) > _NAMED else ""
    subject = "the thread" if len(threads) == 1 else "the threads"
    verb = "was" if len(threads) == 1 else "were"
    where = "it" if len(threads) == 1 else "them"
    yield (
        f"threads {sorted(one['name'] for one in threads)}",
        f"{subject} {names}{more} {verb} started at import: of all that stops, only breakpoint() stops in {where}",
    )


def _shown(one: Dict[str, Any], root: str) -> str:
    """NAME (FILE:LINE), the place only where it lies in the project."""
    name, place = one["name"], one["place"]
    if place is None or not place[0].startswith(root + os.sep):
        return f"`{name}`"
    return f"`{name}` ({os.path.relpath(place[0], root)}:{place[1]})"
