"""Frameworks turn exceptions into error responses before any WSGI middleware sees them: each is asked to tell first.

A hook reports an exception that the framework is about to answer with a 500, and changes nothing of that answer.
Exceptions that are responses (404, redirects) are none of its business.
"""

from __future__ import annotations

import sys

from .loading import leave_to_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

    Report = Callable[[BaseException], None]


class Frameworks:
    """Hooks each known framework once it is loaded, which may be as late as in a request."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._waiting: Dict[str, Callable[[Any, Report], None]] = {
            "django.core.signals": _django,
            "flask.app": _flask,
            "pyramid.tweens": _pyramid,
            "bottle": _bottle,
            "falcon.app": _falcon,
        }

    def hook(self) -> None:
        """Hook what was loaded since the last call."""
        for name in [name for name in self._waiting if name in sys.modules]:
            self._waiting.pop(name)(sys.modules[name], self._report)


def _django(signals: Any, report: Report) -> None:
    def receive(**_arguments: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            report(error)

    signals.got_request_exception.connect(receive, weak=False, dispatch_uid="wsgi-dev")


def _flask(app: Any, report: Report) -> None:
    # Its signal of the same meaning needs blinker before 2.3; the method has always been there.
    _before(app.Flask, "handle_exception", lambda _self, error: report(error))

    def told(original: Any, self: Any, error: Any) -> Any:
        answer = original(self, error)
        if hasattr(error, "get_response"):
            return answer
        response = self.make_response(answer)
        if response.status_code >= 500:
            report(error)
        return response

    # An error handler of the application's that answers as an error.
    _around(app.Flask, "handle_user_exception", told)


def _pyramid(tweens: Any, report: Report) -> None:
    from pyramid.response import Response  # type: ignore[import-not-found]

    def told(original: Any, request: Any, error: BaseException) -> Any:
        # Where no view is for it, it is raised on, and reported further out.
        response = original(request, error)
        if response.status_code >= 500 and not isinstance(error, Response):
            report(error)
        return response

    _around(tweens, "_error_handler", told)


def _bottle(bottle: Any, report: Report) -> None:
    def tell(
        _self: Any, _status: Any = None, _body: Any = None, exception: Any = None, *_rest: Any, **_options: Any
    ) -> None:
        if isinstance(exception, BaseException):
            report(exception)

    # Bottle wraps what it catches in an HTTPError; one that the application raises has no exception in it.
    _before(bottle.HTTPError, "__init__", tell)


def _falcon(app: Any, report: Report) -> None:
    from falcon import HTTPError, HTTPStatus  # type: ignore[import-not-found]

    def told(original: Any, self: Any, request: Any, response: Any, error: Any, *rest: Any, **options: Any) -> Any:
        handler = self._find_error_handler(error)
        # Falcon's own handler is for what nobody expected: stopped at before it logs that.
        if handler is None or getattr(handler, "__name__", "") == "_python_error_handler":
            report(error)
        answer = original(self, request, response, error, *rest, **options)
        if response.status_code >= 500 and not isinstance(error, (HTTPError, HTTPStatus)):
            report(error)
        return answer

    _around(app.App, "_handle_exception", told)


def _around(owner: Any, name: str, told: Callable[..., Any]) -> None:
    """Make `owner.name` call `told` with the original and its own arguments."""
    original = getattr(owner, name, None)
    if original is None:
        return

    def method(*arguments: Any, **options: Any) -> Any:
        try:
            return told(original, *arguments, **options)
        except BaseException as error:
            leave_to_others(error)
            raise

    method.__name__ = name
    setattr(owner, name, method)


def _before(owner: Any, name: str, tell: Callable[..., None]) -> None:
    """Make `owner.name` call `tell` with its own arguments first."""

    def told(original: Any, *arguments: Any, **options: Any) -> Any:
        tell(*arguments, **options)
        return original(*arguments, **options)

    _around(owner, name, told)
