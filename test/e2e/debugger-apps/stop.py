"""What a stop shows: requests with forms, each of which answers with the body that it got."""

import hashlib
from wsgiref.validate import validator


def unread(body):
    breakpoint()
    step = "nothing is read"
    return step and body.read()


def half(body):
    first = body.read(7)
    breakpoint()
    return first + body.read()


def whole(body):
    data = body.read()
    breakpoint()
    return data


def lines(body):
    data = body.readline() + b"".join(body.readlines(1)) + b"".join(body)
    breakpoint()
    return data


@validator
def checked(environ, start_response):
    data = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    breakpoint()
    return answer(start_response, data)


def answer(start_response, data):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{len(data)} {hashlib.md5(data).hexdigest()}\n".encode()]


def busy(body):
    going = True
    print("busy now", flush=True)
    while going:
        pass
    return b"done"


def application(environ, start_response):
    name = environ["PATH_INFO"].lstrip("/").partition("/")[0]
    if name == "checked":
        return checked(environ, start_response)
    return answer(start_response, globals()[name](environ["wsgi.input"]))
