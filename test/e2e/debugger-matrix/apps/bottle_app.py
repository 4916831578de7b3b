import os
import time

import bottle

if os.path.exists("/app/broken-start"):
    local = "at the start"
    raise ValueError("start")  # here start

application = bottle.Bottle()


@application.hook("before_request")
def check():
    if bottle.request.path == "/middleware":
        local = "in the middleware"
        raise ValueError("middleware")  # here middleware


@application.error(500)
def failed(error):
    if isinstance(error.exception, LookupError):
        return "own error page"
    return application.default_error_handler(error)


@application.get("/stopped")
def stopped():
    local = "at a breakpoint()"
    breakpoint()  # here stopped
    return "fine"


@application.get("/line")
def line():
    local = "at a line"
    text = "fine"  # here line
    return text  # here step


@application.get("/function")
def function(local="at a function"):
    """A docstring is no place to stop at."""
    text = "fine"  # here function
    return text


@application.get("/view")
def view():
    local = "in the view"
    raise ValueError("view")  # here view


def broken():
    local = "in the template"
    return 1 // 0  # here template


@application.get("/template")
def template():
    return bottle.template("one\n{{broken()}}\n", broken=broken)


@application.get("/answered")
def answered():
    local = "answered as an error"
    raise LookupError("answered")  # here answered


@application.get("/import")
def imports():
    import broken


@application.get("/stream")
def stream():
    local = "in a stream"
    yield "first chunk\n"
    raise ValueError("stream")  # here stream


@application.get("/loop")
def loop():
    local = "in a loop"
    said = False
    going = True
    while going: said = said or print("looping", flush=True) is None  # here loop
    return "fine"


@application.get("/sleep")
def sleep():
    local = "in a sleep"
    time.sleep(print("sleeping", flush=True) or 600)  # here sleep


@application.get("/missing")
def missing():
    bottle.abort(404)


@application.get("/forbidden")
def forbidden():
    bottle.abort(403)


@application.get("/elsewhere")
def elsewhere():
    bottle.redirect("/fine")


@application.get("/fine")
@application.get("/middleware")
def fine():
    return "fine"
