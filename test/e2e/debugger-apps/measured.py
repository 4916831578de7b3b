import time

import work


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/stop":
        body = stopped()
    elif path == "/slow":
        body = slow()
    elif path == "/never":
        body = never()
    else:
        body = work.quick()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body.encode()]


def stopped():
    before = "before"
    breakpoint()
    after = work.after(before)
    return after


def slow():
    time.sleep(0.2)
    return "slow"


def never():
    return "never"
