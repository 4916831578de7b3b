"""What people do to the standard streams, at import and in requests: one path for each."""

import contextlib
import io
import logging
import os
import sys

sys.stdout = sys.stderr
sys.stdin = open(os.devnull)
logging.basicConfig(stream=sys.__stdout__, level=logging.INFO)


class Restricted:
    """As mod_wsgi's WSGIRestrictStdin and WSGIRestrictStdout put it there."""

    def __getattr__(self, name):
        raise OSError("access restricted by mod_wsgi")


def remapped():
    value = "remapped"
    breakpoint()
    return value


def noisy():
    value = "noisy"
    for number in range(50):
        print(number, end=" ")
        logging.info("noise %s", number)
    breakpoint()
    print("more", end="")
    return value


def redirected():
    value = io.StringIO()
    with contextlib.redirect_stdout(value):
        print("captured", end="")
        breakpoint()
        print(" after", end="")
    return value.getvalue()


def replaced():
    value = io.StringIO()
    sys.stdout = sys.stderr = value
    print("replaced", end="")
    breakpoint()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    return value.getvalue()


def restricted():
    value = "restricted"
    sys.stdin = sys.stdout = Restricted()
    breakpoint()
    sys.stdin, sys.stdout = sys.__stdin__, sys.__stdout__
    return value


def shut():
    value = "shut"
    sys.stdout = open(os.devnull, "w")
    sys.stdout.close()
    sys.stdin.close()
    breakpoint()
    sys.stdin, sys.stdout = sys.__stdin__, sys.__stdout__
    return value


def closed():
    value = "closed"
    os.close(0)
    os.close(1)
    breakpoint()
    return value


def away():
    value = "away"
    os.close(0)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    breakpoint()
    return value


def none():
    value = "none"
    sys.stdin = sys.stdout = None
    breakpoint()
    sys.stdin, sys.stdout = sys.__stdin__, sys.__stdout__
    return value


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [globals()[environ["PATH_INFO"].strip("/")]().encode()]
