"""What pdb can do, under Apache: one path for each."""

import pdb
import time

ASKED = []


def custom():
    ASKED.append("custom")


def add(first, second):
    result = first + second
    return result


def trace(start):
    value = "by set_trace"
    pdb.set_trace()
    return value


def own(start):
    value = "by an own Pdb"
    pdb.Pdb().set_trace()
    return value


def builtin(start):
    value = "by breakpoint"
    breakpoint()
    return value


def loop(start):
    total = 0
    skipped = "skipped"
    breakpoint()
    for number in range(10):
        total = add(total, number)
        total += 0
    last = total
    skipped = "not skipped"
    return f"{last} {skipped}"


def twice(start):
    breakpoint()
    value = 1
    breakpoint()
    return f"{value}"


def generator(start):
    breakpoint()
    yield b"one "
    breakpoint()
    yield b"two"


def asked(start):
    return " ".join(ASKED)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    body = globals()[environ["PATH_INFO"].strip("/")](start_response)
    return [body.encode()] if isinstance(body, str) else body
