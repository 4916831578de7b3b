"""Breakpoints that were set at the prompt, kept for the process that follows: after an edit, a crash or a restart."""

import ast
import bdb
import json
import os
from typing import TYPE_CHECKING, Any, Dict, List, Optional

from .settings import KEPT_BREAKS, write_atomically

if TYPE_CHECKING:
    from .stop.at_stop import AtStop


def keep(debugger: "AtStop") -> None:
    """Write down what is set now, where that is new; without what is set from outside."""
    now = [_described(debugger, one) for one in bdb.Breakpoint.bpbynumber if one is not None and not is_outside(one)]
    if now != debugger.kept:
        debugger.kept = now
        write_atomically(KEPT_BREAKS, now)


def restore(debugger: "AtStop") -> None:
    """Set again what the process before had: a line by its number, a function wherever it is now."""
    with open(KEPT_BREAKS, encoding="utf-8") as file:
        debugger.kept = json.load(file)
    for one in debugger.kept:
        line = _function_line(one["file"], one["function"], one["line"]) if one["function"] else one["line"]
        fault = _set(debugger, one, line) if line is not None else f"there is no function {one['function']}"
        if fault:
            place = os.path.relpath(one["file"], debugger.desk.root)
            debugger.say(f"the breakpoint at {place}:{one['function'] or one['line']} is gone: {fault}")


def is_outside(breakpoint: Any) -> bool:
    """Whether it was set by --break, wsgi-dev.yaml or `wsgi-dev break`."""
    return getattr(breakpoint, "is_outside", False)


def _described(debugger: "AtStop", one: Any) -> Dict[str, Any]:
    return {
        "file": one.file,
        "line": one.line,
        "temporary": one.temporary,
        "condition": one.cond,
        "function": one.funcname,
        "enabled": one.enabled,
        "ignore": one.ignore,
        "commands": list(getattr(debugger, "commands", {}).get(one.number, [])),
    }


def _set(debugger: "AtStop", described: Dict[str, Any], line: int) -> Optional[str]:
    fault: Optional[str] = debugger.set_break(
        described["file"], line, described["temporary"], described["condition"], described["function"]
    )
    if fault is None:
        one: Any = debugger.get_breaks(described["file"], line)[-1]
        one.enabled, one.ignore = described["enabled"], described["ignore"]
        if described["commands"]:
            debugger.commands[one.number] = described["commands"]
    return fault


def _function_line(file: str, name: str, line: int) -> Optional[int]:
    """Where the function `name` begins that is nearest to `line`: for Python that is its first decorator."""
    try:
        with open(file, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return line
    found: List[int] = [
        min([node.lineno, *(one.lineno for one in node.decorator_list)])
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    return min(found, key=lambda one: abs(one - line), default=None)
