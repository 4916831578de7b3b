"""--app as it was written, made what the runner loads."""

from __future__ import annotations

import os
import re
from typing import Any, Dict

from .callables import callable_in
from .fault import USAGE, Fault

_HINT = "Name it as module:callable, module:factory() or a script file."


def parse_target(text: str, root: str) -> Dict[str, Any]:
    """The runner's target for "pkg.mod:callable", "pkg.mod:factory()", "pkg.mod" or "path/file.wsgi[:callable]"."""
    where, _, name = text.partition(":")
    match = re.match(r"(\w+)(\(\))?$", name)
    if not where or (name and match is None):
        raise Fault(f"--app {text}: expected module:callable", _HINT, USAGE)
    path = where if _is_file(where, root) else where.replace(".", "/") + ".py"
    if not _is_file(where, root) and os.path.isdir(os.path.join(root, where.replace(".", "/"))):
        path = where.replace(".", "/") + "/__init__.py"
    found = None if match else callable_in(os.path.join(root, path))
    if match is None and found is None:
        raise Fault(f"--app {text}: {path} has no application, app, create_app() or make_app()", _HINT, USAGE)
    callable_, factory = (match[1], bool(match[2])) if match else (found or ("", False))
    if _is_file(where, root):
        return file_target(where, callable_, factory)
    if not all(part.isidentifier() for part in where.split(".")):
        raise Fault(f'--app {text}: "{where}" is neither a file here nor a module\'s name', _HINT, USAGE)
    return {"kind": "module", "module": where, "callable": callable_, "factory": factory}


def file_target(path: str, name: str, factory: bool) -> Dict[str, Any]:
    """The target for a file below the root: a module where Python can import it by name, else a script."""
    module = path[:-3].replace("/", ".") if path.endswith(".py") else ""
    module = module[: -len(".__init__")] if module.endswith(".__init__") else module
    if module and all(part.isidentifier() for part in module.split(".")):
        return {"kind": "module", "module": module, "callable": name, "factory": factory}
    return {"kind": "script", "path": path, "callable": name, "factory": factory}


def _is_file(where: str, root: str) -> bool:
    return os.path.isfile(os.path.join(root, where))
