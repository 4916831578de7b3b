from bottle import Bottle

application = Bottle()


def helper():
    text = "bottle"
    breakpoint()
    return text


@application.get("/view")
def view():
    return helper()


@application.get("/raises")
def raises():
    raise ValueError("raised")
