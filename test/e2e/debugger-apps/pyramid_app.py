from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden, HTTPFound, HTTPNotFound
from pyramid.response import Response


class Sold(Exception):
    pass


def view(request):
    local = "in the view"
    raise ValueError("view")  # here view


def answered(request):
    local = "answered as an error"
    raise LookupError("answered")  # here answered


def tween(handler, registry):
    def outer(request):
        if request.path == "/middleware":
            local = "in a tween"
            raise ValueError("middleware")  # here middleware
        return handler(request)

    return outer


class Template:
    def __init__(self, info):
        pass

    def __call__(self, value, system):
        local = "in the template"
        raise ValueError("template")  # here template


def raises(error):
    def raising(request):
        raise error

    return raising


with Configurator() as config:
    config.add_tween("pyramid_app.tween")
    config.add_renderer("broken", Template)
    for name, function, options in (
        ("view", view, {}),
        ("middleware", view, {}),
        ("template", lambda request: {}, {"renderer": "broken"}),
        ("handled", raises(Sold()), {}),
        ("answered", answered, {}),
        ("missing", raises(HTTPNotFound()), {}),
        ("forbidden", raises(HTTPForbidden()), {}),
        ("elsewhere", raises(HTTPFound("/fine")), {}),
        ("fine", lambda request: Response("fine"), {}),
    ):
        config.add_route(name, f"/{name}")
        config.add_view(function, route_name=name, **options)
    config.add_exception_view(lambda error, request: Response("sold out", status=409), context=Sold)
    config.add_exception_view(lambda error, request: Response("own error page", status=503), context=LookupError)
    application = config.make_wsgi_app()
