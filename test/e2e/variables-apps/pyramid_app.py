from pyramid.config import Configurator
from pyramid.response import Response
from pyramid.session import SignedCookieSessionFactory


class Policy:
    def identity(self, request):
        return "ada"

    def authenticated_userid(self, request):
        return "ada"


def helper():
    text = "pyramid"
    breakpoint()
    return text


def view(got):
    got.session["item"] = "tea"
    return Response(helper())


def raises(got):
    got.session["item"] = "tea"
    raise ValueError("raised")


with Configurator() as config:
    config.set_session_factory(SignedCookieSessionFactory("no secret"))
    config.set_security_policy(Policy())
    for function in (view, raises):
        config.add_route(function.__name__, f"/{function.__name__}")
        config.add_view(function, route_name=function.__name__)
    application = config.make_wsgi_app()
