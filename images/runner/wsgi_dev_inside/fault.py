"""What goes wrong on the person's side, in their words."""

from __future__ import annotations

from typing import Any, Dict

FAILED, USAGE, TIMEOUT, INTERRUPTED = 1, 2, 124, 130


class Fault(Exception):
    """What failed and on what value; `hint` says what to do, `code` is the exit code."""

    def __init__(self, message: str, hint: str = "", code: int = FAILED) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


def failure(fields: Dict[str, Any]) -> str:
    """What an `exit` that is a failure says to a person."""
    place = f"{fields['file']}:{fields['line']}: " if fields.get("file") else ""
    if fields.get("reason") == "load":
        return f"error: The application could not be loaded: {place}{fields['message']}"
    return f"error: Apache {fields.get('message', 'ended')}"
