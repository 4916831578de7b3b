# The oldest workaround of all: under CGI it takes the response with it.
import sys

sys.stdout = sys.stderr  # finds: leftover cgi


def application(environ, start_response):
    print("to the log")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine\n"]
