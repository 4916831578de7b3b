# Code that is compiled, and files that are closed: see the test.
import os

from packed import closed, gone, stale

HERE = os.path.dirname(os.path.abspath(__file__))


def application(environ, start_response):
    try:
        open(os.path.join(HERE, "packed", "new.txt"), "w")  # finds: permission
    except PermissionError:
        pass
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{closed.VALUE} {gone.VALUE} {stale.VALUE}".encode()]
