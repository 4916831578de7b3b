"""The commands that pdb runs at its first stop: of the person's ~/.pdbrc, then of the project's .pdbrc.

The first is a copy that the client leaves: the person's home isn't in the container. pdb itself would look in what
is HOME there, and wherever the application has changed its directory to.
"""

import os
from typing import Callable, List

from .settings import STATE_DIRECTORY

HOME_COPY = os.path.join(STATE_DIRECTORY, "pdbrc")


class RcLine(str):
    """A line, and where it stands."""

    place: str


def rc_lines(root: str, tell: Callable[[str], None], home_copy: str = HOME_COPY) -> List[str]:
    """The lines of both files; `tell` hears of one that is there and can't be read."""
    lines: List[str] = []
    for path, name in ((home_copy, "~/.pdbrc"), (os.path.join(root, ".pdbrc"), ".pdbrc")):
        try:
            with open(path, encoding="utf-8") as file:
                texts = file.readlines()
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            tell(f"{name} can't be read: {error}")
            continue
        for number, text in enumerate(texts, 1):
            if text.strip() and not text.lstrip().startswith("#"):
                line = RcLine(text.strip())
                line.place = f"{name}:{number}"
                lines.append(line)
    return lines
