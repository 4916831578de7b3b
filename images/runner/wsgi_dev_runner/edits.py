"""Which saved files lead to another load of the application, and when they are all there."""

from __future__ import annotations

import time

from .watch import Watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List

#: Several files saved together (`git checkout`) are one edit: it is whole when nothing came for so many seconds,
_QUIET_SECONDS = 0.01
#: or after so many in any case.
_LONGEST_SECONDS = 1.0
#: So often in a row the application is loaded again for what was saved while it loaded.
_ROUNDS = 3


class Edits:
    """The saved source files below `root`.

    An application may write modules while it loads. What it writes again as it was is no edit, and what it writes anew
    at each load stops to be one after some rounds.
    """

    def __init__(self, root: str) -> None:
        self._watch = Watch()
        self._watch.add_tree(root)
        self.fd = self._watch.fd
        #: When the files that were saved last count as an edit that is whole.
        self.settled_at = 0.0
        self._began_at = 0.0
        #: What was saved while the application loaded, and its content then.
        self._content: Dict[str, int] = {}
        self._rounds = 0

    def read(self) -> List[str]:
        """The files saved since the last call; never blocks."""
        paths = self._watch.saved()
        if paths:
            now = time.monotonic()
            if now > self.settled_at:
                self._began_at = now
            self.settled_at = min(now + _QUIET_SECONDS, self._began_at + _LONGEST_SECONDS)
        return paths

    def between_loads(self, paths: List[str]) -> List[str]:
        """Those of `paths`, saved while no load was under way, that call for one: all."""
        if paths:
            self._rounds = 0
        return paths

    def while_loading(self, paths: List[str]) -> List[str]:
        """Those of `paths`, saved while the application loaded, that call for another load: those that are new."""
        changed = [path for path in paths if self._is_new(path)]
        if changed:
            self._rounds += 1
        return changed if self._rounds <= _ROUNDS else []

    def _is_new(self, path: str) -> bool:
        try:
            with open(path, "rb") as file:
                content = hash(file.read())
        except OSError:
            return False
        before = self._content.get(path)
        self._content[path] = content
        return content != before
