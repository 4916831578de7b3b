"""Which exceptions are worth a stop, and how they are shown: the parts of post-mortem that need no debugger."""

import importlib
import os
import sys
import traceback
from types import FrameType, TracebackType
from typing import Any, Iterator, List, Optional

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_IMPORTLIB = os.path.dirname(importlib.__file__)


def is_failure(error: BaseException) -> bool:
    """Whether `error` is the application's failure: not the end of a generator, nor a client that hung up."""
    if isinstance(error, (GeneratorExit, KeyboardInterrupt)) or type(error).__name__ == "BdbQuit":
        return False
    # mod_wsgi's words when the client is gone.
    return not (isinstance(error, OSError) and "mod_wsgi" in str(error))


def chain(error: BaseException) -> Iterator[BaseException]:
    """`error` and the exceptions that it came from, each once."""
    seen = set()
    waiting: List[Optional[BaseException]] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]


def is_machinery(frame: FrameType) -> bool:
    """Whether `frame` is the runner's or the import system's: nothing that a person would look at."""
    return frame.f_code.co_filename.startswith((_PACKAGE, "<frozen importlib", _IMPORTLIB))


def own_traceback(error: BaseException) -> Optional[TracebackType]:
    """The traceback of `error` from the application's outermost frame on."""
    entry = error.__traceback__
    while entry is not None and is_machinery(entry.tb_frame):
        entry = entry.tb_next
    return entry


def innermost(entry: TracebackType) -> TracebackType:
    """Where the exception was raised: in C code that the runner called for the application, where that called it."""
    found, following = entry, entry.tb_next
    while following is not None:
        if not is_machinery(following.tb_frame):
            found = following
        following = following.tb_next
    return found


def headline(error: BaseException, colors: bool = False) -> str:
    """The exception in a line, and a line for each member of a group."""
    return "\n".join([_one_line(error, colors), *_members(error, "  ", colors)])


def _members(error: BaseException, indent: str, colors: bool) -> Iterator[str]:
    """Those of a group, and behind each that is one its own."""
    for number, member in enumerate(getattr(error, "exceptions", ())):
        entry = member.__traceback__
        place = ""
        if entry is not None:
            last = innermost(entry)
            place = f" at {last.tb_frame.f_code.co_filename}:{last.tb_lineno}"
        yield f"{indent}[{number}] {_one_line(member, colors)}{place}"
        yield from _members(member, f"{indent}  ", colors)


def for_pdb(error: BaseException, entry: TracebackType) -> Any:
    """What pdb's interaction takes: the exception itself since 3.13, for its `exceptions` command."""
    return error if sys.version_info >= (3, 13) else entry


def _one_line(error: BaseException, colors: bool) -> str:
    options: Any = {"colorize": True} if colors and sys.version_info >= (3, 13) else {}
    return traceback.format_exception_only(type(error), error, **options)[-1].strip()
