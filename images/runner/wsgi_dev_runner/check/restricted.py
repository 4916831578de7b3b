"""The application under mod_wsgi with WSGIRestrictStdin and WSGIRestrictStdout On."""

import os
from typing import Any, Dict, List, Optional

from .conf import restricted_conf
from .inside import NOTES
from .mod_wsgi import ask_all, write_script
from .notes import Place, finding, read_notes
from .order import Order
from .report import one_each
from .server import Server, free_port

_BOTH = "under WSGIRestrictStdin and WSGIRestrictStdout On"


def restricted(
    order: Order, directory: str, entry: Optional[Place], known: List[Dict[str, Any]]
) -> List[Dict[str, Any]]:
    """What it is refused there, and what becomes of the requests."""
    script = write_script(order, directory)
    port = free_port()
    conf = restricted_conf(directory, port, order.mount, script, order.root)
    server = Server(directory, port, conf, dict(os.environ))
    statuses, findings = ask_all(lambda: server, order, directory, entry, _BOTH)
    notes = read_notes(os.path.join(directory, NOTES))
    phase = "import"
    for note in notes:
        if note["note"] == "phase":
            phase = note["phase"]
        elif note["note"] == "refused" and note["place"] is not None:
            findings.append(_refused(note, phase, statuses, _is_loaded(notes)))
    if not _is_loaded(notes) and not any(one["note"] == "refused" for one in notes):
        findings += [_plain(one, entry) for one in notes if one["note"] == "finding"]
    return one_each(findings)


def _refused(note: Dict[str, Any], phase: str, statuses: Dict[str, int], is_loaded: bool) -> Dict[str, Any]:
    place = Place(*note["place"])
    directive = f"WSGIRestrict{note['stream'].capitalize()} On"
    if phase == "import":
        outcome = "the application is loaded all the same" if is_loaded else "the application can't be loaded"
    else:
        outcome = f"{phase} answers {statuses.get(phase) or 'nothing'}"
    text = f"under {directive}: {note['words']}; {outcome}"
    if not place.via:
        return finding("restricted", place, text, when=phase)
    # A library's own doing: there is nothing to mend here, but it is worth knowing.
    return finding("restricted", place, f"under {directive}: {place.via} uses it; {outcome}", "note", when=phase)


def _is_loaded(notes: List[Dict[str, Any]]) -> bool:
    return not any(one["note"] == "finding" and one["kind"] == "load" for one in notes)


def _plain(note: Dict[str, Any], entry: Optional[Place]) -> Dict[str, Any]:
    place = Place(note["file"], note["line"]) if note["file"] is not None else entry
    return finding("restricted", place, f"can't be loaded {_BOTH}: {note['message']}", when="import")
