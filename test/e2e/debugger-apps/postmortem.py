"""One path for each place in a WSGI request where an exception can come up; `# here` marks where it is raised."""

import sys

TEXT = [("Content-Type", "text/plain")]


def fails(value):
    secret = f"local of {value}"
    raise ValueError(value)  # here


def call(environ, start_response):
    secret = "local of call"
    raise ValueError("call")  # here call


def deeper(environ, start_response):
    return fails("deeper")


def started(environ, start_response):
    start_response("200 OK", TEXT)
    secret = "local of started"
    raise ValueError("started")  # here started


def first(environ, start_response):
    start_response("200 OK", TEXT)

    def body():
        secret = "local of first"
        raise ValueError("first")  # here first
        yield b""

    return body()


def later(environ, start_response):
    start_response("200 OK", TEXT)

    def body():
        secret = "local of later"
        yield b"a chunk"
        raise ValueError("later")  # here later

    return body()


def lazy(environ, start_response):
    secret = "local of lazy"
    yield_nothing = environ.get("no such key")
    if yield_nothing is None:
        raise ValueError("lazy")  # here lazy
    start_response("200 OK", TEXT)
    yield b""


class Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        secret = "local of iterator"
        raise ValueError("iterator")  # here iterator


def iterator(environ, start_response):
    start_response("200 OK", TEXT)
    return Iterator()


class Iterable:
    def __iter__(self):
        secret = "local of iterable"
        raise ValueError("iterable")  # here iterable


def iterable(environ, start_response):
    start_response("200 OK", TEXT)
    return Iterable()


class Closing:
    def __iter__(self):
        return iter([b"all of it"])

    def close(self):
        secret = "local of close"
        raise ValueError("close")  # here close


def close(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "9")])
    return Closing()


class ClosingList(list):
    def close(self):
        secret = "local of listclose"
        raise ValueError("listclose")  # here listclose


def listclose(environ, start_response):
    start_response("200 OK", [*TEXT, ("Content-Length", "9")])
    return ClosingList([b"all of it"])


def write(environ, start_response):
    send = start_response("200 OK", TEXT)
    send(b"written")
    secret = "local of write"
    raise ValueError("write")  # here write


def badwrite(environ, start_response):
    send = start_response("200 OK", TEXT)
    secret = "local of badwrite"
    send("text")  # here badwrite
    return []


def badstart(environ, start_response):
    secret = "local of badstart"
    start_response("200 OK", [("X-Number", 1)])  # here badstart
    return []


class File:
    def read(self, size=-1):
        secret = "local of file"
        raise ValueError("file")  # here file

    def close(self):
        pass


def file(environ, start_response):
    start_response("200 OK", TEXT)
    return environ["wsgi.file_wrapper"](File(), 8192)


def answered(environ, start_response):
    try:
        fails("answered")
    except ValueError:
        start_response("500 Own Answer", [*TEXT, ("Content-Length", "3")], sys.exc_info())
        return [b"own"]


def late(environ, start_response):
    send = start_response("200 OK", TEXT)
    send(b"written")
    try:
        fails("late")
    except ValueError:
        start_response("500 Too Late", TEXT, sys.exc_info())
        return [b"never seen"]


def cause(environ, start_response):
    try:
        fails("the cause")
    except ValueError as error:
        secret = "local of cause"
        raise KeyError("cause") from error  # here cause


def context(environ, start_response):
    try:
        fails("the context")
    except ValueError:
        secret = "local of context"
        raise KeyError("context")  # here context


def group(environ, start_response):
    secret = "local of group"
    found = []
    for value in ("one", "two"):
        try:
            fails(value)
        except ValueError as error:
            found.append(error)
    raise ExceptionGroup("group", [*found, ExceptionGroup("inner", [OSError("three")])])  # here group


def leave(environ, start_response):
    secret = "local of leave"
    raise SystemExit("leave")  # here leave


def nested(environ, start_response):
    def inner_start(status, headers, exc_info=None):
        return start_response(status, [*headers, ("X-Outer", "yes")], exc_info)

    return first(environ, inner_start)


def reentrant(environ, start_response):
    answers = []
    try:
        application({**environ, "PATH_INFO": "/call"}, lambda status, headers, exc_info=None: answers.append)
    except ValueError:
        answers.append("inner failed")
    secret = f"local of reentrant: {answers}"
    return fails("reentrant")


def library(environ, start_response):
    import json

    secret = "local of library"
    return json.loads("{")


# -- what is no failure of the application


def fine(environ, start_response):
    data = f"fine {environ['QUERY_STRING']}\n".encode()
    start_response("200 OK", [*TEXT, ("Content-Length", str(len(data)))])
    return [data]


def caught(environ, start_response):
    try:
        fails("caught")
    except ValueError:
        pass
    return fine(environ, start_response)


def endless(environ, start_response):
    start_response("200 OK", TEXT)

    def body():
        try:
            while True:
                yield b"x" * 65536
        finally:
            print("the endless one was closed", flush=True)

    return body()


def written(environ, start_response):
    send = start_response("200 OK", TEXT)
    try:
        while True:
            send(b"x" * 65536)
    finally:
        print("the writing one was ended", flush=True)


def upload(environ, start_response):
    print("reading", flush=True)
    try:
        data = environ["wsgi.input"].read()
    finally:
        print("the upload was ended", flush=True)
    return fine(environ, start_response)


def nothing(environ, start_response):
    start_response("200 OK", TEXT)
    return [None]


def application(environ, start_response):
    return globals()[environ["PATH_INFO"].strip("/")](environ, start_response)
