"""What each request brought and what became of it, in a file for each: for a client that writes the session down, or
(--enable-recorder) for a person; and the lines that were typed, as texts that fit into events."""

from __future__ import annotations

import io
import json
import os
import time
from binascii import b2a_base64
from contextlib import suppress

from .settings import STATE_DIRECTORY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, Optional, Tuple

#: Longer bodies are left to the application as they come, and not recorded: bytes.
LIMIT = 1024 * 1024
#: So many files wait for a client that reads them; what is older goes.
_KEPT = 50
#: Where --enable-recorder leaves them: mounted from the host.
DIRECTORY = "/run/wsgi-dev-recorder"
#: Characters of a typed line in one event: six bytes each, as JSON may write them, still fit.
_PART = 40


class Recorder:
    """One for the process. `for_good`: every file stays, with the body of the response."""

    def __init__(self, directory: str = STATE_DIRECTORY, for_good: bool = False) -> None:
        self._directory = directory
        self._for_good = for_good
        self._process = f"{int(time.time() * 1000):x}"
        # Bodies hold secrets. Where the directory is another user's, that one is who reads them.
        self._mode = 0o600 if os.stat(directory).st_uid == os.geteuid() else 0o644
        os.makedirs(os.path.join(directory, "recorded"), exist_ok=True)

    def begin(self, number: int, environ: Any) -> Record:
        """A record of the request, whose body is read here, and given to the application in its place."""
        path = os.path.join(self._directory, f"recorded/{self._process}-{number}.json")
        record = Record(path, self._mode, self._for_good)
        length = environ.get("CONTENT_LENGTH", "")
        record.values = {
            "method": environ.get("REQUEST_METHOD", ""),
            "target": environ.get("REQUEST_URI", ""),
            "headers": dict(_headers(environ)),
            "length": int(length) if length.isdigit() else 0,
            "body": _take_body(environ),
        }
        record.write()
        if number > _KEPT and not self._for_good:
            with suppress(OSError):
                os.unlink(os.path.join(self._directory, f"recorded/{self._process}-{number - _KEPT}.json"))
        return record


class Record:
    """The file of one request."""

    def __init__(self, path: str, mode: int, with_body: bool) -> None:
        #: In the state directory: the events name it.
        self.name = os.path.join("recorded", os.path.basename(path))
        self.values: Dict[str, Any] = {}
        self.headers: Any = []
        #: Of the response; None where it isn't asked for, or too long.
        self._body: Optional[bytearray] = bytearray() if with_body else None
        self._path = path
        self._mode = mode

    def sent(self, data: bytes) -> None:
        """A part of the response's body."""
        if self._body is not None:
            self._body += data
            if len(self._body) > LIMIT:
                self._body = None

    def end(self, status: int, size: int, failed: bool) -> None:
        """The application has answered with `size` bytes of a body; `failed`: an exception ended it."""
        # Of an answer that has not begun the server makes its own.
        self.values["response"] = {
            "status": 500 if failed and size == 0 else status,
            "headers": [[str(name), str(value)] for name, value in self.headers],
            "bytes": size,
            "complete": not failed or size == 0,
        }
        if self._body is not None:
            self.values["response"]["body"] = b2a_base64(self._body, newline=False).decode()
        self.write()

    def write(self) -> None:
        """Whole or not at all; a full disk costs the record, and not the request."""
        temporary = f"{self._path}.new"
        with suppress(OSError):
            fd = os.open(temporary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            with open(fd, "w", encoding="utf-8") as file:
                os.fchmod(fd, self._mode)
                json.dump(self.values, file)
            os.replace(temporary, self._path)


def line_parts(line: str) -> Iterator[Tuple[str, bool]]:
    """(text, whether more follows) for each event that a typed line takes."""
    for start in range(0, max(len(line), 1), _PART):
        yield line[start : start + _PART], start + _PART < len(line)


def _headers(environ: Any) -> Iterator[Tuple[str, str]]:
    for name, value in environ.items():
        if name.startswith("HTTP_"):
            yield name[5:].replace("_", "-").title(), value
        elif name == "CONTENT_TYPE" and value:
            yield "Content-Type", value


def _take_body(environ: Any) -> Any:
    """The body as base64; None where it is long, or of no known length, or did not come whole."""
    length = environ.get("CONTENT_LENGTH", "")
    if not length.isdigit() or int(length) > LIMIT:
        return None
    try:
        body = environ["wsgi.input"].read(int(length))
    except OSError:
        # The client hung up: the application meets the same as it reads.
        return None
    environ["wsgi.input"] = io.BytesIO(body)
    return b2a_base64(body, newline=False).decode()
