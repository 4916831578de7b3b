"""Breakpoints that stand in no source: FILE:LINE or MODULE:FUNCTION, each with an optional condition.

On Python 3.12 and later they are events of sys.monitoring on the very lines: code without a breakpoint runs as if
there were none. Before, bdb's own trace function looks at each call while a breakpoint is set.
"""

import ast
import os
import sys
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from types import CodeType, FrameType
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Set, Tuple

#: sys.monitoring's ids: 0 debugger (bdb itself since 3.14), 1 coverage, 2 profiler, 5 optimizer.
_TOOL = 4
_NAME = "wsgi-dev"
#: Set in the code of functions; from `inspect`, which would be a long import.
_OPTIMIZED = 1
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class BreakpointError(Exception):
    """A breakpoint can't be set: why, and what can."""


@dataclass(frozen=True)
class Breakpoint:
    """One resolved breakpoint. `spec` is as the person wrote it."""

    spec: str
    file: str
    line: int
    condition: Optional[str]
    #: It runs as its module is loaded, and at no other time.
    at_load: bool = False
    #: The name of the function (or class) that is meant: not what else stands on that line, as a def around one line.
    function: Optional[str] = None


def resolve(spec: str, root: str) -> Breakpoint:
    """The place that `spec` names; BreakpointError where there is none, with the nearest line that can break."""
    place, _, condition = (part.strip() for part in spec.partition(" if "))
    left, _, right = place.rpartition(":")
    if not left or not right:
        raise BreakpointError(f"`{spec}` is no breakpoint: FILE:LINE or MODULE:FUNCTION, with ` if CONDITION` behind")
    if condition:
        try:
            compile(condition, "<condition>", "eval")
        except SyntaxError as error:
            raise BreakpointError(f"`{spec}`: the condition is no expression: {error.msg}") from None
    if right.isdigit():
        file = os.path.normpath(os.path.join(root, left))
        line, function = _breakable(spec, file, int(right), root)
        at_load = line not in function_lines(_code(spec, file))
        return Breakpoint(spec, file, line, condition or None, at_load, function)
    file = _module_file(spec, left)
    line = _function_line(spec, file, right)
    return Breakpoint(spec, file, line, condition or None, function=right.rpartition(".")[2])


def at_prompt(typed: str, root: str) -> str:
    """What pdb's own `b` takes for a place as `resolve` knows it; `typed` itself where it is none of those."""
    left, _, right = typed.partition(" if ")[0].strip().rpartition(":")
    is_line = right.isdigit() and os.path.isfile(os.path.join(root, left))
    is_function = bool(left) and all(part.isidentifier() for part in f"{left}.{right}".split("."))
    if not is_line and not is_function:
        return typed
    found = resolve(typed, root)
    return f"{found.file}:{found.line}" + (f", {found.condition}" if found.condition else "")


def _breakable(spec: str, file: str, line: int, root: str) -> Tuple[int, Optional[str]]:
    """The line to stop at, and the function of which alone, where its def was named."""
    lines = executable_lines(_code(spec, file))
    with open(file, "rb") as source:
        functions = {node.lineno: node for node in ast.walk(ast.parse(source.read())) if isinstance(node, _FUNCTIONS)}
    if line in functions:
        # Who points at a function's def means its calls, not the moment in which it is defined.
        return _first_line(functions[line]), functions[line].name
    if line in lines:
        return line, None
    if not lines:
        raise BreakpointError(f"`{spec}`: no line there can break")
    nearest = min(lines, key=lambda one: (abs(one - line), -one))
    raise BreakpointError(
        f"`{spec}`: line {line} can't break; the nearest that can is {os.path.relpath(file, root)}:{nearest}"
    )


def _code(spec: str, file: str) -> CodeType:
    try:
        with open(file, "rb") as source:
            return compile(source.read(), file, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError) as error:
        raise BreakpointError(f"`{spec}`: {file} can't be read: {error}") from None


def executable_lines(code: CodeType) -> Set[int]:
    """The lines of `code` and of the code inside it at which a program can stop."""
    return {line for one in _with_inner(code) for line in lines_of(one)}


def function_lines(code: CodeType) -> Set[int]:
    """Those of them that run when something is called: no module's, and no class body's."""
    return {line for one in _with_inner(code) if one.co_flags & _OPTIMIZED for line in lines_of(one)}


def _with_inner(code: CodeType) -> Iterator[CodeType]:
    waiting = [code]
    while waiting:
        one = waiting.pop()
        waiting += [inner for inner in one.co_consts if isinstance(inner, CodeType)]
        yield one


def lines_of(code: CodeType) -> Set[int]:
    """The lines of `code` alone at which a program can stop."""
    if hasattr(code, "co_lines"):
        found = {line for _, _, line in code.co_lines() if line}
        # The line of its def belongs to the code around it.
        return found - ({code.co_firstlineno} if code.co_name != "<module>" else set()) or found
    import dis

    return {line for _, line in dis.findlinestarts(code)}


def _module_file(spec: str, module: str) -> str:
    """The file of `module`, found without importing the packages around it."""
    path: Optional[Iterable[str]] = None
    found: Optional[ModuleSpec] = None
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        found = PathFinder.find_spec(".".join(parts[:count]), path)  # type: ignore[arg-type]
        if found is None:
            raise BreakpointError(f"`{spec}`: there is no module {'.'.join(parts[:count])}")
        path = found.submodule_search_locations or ()
    if found is None or not found.origin or not found.origin.endswith(".py"):
        raise BreakpointError(f"`{spec}`: {module} has no Python source")
    return found.origin


def _function_line(spec: str, file: str, qualified: str) -> int:
    with open(file, "rb") as source:
        body: Iterable[ast.stmt] = ast.parse(source.read()).body
    names: List[str] = []
    node: Any = None
    for part in qualified.split("."):
        named = {one.name: one for one in body if isinstance(one, (*_FUNCTIONS, ast.ClassDef))}
        names = sorted(named)
        node = named.get(part)
        if node is None:
            raise BreakpointError(f"`{spec}`: {file} has no {part}; it has {', '.join(names) or 'no functions'}")
        body = node.body
    return _first_line(node)


def _first_line(node: Any) -> int:
    """Where the body of a function begins, behind its docstring and what only declares."""
    return next((int(one.lineno) for one in node.body if not _is_silent(one)), int(node.body[0].lineno))


def _is_silent(statement: ast.stmt) -> bool:
    """Whether nothing is done there that a program could stop before."""
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    is_bare = isinstance(statement, ast.AnnAssign) and statement.value is None
    return is_text or is_bare or isinstance(statement, (ast.Global, ast.Nonlocal))


class Monitor:
    """The breakpoints of one process on Python 3.12 and later; `stop` opens the prompt in a frame."""

    def __init__(self, stop: Callable[[FrameType], None], fail: Callable[[str], None]) -> None:
        self._stop = stop
        self._fail = fail
        self._breakpoints: Dict[Tuple[str, int], List[Breakpoint]] = {}
        self._files: Set[str] = set()

    def set(self, breakpoints: Iterable[Breakpoint]) -> None:
        """These and no others."""
        self._breakpoints = {}
        for one in breakpoints:
            self._breakpoints.setdefault((one.file, one.line), []).append(one)
        self._files = {file for file, _ in self._breakpoints}
        monitoring = sys.monitoring
        if monitoring.get_tool(_TOOL) is None:
            if not self._files:
                return
            monitoring.use_tool_id(_TOOL, _NAME)
            monitoring.register_callback(_TOOL, monitoring.events.PY_START, self._on_start)
            monitoring.register_callback(_TOOL, monitoring.events.PY_RESUME, self._on_start)
            monitoring.register_callback(_TOOL, monitoring.events.LINE, self._on_line)
        events = monitoring.events.PY_START | monitoring.events.PY_RESUME if self._files else 0
        monitoring.set_events(_TOOL, events)
        monitoring.restart_events()

    def _on_start(self, code: CodeType, _offset: int) -> Any:
        if code.co_filename in self._files and any(
            (code.co_filename, line) in self._breakpoints for line in lines_of(code)
        ):
            sys.monitoring.set_local_events(_TOOL, code, sys.monitoring.events.LINE)
        return sys.monitoring.DISABLE

    def _on_line(self, code: CodeType, line: int) -> Any:
        here = [
            one for one in self._breakpoints.get((code.co_filename, line), ()) if one.function in (None, code.co_name)
        ]
        if not here:
            return sys.monitoring.DISABLE
        frame = sys._getframe(1)
        if any(self._holds(one.condition, frame, code, line) for one in here):
            self._stop(frame)
        return None

    def _holds(self, condition: Optional[str], frame: FrameType, code: CodeType, line: int) -> bool:
        if condition is None:
            return True
        try:
            return bool(eval(condition, frame.f_globals, frame.f_locals))
        except Exception as error:
            self._fail(
                f"the condition of {code.co_filename}:{line} failed, so it stops: {type(error).__name__}: {error}"
            )
            return True
