"""Scripts that guard a location (WSGIAccessScript, WSGIAuthUserScript, WSGIAuthGroupScript) or choose who serves it
(WSGIDispatchScript): in debug mode they stop as the application does."""

from __future__ import annotations

from ..loading import leave_to_others
from ..middleware import Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..session import DebugSession

#: What mod_wsgi calls in such a script.
_CALLED = ("allow_access", "check_password", "get_realm_hash", "groups_for_user", "callable_object")
#: These are called too, but there is one process and one interpreter to choose.
_CHOOSING = ("process_group", "application_group")


def guard(module: ModuleType, session: DebugSession) -> None:
    """Put what stops in the place of each function that mod_wsgi calls in `module`."""
    for name in (*_CALLED, *_CHOOSING):
        function = getattr(module, name, None)
        if callable(function):
            setattr(module, name, _stopping(function, session, name in _CHOOSING))


def _stopping(function: Callable[..., Any], session: DebugSession, is_choice: bool) -> Callable[..., Any]:
    def called(environ: Any, *arguments: Any) -> Any:
        request = Request(session.desk, session.begin_request(), environ, is_whole=False)
        request.enter()
        session.hold_breaks()
        try:
            result = function(environ, *arguments)
        except BaseException as error:
            session.report(error)
            leave_to_others(error)
            raise
        finally:
            request.leave()
        return None if is_choice else result

    return called
