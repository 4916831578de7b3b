"""The body of a request that brings a form: it is read by the application as ever, and remembered, so that a stop can
name the form's fields. Their values may be secrets and are never shown."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, List, Optional

#: Longer bodies are not looked at: bytes.
LIMIT = 64 * 1024
_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


def watch_form(environ: Any) -> Optional[Form]:
    """Remember what the application reads of `environ`'s form; None where there is none, or a long one."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    length = environ.get("CONTENT_LENGTH", "")
    if kind not in _TYPES or not length.isdigit() or not 0 < int(length) <= LIMIT:
        return None
    form = environ["wsgi.input"] = Form(environ["wsgi.input"], environ["CONTENT_TYPE"], int(length))
    return form


class Form:
    """Stands in the place of wsgi.input."""

    def __init__(self, body: Any, content_type: str, length: int) -> None:
        self.input = body
        self.content_type = content_type
        self.length = length
        self._read: List[bytes] = []
        self._lines: Optional[Iterator[bytes]] = None

    @property
    def read_so_far(self) -> bytes:
        """What the application has read."""
        return b"".join(self._read)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.input, name)

    def read(self, *size: Any) -> bytes:
        return self._remember(self.input.read(*size))

    def readline(self, *size: Any) -> bytes:
        return self._remember(self.input.readline(*size))

    def readlines(self, *hint: Any) -> List[bytes]:
        return [self._remember(line) for line in self.input.readlines(*hint)]

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._lines is None:
            self._lines = iter(self.input)
        return self._remember(next(self._lines))

    def _remember(self, data: bytes) -> bytes:
        self._read.append(data)
        return data
