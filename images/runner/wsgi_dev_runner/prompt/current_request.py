"""The request that is being answered, its session and its user, as the framework at hand has them."""

import gc
import sys
from typing import Any, Callable, NamedTuple, Optional, Tuple

NAMES = ("request", "environ", "session", "user")


class _Framework(NamedTuple):
    name: str
    #: Loaded where the framework is in use.
    module: str
    request: Callable[[Any, Any], Any]
    session: Callable[[Any], Any]
    user: Callable[[Any], Any]


def look_up(name: str, environ: Any) -> Any:
    """The value of `name`, one of NAMES; LookupError with a plain word where there is none."""
    if name == "environ":
        return environ
    framework, request = _current(environ)
    if name == "request":
        return environ if framework is None else request
    found = None if framework is None else _attempt(getattr(framework, name), request)
    if found is None:
        found = environ.get("beaker.session" if name == "session" else "REMOTE_USER")
    if found is None:
        raise LookupError(f"this request has no ${name} ({framework.name if framework else 'plain WSGI'})")
    # Django looks its user up when something of it is asked for.
    str(found.__class__)
    return found


def _current(environ: Any) -> Tuple[Optional[_Framework], Any]:
    for framework in _FRAMEWORKS:
        module = sys.modules.get(framework.module)
        request = None if module is None else _attempt(lambda one: framework.request(one, environ), module)  # noqa: B023
        if request is not None:
            return framework, request
    return None, None


def _attempt(get: Callable[[Any], Any], value: Any) -> Any:
    """What `get` gives; None where the application hasn't configured it, which each framework says in its own way."""
    try:
        return get(value)
    except Exception:
        return None


def _django(http: Any, environ: Any) -> Any:
    frame: Any = sys._getframe()
    while frame is not None:
        # Only Django's own frames: to look at the variables of others might undo what was set at the prompt.
        if frame.f_globals.get("__name__", "").startswith("django.") and "request" in frame.f_code.co_varnames:
            request = frame.f_locals.get("request")
            if isinstance(request, http.HttpRequest):
                return request
        frame = frame.f_back
    return _holder(environ, http.HttpRequest)


def _holder(environ: Any, kind: type) -> Any:
    """The object of a `kind` that was made of `environ`: where nothing that runs leads to it."""
    for one in gc.get_referrers(environ):
        # Not isinstance(), which asks the object itself: that may load something.
        if issubclass(type(one), kind):
            return one
        for owner in gc.get_referrers(one) if type(one) is dict else ():
            if issubclass(type(owner), kind) and vars(owner) is one:
                return owner
    return None


def _flask(flask: Any, environ: Any) -> Any:
    return flask.request._get_current_object() if flask.has_request_context() else None


def _flask_user(_request: Any) -> Any:
    login = sys.modules.get("flask_login")
    if login is not None:
        return login.current_user._get_current_object()
    return sys.modules["flask"].g.get("user")


def _pyramid(threadlocal: Any, environ: Any) -> Any:
    request = threadlocal.get_current_request()
    # An exception that no view is for is reported behind the end of Pyramid's own request.
    return request or _holder(environ, sys.modules["pyramid.request"].Request)


def _pyramid_user(request: Any) -> Any:
    identity = getattr(request, "identity", None)
    return request.authenticated_userid if identity is None else identity


def _bottle(bottle: Any, environ: Any) -> Any:
    # It is bound to the last request until the next one comes.
    return bottle.request if bottle.request.environ.get("wsgi.input") is environ.get("wsgi.input") else None


def _falcon(falcon: Any, environ: Any) -> Any:
    # Compiled, its own functions have no frames.
    return _holder(environ, falcon.Request)


_FRAMEWORKS = (
    _Framework("Django", "django.http", _django, lambda request: request.session, lambda request: request.user),
    _Framework("Flask", "flask", _flask, lambda _: sys.modules["flask"].session._get_current_object(), _flask_user),
    _Framework(
        "Pyramid",
        "pyramid.threadlocal",
        _pyramid,
        lambda request: request.session,
        _pyramid_user,
    ),
    _Framework(
        "Falcon", "falcon", _falcon, lambda request: request.context.session, lambda request: request.context.user
    ),
    _Framework("Bottle", "bottle", _bottle, lambda request: request.session, lambda request: request.user),
)
