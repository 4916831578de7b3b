"""pdb as an application may use it by itself: one path for each."""

import pdb
import sys


class Debugger:
    """As in mod_wsgi's documentation."""

    def __init__(self, object):
        self.__object = object

    def __call__(self, *args, **kwargs):
        debugger = pdb.Pdb()
        debugger.use_rawinput = 0
        debugger.reset()
        sys.settrace(debugger.trace_dispatch)  # traces

        try:
            return self.__object(*args, **kwargs)
        finally:
            debugger.quitting = 1
            sys.settrace(None)


class PostMortemDebugger:
    """As in mod_wsgi-express."""

    def __init__(self, application):
        self.application = application
        self.generator = None
        self.debugger = pdb.Pdb()

    def run_post_mortem(self):
        self.debugger.reset()
        self.debugger.interaction(None, sys.exc_info()[2])  # examines

    def __call__(self, environ, start_response):
        try:
            self.generator = self.application(environ, start_response)
            return self
        except Exception:
            self.run_post_mortem()
            raise

    def __iter__(self):
        try:
            yield from self.generator
        except Exception:
            self.run_post_mortem()
            raise

    def close(self):
        if hasattr(self.generator, "close"):
            self.generator.close()


def own(start):
    value = "by an own Pdb"
    pdb.Pdb().set_trace()
    return value


def skipping(start):
    value = "by one that skips"
    pdb.Pdb(skip=["json.*"], stdin=sys.__stdin__, stdout=sys.__stdout__).set_trace()
    return value


def header(start):
    value = "with a header"
    pdb.set_trace(header="Look here")
    return value


def double(number):
    result = 2 * number
    return result


def called(start):
    return f"{pdb.runcall(double, 21)}"


def fails():
    secret = "of the frame"
    raise ValueError("fails")  # raised


def handled(start):
    try:
        fails()
    except ValueError:
        pdb.post_mortem()
    return "handled"


def last(start):
    try:
        fails()
    except ValueError as error:
        sys.last_exc = sys.last_value = error
        sys.last_traceback = error.__traceback__
    pdb.pm()
    return "last"


def raised(start):
    fails()


def part(start):
    yield b"first "
    fails()


def told(start):
    breakpoint()
    fails()


def plain(start):
    value = "plain"
    return value


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    body = globals()[environ["PATH_INFO"].rpartition("/")[2]](start_response)
    return [body.encode()] if isinstance(body, str) else body


plain_application, traced, examined = application, Debugger(application), PostMortemDebugger(application)


def application(environ, start_response):
    first = environ["PATH_INFO"].split("/")[1]
    if first == "traced":
        return traced(environ, start_response)
    if first == "examined":
        return examined(environ, start_response)
    return plain_application(environ, start_response)
