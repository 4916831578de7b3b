"""What `${NAME}` stands for in a configuration: Apache asks its Define first, then the environment."""

import os
import re
from typing import Dict, Iterable, Mapping, Set

from ..settings import RUNTIME_DIRECTORY
from .words import split

_DEFINE = re.compile(r"^[ \t]*Define[ \t]+(\S+)[ \t]+(\S.*?)\s*$", re.I | re.M)
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
#: A value may name other variables, in a circle too.
_DEPTH = 8


def environment(beside: Mapping[str, str]) -> Dict[str, str]:
    """What Apache reads it with: Debian's usual values, those of the envvars file beside it, the container's."""
    variables = {name: "www-data" for name in ("APACHE_RUN_USER", "APACHE_RUN_GROUP")}
    places = {name: RUNTIME_DIRECTORY for name in ("APACHE_RUN_DIR", "APACHE_LOCK_DIR")}
    usual = {**variables, **places, "APACHE_LOG_DIR": "/var/log/apache2", "APACHE_PID_FILE": "httpd.pid"}
    return {**usual, **beside, **os.environ}


def values(texts: Iterable[str], others: Mapping[str, str]) -> Dict[str, str]:
    """Each variable that `texts` define, else that is one of `others`, but for those that are defined in several
    ways: only Apache knows which one counts."""
    said: Dict[str, Set[str]] = {}
    for text in texts:
        for name, value in _DEFINE.findall(text):
            said.setdefault(name, set()).add(" ".join(split(value)))
    one = {name: next(iter(found)) for name, found in said.items() if len(found) == 1}
    return {**{name: value for name, value in others.items() if name not in said}, **one}


def resolved(text: str, known: Mapping[str, str]) -> str:
    """`text` with the values of the variables that are known; others stay as they are."""
    for _ in range(_DEPTH):
        before, text = text, _VARIABLE.sub(lambda found: known.get(found[1], found[0]), text)
        if text == before:
            break
    return text
