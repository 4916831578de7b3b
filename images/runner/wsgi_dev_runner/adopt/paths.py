"""Paths of a deployment, and where what lies there is here."""

import os
import re
from typing import Dict, Iterable, List, Optional, Tuple

#: How deep the project is looked through for a script whose place there is not known.
_DEPTH = 5
_SKIPPED = {"node_modules", "__pycache__", "site-packages"}


class Paths:
    """Prefixes of paths and what stands for them, the longest first."""

    def __init__(self, prefixes: Dict[str, str], root: str) -> None:
        self.root = root
        self._prefixes = dict(prefixes)
        #: Those that were found, and not said.
        self.found: Dict[str, str] = {}

    def learn(self, script: str) -> None:
        """Find out where the project is deployed, from a script that isn't there but in the project."""
        if self.map(script) != script or os.path.exists(script) or not script.startswith(("/", "%")):
            return
        inside = _in_project(script, self.root)
        if inside is None:
            return
        head, tail = script, os.path.join(self.root, inside)
        while os.path.basename(head) == os.path.basename(tail) and tail != self.root and head not in ("/", ""):
            head, tail = os.path.dirname(head), os.path.dirname(tail)
        if head in ("/", ""):
            return
        self._prefixes[head] = self.found[head] = tail

    def granted(self) -> List[str]:
        """Where that is here which lies below /usr/share or /var/www there: Debian's Apache lets all be served."""
        open_to_all = ("/usr/share/", "/var/www/")
        return sorted({here for prefix, here in self._prefixes.items() if f"{prefix}/".startswith(open_to_all)})

    def map(self, text: str) -> str:
        """`text` with each such path in it replaced."""
        if not self._prefixes:
            return text
        # All at once, so that what stands for one isn't taken for another.
        prefixes = "|".join(map(re.escape, sorted(self._prefixes, key=len, reverse=True)))
        pattern = rf"(?<![\w./-])(?:{prefixes})(?=/|[\s\"':,]|$)"
        return re.sub(pattern, lambda found: self._prefixes[found.group()], text)


def _in_project(script: str, root: str) -> Optional[str]:
    """Where in the project the script lies, relative to it: by the longest end of its path, else by its name alone."""
    parts = script.strip("/").split("/")
    for start in range(1, len(parts)):
        inside = "/".join(parts[start:])
        if os.path.isfile(os.path.join(root, inside)):
            return inside
    ranked = sorted(((_common(parts, one.split("/")), one) for one in _named(parts[-1], root)), reverse=True)
    if len(ranked) == 1 or (len(ranked) > 1 and ranked[0][0] > ranked[1][0]):
        return ranked[0][1]
    return None


def _common(one: List[str], other: List[str]) -> int:
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count]:
        count += 1
    return count


def _named(name: str, root: str) -> Iterable[str]:
    for directory, names, files in os.walk(root):
        if directory[len(root) :].count(os.sep) >= _DEPTH or "pyvenv.cfg" in files:
            names.clear()
            continue
        names[:] = [one for one in names if not one.startswith(".") and one not in _SKIPPED]
        if name in files:
            yield os.path.relpath(os.path.join(directory, name), root)


def said(prefixes: Dict[str, str], root: str) -> List[Tuple[str, str]]:
    """(deployed, here) as server.paths says it: relative to the project."""
    return [(prefix, os.path.relpath(here, root)) for prefix, here in prefixes.items()]
