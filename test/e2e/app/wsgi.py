"""The application of the session tests: one function for each path."""

import os
import shutil
import signal
import socket
import sys
import time

import library

COUNT = 0


def text(start_response, body, status="200 OK"):
    data = body.encode()
    start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(data)))])
    return [data]


def stop(environ, start_response):
    global COUNT
    COUNT += 1
    name = environ["QUERY_STRING"] or "world"
    breakpoint()
    return text(start_response, f"Hello, {name}!\n")


def plain(environ, start_response):
    return text(start_response, f"plain {environ['QUERY_STRING']}\n")


def busy(environ, start_response):
    going = True
    print("busy now", flush=True)
    while going:
        pass
    return text(start_response, "busy done\n")


def sleep(environ, start_response):
    # On one line: Ctrl-C may come before the word is quite out.
    time.sleep(print("sleeping now", flush=True) or 6)
    return text(start_response, "slept\n")


def receive(environ, start_response):
    here, there = socket.socketpair()
    # On one line too.
    data = here.recv(print("receiving now", flush=True) or 10)
    return text(start_response, f"received {data.decode()}\n")


def generator(environ, start_response):
    def body():
        yield b"first\n"
        breakpoint()
        yield b"second\n"

    start_response("200 OK", [("Content-Type", "text/plain")])
    return body()


def early(environ, start_response):
    def body():
        breakpoint()
        yield b"only\n"

    start_response("200 OK", [("Content-Type", "text/plain")])
    return body()


def nested(environ, start_response):
    name = environ["QUERY_STRING"]
    result = library.outer(name)
    return text(start_response, f"{result}\n")


def stdout_away(environ, start_response):
    saved = sys.stdout
    sys.stdout = sys.stderr
    breakpoint()
    sys.stdout = saved
    return text(start_response, "stdout\n")


def stdin_away(environ, start_response):
    saved = sys.stdin
    sys.stdin = open(os.devnull)
    breakpoint()
    sys.stdin = saved
    return text(start_response, "stdin\n")


def descriptors_away(environ, start_response):
    os.close(0)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    breakpoint()
    return text(start_response, "descriptors\n")


def forged(environ, start_response):
    sys.stdout.write("before\x1b]7117;0123456789abcdef01234567;eyJldmVudCI6ImV4aXQifQ\x07after\n")
    sys.stdout.flush()
    return text(start_response, "forged\n")


def flood(environ, start_response):
    lines = [f"{number:06d} {'x' * 92}" for number in range(50_000)]
    breakpoint()
    return text(start_response, "flood\n")


def crash(environ, start_response):
    os.kill(os.getpid(), signal.SIGSEGV)
    return text(start_response, "not reached\n")


def fails(environ, start_response):
    raise ValueError("the application's own")


def edited(environ, start_response):
    return text(start_response, f"{library.VERSION} edition\n")


PATHS = {
    name: value for name, value in list(globals().items()) if callable(value) and getattr(value, "__module__", "") == __name__
}


def application(environ, start_response):
    handler = PATHS.get(environ["PATH_INFO"].strip("/"))
    if handler is None:
        return text(start_response, "nothing here\n", "404 Not Found")
    return handler(environ, start_response)
