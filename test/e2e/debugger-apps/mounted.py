"""Two applications in one server: Flask's at /, a plain one at /api."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

site = Flask(__name__)


@site.route("/page")
def page():
    value = "of the site"
    breakpoint()
    return value


@site.route("/broken")
def broken():
    secret = "in the site"
    raise ValueError("site")


def api(environ, start_response):
    value = f"of the api at {environ['SCRIPT_NAME']}"
    if environ["PATH_INFO"] == "/broken":
        secret = "in the api"
        raise ValueError("api")
    breakpoint()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [value.encode()]


application = DispatcherMiddleware(site, {"/api": api})
