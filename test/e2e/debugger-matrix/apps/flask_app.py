import os
import time

from flask import Flask, abort, redirect, render_template_string, request

if os.path.exists("/app/broken-start"):
    local = "at the start"
    raise ValueError("start")  # here start

app = Flask(__name__)


class Sold(Exception):
    pass


@app.errorhandler(Sold)
def sold(error):
    return "sold out", 409


@app.errorhandler(LookupError)
def failed(error):
    return "own error page", 503


@app.before_request
def check():
    if request.path == "/middleware":
        local = "in the middleware"
        raise ValueError("middleware")  # here middleware


@app.get("/stopped")
def stopped():
    local = "at a breakpoint()"
    breakpoint()  # here stopped
    return "fine"


@app.get("/line")
def line():
    local = "at a line"
    text = "fine"  # here line
    return text  # here step


@app.get("/function")
def function(local="at a function"):
    """A docstring is no place to stop at."""
    text = "fine"  # here function
    return text


@app.get("/view")
def view():
    local = "in the view"
    raise ValueError("view")  # here view


@app.get("/template")
def template():
    return render_template_string("{% set local = 'in the template' %}\n{{ 1 // 0 }}")


@app.get("/answered")
def answered():
    local = "answered as an error"
    raise LookupError("answered")  # here answered


@app.get("/import")
def imports():
    import broken


@app.get("/stream")
def stream():
    def chunks():
        local = "in a stream"
        yield "first chunk\n"
        raise ValueError("stream")  # here stream

    return chunks()


@app.get("/loop")
def loop():
    local = "in a loop"
    said = False
    going = True
    while going: said = said or print("looping", flush=True) is None  # here loop
    return "fine"


@app.get("/sleep")
def sleep():
    local = "in a sleep"
    time.sleep(print("sleeping", flush=True) or 600)  # here sleep


@app.get("/handled")
def handled():
    raise Sold


@app.get("/missing")
def missing():
    abort(404)


@app.get("/forbidden")
def forbidden():
    abort(403)


@app.get("/elsewhere")
def elsewhere():
    abort(redirect("/fine"))


@app.get("/fine")
def fine():
    return "fine"
