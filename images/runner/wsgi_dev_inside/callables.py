"""What a server would call in a file, by its text: nothing is imported."""

from __future__ import annotations

import ast
from typing import List, Optional, Tuple

_APPLICATIONS = ("application", "app")
_FACTORIES = ("create_app", "make_app")


def callable_in(path: str) -> Optional[Tuple[str, bool]]:
    """(name, whether it is a factory) of what a server would call in a file."""
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return None
    names = _bound(tree.body)
    for name in (*_APPLICATIONS, *_FACTORIES):
        if name in names:
            return name, name in _FACTORIES
    return None


def _bound(body: List[ast.stmt]) -> List[str]:
    """The names that the statements of a module bind, those below `if` and `try` too."""
    names: List[str] = []
    for one in body:
        if isinstance(one, (ast.FunctionDef, ast.ClassDef)):
            names.append(one.name)
        elif isinstance(one, ast.Assign):
            names += [target.id for target in one.targets if isinstance(target, ast.Name)]
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None:
            names.append(one.target.id)
        elif isinstance(one, ast.ImportFrom):
            names += [alias.asname or alias.name for alias in one.names]
        elif isinstance(one, (ast.If, ast.Try, ast.With)):
            names += _bound(one.body)
            names += _bound(getattr(one, "orelse", []))
    return names
