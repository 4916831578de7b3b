import os
import time

import falcon

if os.path.exists("/app/broken-start"):
    local = "at the start"
    raise ValueError("start")  # here start


class Sold(Exception):
    pass


def sold(request, response, error, params):
    response.status = 409
    response.text = "sold out"


def failed(request, response, error, params):
    response.status = 503
    response.text = "own error page"


class Middleware:
    def process_request(self, request, response):
        if request.path == "/middleware":
            local = "in the middleware"
            raise ValueError("middleware")  # here middleware


class Stopped:
    def on_get(self, request, response):
        local = "at a breakpoint()"
        breakpoint()  # here stopped
        response.text = "fine"


class Line:
    def on_get(self, request, response):
        local = "at a line"
        text = "fine"  # here line
        response.text = text  # here step


class Function:
    def on_get(self, request, response, local="at a function"):
        """A docstring is no place to stop at."""
        text = "fine"  # here function
        response.text = text


class View:
    def on_get(self, request, response):
        local = "in the view"
        raise ValueError("view")  # here view


class Answered:
    def on_get(self, request, response):
        local = "answered as an error"
        raise LookupError("answered")  # here answered


class Imports:
    def on_get(self, request, response):
        import broken


class Stream:
    def on_get(self, request, response):
        response.stream = self.chunks()

    def chunks(self):
        local = "in a stream"
        yield b"first chunk\n"
        raise ValueError("stream")  # here stream


class Loop:
    def on_get(self, request, response):
        local = "in a loop"
        said = False
        going = True
        while going: said = said or print("looping", flush=True) is None  # here loop
        response.text = "fine"


class Sleep:
    def on_get(self, request, response):
        local = "in a sleep"
        time.sleep(print("sleeping", flush=True) or 600)  # here sleep


class Raises:
    def __init__(self, error):
        self.error = error

    def on_get(self, request, response):
        raise self.error


class Fine:
    def on_get(self, request, response):
        response.text = "fine"


application = falcon.App(middleware=[Middleware()])
application.add_error_handler(Sold, sold)
application.add_error_handler(LookupError, failed)
for name, resource in {
    "stopped": Stopped(),
    "line": Line(),
    "function": Function(),
    "view": View(),
    "middleware": Fine(),
    "answered": Answered(),
    "import": Imports(),
    "stream": Stream(),
    "loop": Loop(),
    "sleep": Sleep(),
    "handled": Raises(Sold()),
    "missing": Raises(falcon.HTTPNotFound()),
    "forbidden": Raises(falcon.HTTPForbidden()),
    "elsewhere": Raises(falcon.HTTPFound("/fine")),
    "fine": Fine(),
}.items():
    application.add_route(f"/{name}", resource)
