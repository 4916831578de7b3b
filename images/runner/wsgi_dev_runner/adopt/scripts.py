"""The scripts of a configuration: whether they are here and served, and what is called in them."""

import os
from typing import Any, Dict, List, Sequence

from ..httpd_conf import ENTRY
from .groups import Alias, Placed, guards, in_effect
from .said import Said
from .words import split


def check_scripts(scripts: Sequence[Alias], root: str, said: Said) -> None:
    """Refuse one that isn't here."""
    for one in scripts:
        if "$" in one.script or one.script.startswith("%{") or os.path.exists(one.script):
            continue
        folder = os.path.dirname(one.script.rstrip("/"))
        message = f"the script {one.script} is not here"
        if one.script.startswith(f"{root}/"):
            message += f": the project has no {os.path.relpath(one.script, root)}"
        else:
            message += f"; if the project is deployed there: server.paths: {{{folder}: .}}"
        raise said.error(one.said.directive, message)


def refused(scripts: Sequence[Alias], lines: Sequence[Placed], granted: Sequence[str], said: Said) -> List[str]:
    """Directories of scripts that no directive lets be served: Debian's Apache 2.4 would answer 403."""
    open_already = tuple(f"{directory}/" for directory in ["/usr/share", "/var/www", *granted])
    found = {
        os.path.dirname(one.script)
        for one in scripts
        if one.url and not one.script.startswith(open_already) and in_effect("require", one, lines) is None
    }
    for directory in sorted(found):
        words = f"no Require lets {directory} be served, which Debian's Apache answers with 403"
        said.notes.append(f"{words}: it is let here")
    return sorted(found)


def loaded(scripts: Sequence[Alias], lines: Sequence[Placed]) -> List[Dict[str, Any]]:
    """Those that debug mode loads at start: their path, the names that Apache calls in them, and what they are for.
    Those that guard others are first."""
    said = [one.directive for one in lines if one.directive.key == "wsgicallableobject"]
    names = [(split(one.args) or ["application"])[0] for one in said]
    served = {one.script for one in scripts if one.url}
    guarding = [path for path in _by_path(guards(lines)) if path not in served]
    return [
        *({"path": path, "callables": [], "guards": True, "serves": False} for path in guarding),
        *(
            {
                "path": path,
                "callables": list(dict.fromkeys(["application", *names, *chosen])) if path in served else [],
                "guards": False,
                "serves": path in served,
            }
            for path, chosen in _by_path(scripts).items()
            if path not in guarding
        ),
    ]


def _by_path(scripts: Sequence[Alias]) -> Dict[str, List[str]]:
    found: Dict[str, List[str]] = {}
    for one in scripts:
        if os.path.isfile(one.script) and one.script != ENTRY:
            chosen = one.options.get("callable-object")
            found.setdefault(one.script, []).extend([chosen] if chosen else [])
    return found
