"""The application under mod_cgid and wsgiref's CGIHandler: does the client get what the application sent?"""

import json
import os
import sys
from typing import Any, Dict, List, Optional

from ..settings import remove_quietly
from .cgi_script import ENVIRONMENT, ORDER, RAISED, SENT
from .conf import cgi_conf
from .notes import Place, finding
from .order import Asked, Order, write_order
from .report import one_each
from .server import Response, Server, free_port

_PACKAGES = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SCRIPT = """\
#!{python}
import sys
sys.path[0:1] = []
sys.path.append({packages!r})
from wsgi_dev_runner.check.cgi_script import answer
answer({directory!r})
"""
#: Headers that come from Apache and wsgiref themselves.
_APACHE = {"date", "server", "connection", "content-length", "content-type", "keep-alive", "accept-ranges", "vary"}
#: So many lines of a response are shown, of so many characters.
_LINES, _WIDTH = 14, 100


def cgi(order: Order, directory: str, entry: Optional[Place], known: List[Dict[str, Any]]) -> List[Dict[str, Any]]:
    """`known`: what was found before, which says where stdout is written to."""
    script = os.path.join(directory, "app.cgi")
    write_order(os.path.join(directory, ORDER), order)
    with open(os.path.join(directory, ENVIRONMENT), "w", encoding="utf-8") as file:
        json.dump(dict(os.environ), file)
    with open(script, "w", encoding="utf-8") as file:
        file.write(_SCRIPT.format(python=sys.executable, packages=_PACKAGES, directory=directory))
    os.chmod(script, 0o700)
    port = free_port()
    findings: List[Dict[str, Any]] = []
    with Server(
        directory, port, cgi_conf(directory, port, order.mount, script, order.limit), dict(os.environ)
    ) as server:
        for request in order.requests:
            for name in (SENT, RAISED):
                remove_quietly(os.path.join(directory, name))
            # The import is part of each request.
            response = server.ask(order.mount, request, 2 * order.limit)
            failed = _raised(request, response, os.path.join(directory, RAISED), entry)
            sent = _read(os.path.join(directory, SENT))
            findings += failed or _judged(request, response, sent, entry, known)
    return one_each(findings)


def _raised(request: Asked, response: Response, file: str, entry: Optional[Place]) -> List[Dict[str, Any]]:
    """What the application raised there, and not before."""
    told = _read(file)
    if told is None or response.data is None:
        return []
    place, words = json.loads(told)
    name = request.name
    text = f"{name} fails under mod_cgid and wsgiref's CGIHandler: {words}; the client gets:"
    where = Place(*place) if place is not None else entry
    return [finding("cgi", where, text, when=name, client=excerpt_of(response.data))]


def _judged(
    request: Asked, response: Response, sent: Optional[bytes], entry: Optional[Place], known: List[Dict[str, Any]]
) -> List[Dict[str, Any]]:
    name = request.name
    if response.data is None:
        return [finding("hang", entry, f"{name} does not end under mod_cgid and wsgiref's CGIHandler", when=name)]
    if sent is not None:
        head, _, body = sent.partition(b"\n")
        status, *names = head.decode("latin-1").split(" ")
        own = set(names) | _APACHE
        same = request.method == "HEAD" or body == response.body
        if int(status) == response.status and same and response.names <= own:
            return []
    excerpt = excerpt_of(response.data)
    stdout = [one for one in known if one["kind"] == "stdout"]
    writes = [one for one in stdout if one.get("when") in ("import", name) or name in one.get("also", [])]
    # The request's own go first: those of the import are in each response.
    writes.sort(key=lambda one: one["when"] == "import")
    remaps = [one for one in known if one["kind"] == "leftover" and one["message"].startswith("`sys.stdout =")]
    if remaps and response.status == 500:
        place = Place(remaps[0]["file"], remaps[0]["line"])
        words = (
            f"sends the response to {name} to the error log under mod_cgid and wsgiref's CGIHandler; the client gets:"
        )
        return [finding("cgi", place, words, when=name, client=excerpt)]
    if sent is None and not writes:
        words = f"{name} fails under mod_cgid and wsgiref's CGIHandler: {response.status or 'no response'}"
        return [finding("cgi", entry, words, when=name, client=excerpt)]
    words = f"corrupts the response to {name} under mod_cgid and wsgiref's CGIHandler; the client gets:"
    places = [Place(one["file"], one["line"]) for one in writes if one["file"] is not None]
    return [finding("cgi", places[0] if places else entry, words, when=name, client=excerpt)]


def excerpt_of(data: bytes) -> List[str]:
    """The first lines of a response and its last, bytes that are no text escaped."""
    lines = data.decode("utf-8", "backslashreplace").replace("\r\n", "\n").rstrip("\n").split("\n")
    shown = [_cut("".join(c if c.isprintable() else repr(c)[1:-1] for c in line)) for line in lines]
    if len(shown) <= _LINES:
        return shown
    return [*shown[: _LINES - 4], f"… {len(shown) - _LINES + 1} more lines …", *shown[-3:]]


def _cut(line: str) -> str:
    """What is mixed into a response often comes at the end of a line."""
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH // 2]} … {line[-_WIDTH // 2 :]}"


def _read(path: str) -> Optional[bytes]:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None
