"""What a stop shows before its prompt: the request that it belongs to, and the source around it."""

import linecache
import re
import threading
from types import FrameType
from typing import Any, Dict, List, Optional

from ..form import Form
from ..middleware import Request

#: Lines of source before the one that is stopped at, and after it.
_LINES = 3
#: The longest text of a client's that is shown whole, in characters.
_LONG = 200
_LONG_AGENT = 60
_MOST_FIELDS = 12
#: What tells one browser from another; each claims to be those behind it, too.
_BROWSERS = re.compile(r"\b(?:Edg|OPR|Firefox|Chrome|Safari)/[\d.]+")
_PARAMETER = re.compile(r';\s*([^\s=;]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))')
_ORDER = ("Edg", "OPR", "Firefox", "Chrome", "Safari")


def introduce(request: Request, port: int) -> str:
    """The request in a line: `[3] POST /cart?x=1 (form: item, qty; curl/8.5.0)`."""
    path = request.path.encode("latin-1", "replace").decode("utf-8", "replace")
    query = request.environ.get("QUERY_STRING", "")
    about = [_form(request, port), _agent(request.environ.get("HTTP_USER_AGENT", ""))]
    told = "; ".join(part for part in about if part)
    line = f"[{request.id}] {request.method} {_plain(path + (query and '?' + query), _LONG)}"
    return f"{line} ({told})" if told else line


def source_around(filename: str, line: int, module_globals: Dict[str, Any]) -> List[str]:
    """The lines from `first_line(line)` on; none where the source isn't there."""
    lines = linecache.getlines(filename, module_globals)
    return lines[first_line(line) - 1 : line + _LINES] if line <= len(lines) else []


def first_line(line: int) -> int:
    """Where the source that is shown around `line` begins."""
    return max(1, line - _LINES)


class Place:
    """Looks like a frame to pdb's listing, which marks the line of one: an exception's frame has gone on since."""

    def __init__(self, frame: FrameType, line: int) -> None:
        self.f_code = frame.f_code
        self.f_lineno = line


def _form(request: Request, port: int) -> str:
    form = request.form
    if form is None:
        return ""
    data = form.read_so_far
    missing = form.length - len(data)
    if missing > 0 and threading.current_thread() is threading.main_thread():
        from ..arrived import arrived

        data += arrived({**request.environ, "wsgi.input": form.input}, port, missing)
    names = [_plain(name, _LONG_AGENT) for name in field_names(form, data)]
    if len(names) > _MOST_FIELDS:
        names = [*names[:_MOST_FIELDS], f"{len(names) - _MOST_FIELDS} more"]
    if len(data) < form.length:
        names.append("…")
    return f"form: {', '.join(names)}"


def field_names(form: Form, data: bytes) -> List[str]:
    """The names of the fields in `data`, the beginning of the form's body, each once; half a name is none."""
    whole = len(data) >= form.length
    names = _multipart(form.content_type, data) if "multipart" in form.content_type.lower() else _pairs(data, whole)
    return list(dict.fromkeys(names))


def _pairs(data: bytes, whole: bool) -> List[str]:
    pairs = data.split(b"&")
    if not whole and b"=" not in pairs[-1]:
        pairs.pop()
    from urllib.parse import unquote_plus

    names = [pair.partition(b"=")[0].decode("latin-1") for pair in pairs if pair]
    return [unquote_plus(name) for name in names]


def _multipart(content_type: str, data: bytes) -> List[str]:
    boundary = _parameter("boundary", content_type)
    if not boundary:
        return []
    # The preamble goes; a part's header ends with an empty line.
    parts = (b"\r\n" + data).split(b"\r\n--" + boundary.encode("latin-1"))[1:]
    heads = [part.partition(b"\r\n\r\n") for part in parts]
    names = [
        _parameter("name", line)
        for head, end, _ in heads
        if end
        for line in head.decode("utf-8", "replace").split("\r\n")
        if line.lower().startswith("content-disposition:")
    ]
    return [name for name in names if name is not None]


def _parameter(wanted: str, header: str) -> Optional[str]:
    for name, quoted, token in _PARAMETER.findall(header):
        if name.lower() == wanted:
            return token or re.sub(r"\\(.)", r"\1", quoted)
    return None


def _agent(text: str) -> str:
    browsers = {one.partition("/")[0]: one for one in _BROWSERS.findall(text)} if text.startswith("Mozilla/") else {}
    return next((browsers[name] for name in _ORDER if name in browsers), _plain(text, _LONG_AGENT))


def _plain(text: str, longest: int) -> str:
    """`text` of a client's, fit for a terminal: nothing in it moves the cursor or changes a colour."""
    shown = "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
