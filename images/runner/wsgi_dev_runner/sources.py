"""What the project's own source says that debug mode makes needless, or answers in another way."""

import ast
import os
from typing import Iterator, List, Optional, Set, Tuple

#: Without one of these in it a file isn't parsed.
_WORDS = (b".stdin", b".stdout", b"trace_dispatch", b"post_mortem", b".interaction", b"PostMortem", b"wsgi.multi")
_STREAMS = ("stdin", "stdout")
_SINCE = "needless since mod_wsgi 3.0 (2009-11-21)"
_BY_ITSELF = "wsgi-dev does that by itself (--post-mortem), once for each"

Finding = Tuple[ast.AST, str, str]


def findings(file: str, root: str) -> Iterator[Tuple[str, str]]:
    """(key, text) of each thing worth a word in `file`."""
    try:
        with open(file, "rb") as source:
            data = source.read()
        if not any(word in data for word in _WORDS):
            return
        tree = ast.parse(data)
    except (OSError, SyntaxError, ValueError):
        return
    shown = os.path.relpath(file, root)
    for node, key, text in [*_remaps(tree), *_middleware(tree), *_keys(tree)]:
        yield f"{shown} {key}", f"{shown}:{getattr(node, 'lineno', 1)}: {text}"


# -- sys.stdout = sys.stderr


def _remaps(tree: ast.Module) -> Iterator[Finding]:
    """sys.stdin and sys.stdout, replaced for good as the module is imported."""
    saved: Set[str] = set()
    remaps: List[Tuple[str, ast.Assign]] = []
    for node in _at_import(tree):
        if not isinstance(node, ast.Assign):
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and _stream(value) is not None:
            saved.add(target.id)
        stream = _stream(target)
        if stream is None:
            continue
        if _is_original(value, stream, saved):
            # What was replaced is put back.
            remaps = [one for one in remaps if one[0] != stream]
        elif all(_stream(part) != stream for part in ast.walk(value)):
            # One that is made of itself is another encoding or the like.
            remaps.append((stream, node))
    for _, node in remaps:
        source = ast.unparse(node)
        yield node, source, f"`{source}` is {_SINCE}; the debugger has the terminal anyway"


def _at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """What runs as the module is imported: all but the bodies of its functions, in their order."""
    waiting: List[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _stream(node: ast.AST) -> Optional[str]:
    is_stream = isinstance(node, ast.Attribute) and node.attr in _STREAMS and isinstance(node.value, ast.Name)
    return node.attr if is_stream and node.value.id.strip("_") == "sys" else None  # type: ignore[attr-defined]


def _is_original(value: ast.AST, stream: str, saved: Set[str]) -> bool:
    return (isinstance(value, ast.Name) and value.id in saved) or (
        isinstance(value, ast.Attribute) and value.attr == f"__{stream}__"
    )


# -- pdb in a middleware


def _middleware(tree: ast.Module) -> Iterator[Finding]:
    for owner in ast.walk(tree):
        if isinstance(owner, ast.ImportFrom) and (owner.module or "").startswith("mod_wsgi"):
            if any(one.name == "PostMortemDebugger" for one in owner.names):
                yield owner, "pdb of mod_wsgi-express", f"mod_wsgi-express's PostMortemDebugger: {_BY_ITSELF}"
        elif _is_middleware(owner):
            for node in ast.walk(owner):
                text = _opens_pdb(node)
                if text is not None:
                    name = getattr(owner, "name", "")
                    yield node, f"pdb {name}", f"`{name}` {text}"
                    break


def _is_middleware(node: ast.AST) -> bool:
    """A class whose objects are called, or a function that is a WSGI application."""
    if isinstance(node, ast.ClassDef):
        return any(isinstance(one, ast.FunctionDef) and one.name == "__call__" for one in node.body)
    return isinstance(node, ast.FunctionDef) and any(one.arg == "start_response" for one in node.args.args[:2])


def _opens_pdb(node: ast.AST) -> Optional[str]:
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    first = node.args[0] if node.args else None
    if name == "settrace" and isinstance(first, ast.Attribute) and first.attr == "trace_dispatch":
        return (
            "stops at the first line of each request, as in mod_wsgi's documentation; "
            "wsgi-dev stops at breakpoint() and --break without it"
        )
    if name == "interaction" and isinstance(first, ast.Constant) and first.value is None:
        return "opens pdb at an exception, as mod_wsgi-express does: " + _BY_ITSELF
    if name == "post_mortem":
        return "opens pdb at an exception: " + _BY_ITSELF
    return None


# -- environ["wsgi.multithread"]


def _keys(tree: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in ("wsgi.multithread", "wsgi.multiprocess"):
            where = "False in debug mode, one process that serves one request at a time, and True in serve mode"
            yield node, node.value, f"{node.value} is {where}"
