"""Exceptions in the application's own threads: Python prints them, and post-mortem doesn't stop there."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .desk import Desk


def explain_exceptions(desk: Desk) -> None:
    """Add a word to what is printed of an exception that ends a thread."""
    threading: Any = sys.modules.get("threading")
    if threading is None:
        return
    original = threading.excepthook

    def hook(arguments: Any) -> None:
        original(arguments)
        if arguments.exc_type is SystemExit or desk.forked is not None:
            return
        name = arguments.thread.name if arguments.thread is not None else "?"
        text = f"the exception in the thread {name} didn't stop: post-mortem is for requests; breakpoint() stops there"
        desk.notes.advise(f"thread {name}", text)

    threading.excepthook = hook
