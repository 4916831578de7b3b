"""WSGI without a framework: one function for each path."""

import os
import sys
import time

if os.path.exists("/app/broken-start"):
    local = "at the start"
    raise ValueError("start")  # here start

TEXT = [("Content-Type", "text/plain")]


def outer(inner):
    def middleware(environ, start_response):
        if environ["PATH_INFO"] == "/middleware":
            local = "in the middleware"
            raise ValueError("middleware")  # here middleware
        return inner(environ, start_response)

    return middleware


def answer(start_response, text, status="200 OK", exc_info=None):
    start_response(status, [*TEXT, ("Content-Length", str(len(text)))], exc_info)
    return [text.encode()]


def stopped(environ, start_response):
    local = "at a breakpoint()"
    breakpoint()  # here stopped
    return answer(start_response, "fine")


def line(environ, start_response):
    local = "at a line"
    text = "fine"  # here line
    return answer(start_response, text)  # here step


def function(environ, start_response, local="at a function"):
    """A docstring is no place to stop at."""
    text = "fine"  # here function
    return answer(start_response, text)


def view(environ, start_response):
    local = "in the view"
    raise ValueError("view")  # here view


def fails():
    local = "answered as an error"
    raise LookupError("answered")  # here answered


def answered(environ, start_response):
    try:
        fails()
    except LookupError:
        return answer(start_response, "own error page", "503 Own Error", sys.exc_info())


def imports(environ, start_response):
    import broken


def stream(environ, start_response):
    start_response("200 OK", TEXT)

    def chunks():
        local = "in a stream"
        yield b"first chunk\n"
        raise ValueError("stream")  # here stream

    return chunks()


def loop(environ, start_response):
    local = "in a loop"
    said = False
    going = True
    while going: said = said or print("looping", flush=True) is None  # here loop
    return answer(start_response, "fine")


def sleep(environ, start_response):
    local = "in a sleep"
    time.sleep(print("sleeping", flush=True) or 600)  # here sleep


def handled(environ, start_response):
    try:
        raise ValueError("sold")
    except ValueError:
        return answer(start_response, "sold out", "409 Conflict", sys.exc_info())


def fine(environ, start_response):
    return answer(start_response, "fine")


PATHS = {one.__name__: one for one in (stopped, line, function, view, answered, stream, loop, sleep, handled, fine)}
PATHS["import"] = imports


@outer
def application(environ, start_response):
    try:
        found = PATHS[environ["PATH_INFO"].strip("/")]
    except KeyError:
        return answer(start_response, "not found", "404 Not Found", sys.exc_info())
    return found(environ, start_response)
