"""Serve mode under a configuration of the user's own: its interpreters load their scripts at the start, each by itself.

What they tell becomes one word for the server: ready once all have tried, failed where none that serves could.
"""

from __future__ import annotations

from ..daemons import begun
from ..settings import remove_quietly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List, Optional, Tuple


class Interpreters:
    """Of one Apache."""

    def __init__(self, scripts: Iterable[Dict[str, Any]]) -> None:
        """Before Apache is started: what one before has left is removed."""
        scripts = list(scripts)
        self._awaited = {_key(one["interpreter"]) for one in scripts}
        #: Those with more than scripts that guard others.
        self._serving = {_key(one["interpreter"]) for one in scripts if one["serves"]} or set(self._awaited)
        for key in self._awaited:
            remove_quietly(begun("|".join(key)))
        self._failed: List[Dict[str, Any]] = []

    def hear(self, note: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        """Take in a note of one of them; the note that tells how loading ended for all, once it has."""
        key = _key(note.pop("interpreter"))
        if key not in self._awaited:
            # Another process of the same group.
            return None
        self._awaited.discard(key)
        if not note["loaded"] and key in self._serving:
            self._failed.append(note)
        if self._awaited:
            return None
        return self._failed[0] if len(self._failed) == len(self._serving) else {"activity": "idle", "loaded": True}


def _key(interpreter: Iterable[str]) -> Tuple[str, ...]:
    return tuple(interpreter)
