"""What Apache said of the same text before: a warm start asks it nothing. Only what it took is kept."""

import json
import os
import re
from typing import Any, Dict, List, Mapping, Optional

from ..httpd_conf import MODULES
from ..settings import RUNTIME_DIRECTORY, STATE_DIRECTORY, write_atomically

#: A comparison has ports of its own: what was answered there is of no use to others.
_IS_COMPARISON = "WSGI_DEV_RUNTIME" in os.environ
_FILE = os.path.join(RUNTIME_DIRECTORY if _IS_COMPARISON else STATE_DIRECTORY, "remembered.json")
_APACHE = "/usr/sbin/apache2"
#: Two for each mode.
_MOST = 4
_VARIABLE = re.compile(r"\$\{([^}]+)\}")


def asked_of(arguments: List[str], texts: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """All that the answer depends on, but for other files that the texts name: file → text, and what they refer to."""
    names = sorted({name for text in texts.values() for name in _VARIABLE.findall(text)})
    server = [os.stat(path).st_mtime_ns for path in (_APACHE, MODULES)]
    return json.dumps([arguments, server, [[name, environment.get(name)] for name in names], list(texts.items())])


def answer_to(question: str) -> Optional[Dict[str, Any]]:
    """What was answered; None: it wasn't asked."""
    return next((answer for asked, answer in _all() if asked == question), None)


def remember(question: str, answer: Dict[str, Any]) -> None:
    """For the next start, which may be another container's."""
    others = [[asked, told] for asked, told in _all() if asked != question]
    write_atomically(_FILE, [[question, answer], *others][:_MOST])


def forget() -> None:
    """Have Apache asked again: files that the texts only name may be gone."""
    if os.path.exists(_FILE):
        os.unlink(_FILE)


def _all() -> List[Any]:
    try:
        with open(_FILE, encoding="utf-8") as file:
            found: List[Any] = json.load(file)
            return found
    except (OSError, ValueError):
        return []
