from flask import Flask, abort, redirect, render_template_string, request

app = Flask(__name__)


class Sold(Exception):
    pass


@app.errorhandler(Sold)
def sold(error):
    return "sold out", 409


@app.before_request
def check():
    if request.path == "/middleware":
        local = "in before_request"
        raise ValueError("middleware")  # here middleware


@app.get("/view")
def view():
    local = "in the view"
    raise ValueError("view")  # here view


@app.get("/template")
def template():
    return render_template_string("{% set local = 'in the template' %}\n{{ 1 // 0 }}")


@app.get("/handled")
def handled():
    raise Sold


@app.errorhandler(LookupError)
def failed(error):
    return "own error page", 503


@app.get("/answered")
def answered():
    local = "answered as an error"
    raise LookupError("answered")  # here answered


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
