"""Which Python environment the application has its packages in."""

from __future__ import annotations

import os
import re
import sys
from typing import Callable, Mapping

#: The Python that mod_wsgi was made for; this program runs on it.
_VERSION = "{}.{}".format(*sys.version_info)


def python_home(directory: str, env: Mapping[str, str], tell: Callable[[str], None]) -> str:
    """The first that is there and fits: $VIRTUAL_ENV, the project's .venv or venv, the Feature's own environment.

    `tell` hears of one that is passed over: made by the host or for another Python, it would not start here.
    """
    for name in (env.get("VIRTUAL_ENV", ""), ".venv", "venv"):
        home = os.path.join(directory, name)
        if not name or not os.path.isfile(os.path.join(home, "pyvenv.cfg")):
            continue
        version = _version_of(home)
        if version == _VERSION:
            return home
        if version is None:
            tell(f"{name} was made on another machine: {sys.prefix} is used")
        else:
            tell(f"{name} is of Python {version}, mod_wsgi here of {_VERSION}: {sys.prefix} is used")
    return sys.prefix


def _version_of(home: str) -> str | None:
    """The Python of a virtual environment; None where that isn't on this machine."""
    if not os.path.exists(os.path.join(home, "bin", "python3")):
        return None
    with open(os.path.join(home, "pyvenv.cfg"), encoding="utf-8") as file:
        match = re.search(r"^version(?:_info)?\s*=\s*(\d+\.\d+)", file.read(), re.M)
    return match[1] if match else None
