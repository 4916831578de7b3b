"""Where the project names its application: the place of what can't be put down to any other line."""

import ast
import os
from typing import Optional

from .notes import Place
from .order import Order


def entry_place(order: Order) -> Optional[Place]:
    """The line of the callable in the application's own file; its first line where it isn't found."""
    file = _file(order)
    try:
        with open(os.path.join(order.root, file), "rb") as source:
            tree = ast.parse(source.read())
    except OSError:
        return None
    except (SyntaxError, ValueError):
        return Place(file, 1)
    name = order.app["callable"].partition(".")[0]
    lines = [node.lineno for node in tree.body if name in _named(node)]
    return Place(file, lines[-1] if lines else 1)


def _file(order: Order) -> str:
    if order.app["kind"] == "script":
        return str(order.app["path"])
    path = str(order.app["module"]).replace(".", os.sep)
    package = os.path.join(path, "__init__.py")
    return package if os.path.exists(os.path.join(order.root, package)) else f"{path}.py"


def _named(node: ast.stmt) -> "set[str]":
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name for alias in node.names}
    return set()
