"""One request to a WSGI callable in this process, as a server makes it."""

import io
import sys
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional
from urllib.parse import unquote_to_bytes

from .order import Asked


class Answer(NamedTuple):
    """What came back, or was raised instead."""

    status: int
    error: Optional[BaseException] = None
    body: bytes = b""


def environ_of(request: Asked, mount: str) -> Dict[str, Any]:
    """The environ of a request from this machine."""
    path_info, _, query = request.path.partition("?")
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": mount,
        # Bytes as characters, as PEP 3333 wants it.
        "PATH_INFO": unquote_to_bytes(path_info).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT": "*/*",
        **_headers(request),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.data),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _headers(request: Asked) -> Dict[str, str]:
    found = {name.upper().replace("-", "_"): value for name, value in request.headers.items()}
    body = {"CONTENT_LENGTH": str(len(request.data))} if request.data or request.method in ("POST", "PUT") else {}
    return {
        **body,
        **{name if name == "CONTENT_TYPE" else f"HTTP_{name}": value for name, value in found.items()},
    }


def ask(application: Callable[..., Iterable[bytes]], request: Asked, mount: str) -> Answer:
    """Runs one request to its end."""
    statuses: List[str] = []
    sent: List[bytes] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        statuses.append(status)
        return sent.append

    try:
        body = application(environ_of(request, mount), start_response)
        try:
            sent += body
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
    except BaseException as error:
        # Also SystemExit: under a server it ends the request.
        return Answer(500, error)
    whole = b"".join(part for part in sent if isinstance(part, bytes))
    return Answer(_number(statuses[-1]) if statuses else 500, None, whole)


def _number(status: Any) -> int:
    digits = str(status)[:3]
    return int(digits) if digits.isdigit() else 500
