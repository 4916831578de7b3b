"""Finds the project's application by its files, as the host's wsgi-dev does: nothing is imported."""

from __future__ import annotations

import glob
import os
import re
from typing import Any, Dict, Optional

from .callables import callable_in
from .fault import USAGE, Fault
from .project import Project
from .target import file_target, parse_target

#: Files by how much they say: the first of these groups that has an application decides.
_TIERS = (("wsgi.py", "*.wsgi"), ("app.py", "application.py", "main.py"), ("*/wsgi.py", "*/__init__.py"))
_SETTINGS = re.compile(r"^[^#\n]*\bDJANGO_SETTINGS_MODULE['\"]\s*(?:,|\]\s*=)\s*['\"]([\w.]+)['\"]", re.M)
_WSGI_APPLICATION = re.compile(r"^WSGI_APPLICATION\s*=\s*['\"]([\w.]+)\.(\w+)['\"]", re.M)


def target_of(app: Optional[str], project: Project) -> Dict[str, Any]:
    """The runner's target: what --app says, else the environment, else wsgi-dev.yaml, else what is found."""
    named = app or os.environ.get("WSGI_DEV_APP") or project.app
    return parse_target(named, project.root) if named else detect(project.root)


def detect(root: str) -> Dict[str, Any]:
    """The runner's target for the project in `root`; a Fault where there is none, or none goes before the others."""
    django = _django(root)
    if django is not None:
        return django
    for patterns in _TIERS:
        paths = [path for pattern in patterns for path in sorted(glob.glob(os.path.join(root, pattern)))]
        found = [(os.path.relpath(path, root), one) for path in paths for one in [callable_in(path)] if one]
        if len(found) == 1:
            path, (name, factory) = found[0]
            return file_target(path, name, factory)
        if found:
            lines = [f"  {path}:{name}{'()' if factory else ''}" for path, (name, factory) in found]
            message = "\n".join(["Several WSGI applications found, and none goes before the others:", *lines])
            raise Fault(message, f"Name the one to run: --app {lines[0].strip()}", USAGE)
    raise Fault(
        f"No WSGI application found in {root}",
        "Name it: --app module:callable (or module:factory(), or a script file).",
        USAGE,
    )


def _django(root: str) -> Optional[Dict[str, Any]]:
    """The WSGI module of the Django project whose manage.py lies here."""
    match = _SETTINGS.search(_text(os.path.join(root, "manage.py")))
    if match is None:
        return None
    base = os.path.join(root, *match[1].split("."))
    for path in (f"{base}.py", os.path.join(base, "__init__.py"), *sorted(glob.glob(os.path.join(base, "*.py")))):
        named = _WSGI_APPLICATION.search(_text(path))
        if named is not None:
            return {"kind": "module", "module": named[1], "callable": named[2], "factory": False}
    module = match[1].split(".")[0] + ".wsgi"
    if not os.path.exists(os.path.join(root, *module.split(".")) + ".py"):
        return None
    return {"kind": "module", "module": module, "callable": "application", "factory": False}


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
