"""One request to a WSGI callable in this process, as a server makes it."""

import io
import sys
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional
from urllib.parse import unquote_to_bytes


class Answer(NamedTuple):
    """What came back, or was raised instead."""

    status: int
    error: Optional[BaseException] = None


def environ_of(path: str, mount: str) -> Dict[str, Any]:
    """The environ of a GET from this machine."""
    path_info, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
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
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def ask(application: Callable[..., Iterable[bytes]], path: str, mount: str) -> Answer:
    """Runs one request to its end; what it sends is thrown away."""
    statuses: List[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None) -> Callable[[bytes], None]:
        statuses.append(status)
        return lambda data: None

    try:
        body = application(environ_of(path, mount), start_response)
        try:
            for _ in body:
                pass
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
    except BaseException as error:
        # Also SystemExit: under a server it ends the request.
        return Answer(500, error)
    return Answer(_number(statuses[-1]) if statuses else 500)


def _number(status: Any) -> int:
    digits = str(status)[:3]
    return int(digits) if digits.isdigit() else 500
