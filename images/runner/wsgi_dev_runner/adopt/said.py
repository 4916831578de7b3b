"""What is said of a configuration, each with its place in the user's own files."""

import os
import re
from typing import Dict, List, Optional, Tuple

from .dump import Directive
from .result import AdoptError, Change


class Said:
    """Changes and notes, as they are found."""

    def __init__(self, path: str, shown: str) -> None:
        self.path = path
        self.shown = shown
        #: The user's file, for each that was copied.
        self.copies: Dict[str, str] = {}
        self.changes: List[Change] = []
        self.notes: List[str] = []

    def changed(self, one: Directive, after: Optional[str], why: str) -> None:
        """`one` runs as `after`; None: not at all."""
        file, line = self._place(one)
        before = re.sub(r"\s+", " ", _readable(one.text()))
        self.changes.append(Change(file, line, before, None if after is None else _readable(after), why))

    def error(self, one: Directive, message: str) -> AdoptError:
        """Why it can't be run, with the line."""
        file = self.copies.get(one.file, one.file)
        return AdoptError(self.place(one), _readable(message), _excerpt(file, one.line))

    def place(self, one: Directive) -> str:
        """FILE:LINE, as the user knows it."""
        file, line = self._place(one)
        return f"{file}:{line}"

    def _place(self, one: Directive) -> Tuple[str, int]:
        path = self.copies.get(one.file, one.file)
        if path == self.path:
            return self.shown, one.line
        if path.startswith(self.path.rstrip("/") + "/"):
            return os.path.join(self.shown, os.path.relpath(path, self.path)), one.line
        directory = os.path.dirname(self.path)
        if path.startswith(directory + "/"):
            return os.path.join(os.path.dirname(self.shown), os.path.relpath(path, directory)), one.line
        return path, one.line


def _excerpt(path: str, line: int) -> str:
    """The line, and a caret below where it begins."""
    try:
        with open(path, encoding="latin-1") as file:
            text = file.read().split("\n")[line - 1].rstrip()
    except (OSError, IndexError):
        return ""
    text = text.replace("\t", "    ")
    return f"  {line} | {_readable(text)}\n  {' ' * len(str(line))} | {' ' * (len(text) - len(text.lstrip()))}^"


def _readable(text: str) -> str:
    return text.encode("latin-1", "replace").decode("utf-8", "replace")
