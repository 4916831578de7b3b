# In the way of a pass: what it can't do is told.
import os

try:
    open(os.path.join("/tmp/wsgi-dev/check", "cgi"), "x").close()
except OSError:
    pass


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine"]
