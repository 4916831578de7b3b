"""The commands that pdb runs at its first stop: of the person's ~/.pdbrc, then of the project's .pdbrc.

The first is a copy that the client leaves: the person's home isn't in the container. pdb itself would look in what
is HOME there, and wherever the application has changed its directory to.
"""

import json
import os
from typing import Callable, List, Tuple

from ..settings import STATE_DIRECTORY

HOME_COPY = os.path.join(STATE_DIRECTORY, "pdbrc.json")


class RcLine(str):
    """A line, and where it stands."""

    place: str


def rc_lines(root: str, tell: Callable[[str], None], home_copy: str = HOME_COPY) -> List[str]:
    """The lines of both files; `tell` hears of one that is there and can't be read."""
    texts: List[Tuple[str, str]] = []
    for name, path in (("~/.pdbrc", home_copy), (".pdbrc", os.path.join(root, ".pdbrc"))):
        try:
            with open(path, encoding="utf-8") as file:
                texts.append((name, json.load(file) if path == home_copy else file.read()))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            tell(f"{name} can't be read: {error}")
    return [line for name, text in texts for line in _commands(name, text)]


def _commands(name: str, text: str) -> List[str]:
    lines: List[str] = []
    for number, content in enumerate(text.splitlines(), 1):
        line = RcLine(content.strip())
        line.place = f"{name}:{number}"
        if line and not line.startswith("#"):
            lines.append(line)
    return lines
