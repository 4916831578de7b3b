from flask import Flask, g, session

application = Flask(__name__)
application.secret_key = "no secret"


def helper():
    text = "flask"
    breakpoint()
    return text


@application.before_request
def log_in():
    g.user = "ada"


@application.get("/view")
def view():
    session["item"] = "tea"
    return helper()


@application.get("/raises")
def raises():
    session["item"] = "tea"
    raise ValueError("raised")
