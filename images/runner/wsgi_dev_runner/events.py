"""Events: how the runner speaks to the session, in-band on the terminal. docs/events.md lists them."""

from __future__ import annotations

import json
import os
import time
from binascii import b2a_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: One event is one write() below this size, so that the kernel never interleaves it with other output.
MAXIMUM_BYTES = 500
_URLSAFE = bytes.maketrans(b"+/", b"-_")
#: The longest text of one field, in characters; what is longer lies in the state directory.
_MAXIMUM_TEXT = 120


class Emitter:
    """Writes events to one terminal. `source` tells the supervisor's ("server") from the application's ("app")."""

    def __init__(self, fd: int, nonce: str, source: str) -> None:
        self._fd = fd
        self._nonce = nonce
        self._source = source
        self._sequence = 0

    def emit(self, event: str, **fields: Any) -> None:
        """Write one event. Whoever has unwritten output for the same terminal flushes it first.

        Without a nonce there is no client that reads them, and a person's terminal is spared.
        """
        if not self._nonce:
            return
        self._sequence += 1
        message = {"event": event, "src": self._source, "seq": self._sequence, "t": round(time.monotonic(), 6)}
        message.update(fields)
        limit = _MAXIMUM_TEXT
        data = encode(message, self._nonce)
        while len(data) >= MAXIMUM_BYTES:
            limit //= 2
            data = encode(shorten(message, limit), self._nonce)
        os.write(self._fd, data)


def encode(message: Any, nonce: str) -> bytes:
    """ESC ] 7117 ; nonce ; base64url(JSON) BEL: terminals ignore it, the session strips it."""
    body = json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    # base64 itself is an import that each start would pay for.
    text = b2a_base64(body, newline=False).rstrip(b"=").translate(_URLSAFE)
    return b"\x1b]7117;" + nonce.encode() + b";" + text + b"\x07"


def shorten(value: Any, limit: int) -> Any:
    """`value` with every text cut to its last `limit` characters: of a path or a message the end says most."""
    if isinstance(value, str):
        return value if len(value) <= limit else "…" + value[-limit:]
    if isinstance(value, dict):
        return {key: shorten(item, limit) for key, item in value.items()}
    return value
