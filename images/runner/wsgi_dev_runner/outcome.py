"""What becomes of loading the application: it serves, or another one in its place says that it can't."""

from __future__ import annotations

import sys

from .loading import Loader, describe, is_quit, project_traceback
from .notes import Notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List

_FAILED_BODY = b"The application could not be loaded; the terminal of wsgi-dev shows why.\n"


def print_traceback(error: BaseException) -> None:
    """The project's part of it, to the error log."""
    sys.stderr.write("".join(project_traceback(error)))
    sys.stderr.flush()


def load_or_explain(
    loader: Loader,
    notes: Notes,
    report: Callable[[BaseException], None] = lambda _error: None,
    explain: Callable[[BaseException], None] = print_traceback,
    **note: Any,
) -> Callable[..., Iterable[bytes]]:
    """Load; on failure `report` it, `explain` it, and return one that answers 500."""
    try:
        application = loader.load()
    except BaseException as error:  # noqa: B902 - SystemExit at import must not end the server either
        report(error)
        if not is_quit(error):
            explain(error)
        from .ownership import whose

        about = {**describe(error, loader.root), "hint": whose(error)}
        notes.send("failed", loaded=False, **about, **note)
        return failed_application
    notes.send("idle", loaded=True, script=loader.reloadable_script(), **note)
    return application


def is_in_source(error: BaseException) -> bool:
    """Whether `error` is a file's that Python can't read: no code of it has run, there is a line to look at and no
    frame."""
    return isinstance(error, SyntaxError) and not (error.filename or "<").startswith("<")


def tell_whose(error: BaseException, notes: Notes) -> None:
    """A request failed: say so where that is because a file is another user's."""
    if isinstance(error, PermissionError) or isinstance(error.__cause__ or error.__context__, PermissionError):
        from .ownership import whose

        hint = whose(error)
        if hint:
            notes.advise(hint, hint, soon=False)


def refuse(notes: Notes, **note: Any) -> Callable[..., Iterable[bytes]]:
    """Don't load what crashed as it was loaded: say so, and return one that answers 500 until the next save."""
    message = "its process crashes before it serves a request"
    notes.send("failed", loaded=False, message=message, file=None, line=None, **note)
    return failed_application


def failed_application(_environ: Any, start_response: Callable[..., Any]) -> List[bytes]:
    """Stands in for an application that could not be loaded."""
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(_FAILED_BODY)))]
    start_response("500 Internal Server Error", headers)
    return [_FAILED_BODY]
