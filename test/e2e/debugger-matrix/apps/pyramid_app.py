import os
import time

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden, HTTPFound, HTTPNotFound
from pyramid.response import Response

if os.path.exists("/app/broken-start"):
    local = "at the start"
    raise ValueError("start")  # here start


class Sold(Exception):
    pass


def tween(handler, registry):
    def outer(request):
        if request.path == "/middleware":
            local = "in the middleware"
            raise ValueError("middleware")  # here middleware
        return handler(request)

    return outer


class Template:
    def __init__(self, info):
        pass

    def __call__(self, value, system):
        local = "in the template"
        return 1 // 0  # here template


def stopped(request):
    local = "at a breakpoint()"
    breakpoint()  # here stopped
    return Response("fine")


def line(request):
    local = "at a line"
    text = "fine"  # here line
    return Response(text)  # here step


def function(request, local="at a function"):
    """A docstring is no place to stop at."""
    text = "fine"  # here function
    return Response(text)


def view(request):
    local = "in the view"
    raise ValueError("view")  # here view


def answered(request):
    local = "answered as an error"
    raise LookupError("answered")  # here answered


def imports(request):
    import broken


def stream(request):
    def chunks():
        local = "in a stream"
        yield b"first chunk\n"
        raise ValueError("stream")  # here stream

    return Response(app_iter=chunks())


def loop(request):
    local = "in a loop"
    said = False
    going = True
    while going: said = said or print("looping", flush=True) is None  # here loop
    return Response("fine")


def sleep(request):
    local = "in a sleep"
    time.sleep(print("sleeping", flush=True) or 600)  # here sleep


def raises(error):
    def raising(request):
        raise error

    return raising


with Configurator() as config:
    config.add_tween("pyramid_app.tween")
    config.add_renderer("broken", Template)
    for name, one, options in (
        ("stopped", stopped, {}),
        ("line", line, {}),
        ("function", function, {}),
        ("view", view, {}),
        ("template", lambda request: {}, {"renderer": "broken"}),
        ("middleware", view, {}),
        ("answered", answered, {}),
        ("import", imports, {}),
        ("stream", stream, {}),
        ("loop", loop, {}),
        ("sleep", sleep, {}),
        ("handled", raises(Sold()), {}),
        ("missing", raises(HTTPNotFound()), {}),
        ("forbidden", raises(HTTPForbidden()), {}),
        ("elsewhere", raises(HTTPFound("/fine")), {}),
        ("fine", lambda request: Response("fine"), {}),
    ):
        config.add_route(name, f"/{name}")
        config.add_view(one, route_name=name, **options)
    config.add_exception_view(lambda error, request: Response("sold out", status=409), context=Sold)
    config.add_exception_view(lambda error, request: Response("own error page", status=503), context=LookupError)
    application = config.make_wsgi_app()
