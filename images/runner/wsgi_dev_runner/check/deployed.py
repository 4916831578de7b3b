"""The application in a daemon of mod_wsgi without options: in a sub-interpreter, LANG=C, away from home."""

import os
from typing import Any, Dict, List, Optional, Tuple

from .conf import deployed_conf
from .inside import NOTES
from .mod_wsgi import ask_all, place_of, write_script
from .notes import Place, finding, read_notes
from .order import Order
from .server import Server, free_port

_WHERE = "in a daemon process of mod_wsgi without options"
_GLOBAL = "Give the site WSGIApplicationGroup %{GLOBAL}: it can't be had in a sub-interpreter."
_MAIN_THREAD = "Do it without the main thread: a server's requests run in others."
_UTF8 = "Name the encoding (encoding='utf-8'); or give WSGIDaemonProcess lang=C.UTF-8 locale=C.UTF-8."
_HOME = "Make the path from __file__; or give WSGIDaemonProcess home=DIRECTORY."
_LOOP = "Use asyncio.run(), or a loop that the request makes: its thread has none."
#: Part of the message → the remedy, and the option that goes around it.
_REMEDIES: Tuple[Tuple[str, str, Optional[str]], ...] = (
    ("codec can't", _UTF8, "lang=C.UTF-8 locale=C.UTF-8"),
    ("FileNotFoundError", _HOME, "home=DIRECTORY"),
    ("subinterpreter", _GLOBAL, "WSGIApplicationGroup %{GLOBAL}"),
    ("sub-interpreter", _GLOBAL, "WSGIApplicationGroup %{GLOBAL}"),
    ("main thread", _MAIN_THREAD, None),
    ("event loop in thread", _LOOP, None),
)


def deployed(order: Order, directory: str, entry: Optional[Place], known: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """What fails there, and not before."""
    script = write_script(order, directory)
    port = free_port()
    server = Server(directory, port, deployed_conf(directory, port, order.mount, script), _environment())
    statuses, findings = ask_all(lambda: server, order, directory, entry, _WHERE)
    notes = read_notes(os.path.join(directory, NOTES))
    for note in notes:
        if note["note"] == "finding":
            place = Place(note["file"], note["line"]) if note["file"] is not None else entry
            findings.append(_failed(place, f"can't be loaded {_WHERE}", note["message"], "import"))
        elif note["note"] == "raised":
            name = note["request"]
            # One that is over by itself, such as an exception that was answered, is none.
            if statuses.get(name, 500) >= 500:
                findings.append(
                    _failed(place_of(note["place"]) or entry, f"{name} fails {_WHERE}", note["words"], name)
                )
    told = {one.get("when") for one in findings}
    if "import" not in told:
        findings += [
            finding("deployed", entry, f"{name} answers {status or 'nothing'} {_WHERE}", when=name)
            for name, status in statuses.items()
            if (status == 0 or status >= 500) and name not in told
        ]
    return findings


def _failed(place: Optional[Place], what: str, why: str, when: str) -> Dict[str, Any]:
    _, remedy, needs = next((one for one in _REMEDIES if one[0] in why), ("", None, None))
    more = {**({"remedy": remedy} if remedy else {}), **({"needs": needs} if needs else {})}
    return finding("deployed", place, f"{what}: {why}", when=when, **more)


def _environment() -> Dict[str, str]:
    """As Debian's envvars has it; the application's own variables stay."""
    without = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
    return {**without, "LANG": "C", "LC_ALL": "C"}
