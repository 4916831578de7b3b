"""A copy of the user's files in which each directive is told and not obeyed, but for what decides which lines count.

So Apache itself resolves Include, Define, IfModule, Macro and continuation lines, and refuses nothing: no user, module,
certificate or directory has to be there for it.
"""

import re
from typing import Callable, Iterator, Optional, Tuple

from .dump import TOLD

#: Apache obeys these as it reads, and they decide what it reads.
_OBEYED = {"include", "includeoptional", "define", "undefine", "use", "undefmacro", "error", "loadmodule"}
_CONDITIONS = {"ifdefine", "ifmodule", "ifversion", "iffile", "ifdirective", "ifsection", "macro"}
_FIRST = re.compile(r"[^\s>]+")

#: (directive in lower case, its arguments) → the line to read instead; None: tell it.
Obey = Callable[[str, str], Optional[str]]


def told(text: str, obey: Obey) -> str:
    """`text` with each directive told, as many lines as before; one of several lines stands on its first."""
    return "\n".join(line for line, more in _lines(text, obey) for line in (line, *[""] * more))


def logical_lines(text: str) -> Iterator[Tuple[str, int]]:
    """(line, how many more it went on over) with continuation lines joined, as Apache joins them."""
    joined, more, continued = "", 0, False
    for line in text.split("\n"):
        line = line[:-1] if line.endswith("\r") else line
        more = more + 1 if continued else 0
        continued = line.endswith("\\")
        joined += line[:-1] if continued else line
        if not continued:
            yield joined, more
            joined = ""
    if continued:
        yield joined, more


def _lines(text: str, obey: Obey) -> Iterator[Tuple[str, int]]:
    for line, more in logical_lines(text):
        # A space that an editor put there without being asked: Apache takes it for a part of the name.
        stripped = re.sub(r"^(\s|\xa0|\xc2\xa0)+", "", line)
        if not stripped or stripped.startswith("#"):
            yield "", more
        else:
            yield _told(stripped.rstrip(), obey), more


def _told(line: str, obey: Obey) -> str:
    if line.startswith("<"):
        name = _FIRST.match(line.lstrip("</ "))
        return line if name and name.group().lower() in _CONDITIONS else TOLD + line
    first = _FIRST.match(line)
    name_of = first.group().lower() if first else ""
    if name_of not in _OBEYED:
        return TOLD + line
    instead = obey(name_of, line[len(name_of) :].strip())
    return TOLD + line if instead is None else instead
