# What requests do. `finds:` or `notes:` at a line's end names the findings, or notes, that belong there.
import ctypes
import logging
import multiprocessing
import os
import pdb
import signal
import subprocess
import sys
import threading
import time

import pages

log = logging.getLogger("shop")
log.addHandler(logging.StreamHandler(sys.stdout))
COUNTS = {"visits": 0}
MADE = None
CACHE = {}


class Basket:
    items = []

    def add(self, item):
        self.items.append(item)  # finds: state


BASKET = Basket()


def fine(start_response, body=b"fine\n"):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [body]


def prints(environ, start_response):
    print("debug: a visitor")  # finds: stdout cgi restricted
    return fine(start_response)


def flushes(environ, start_response):
    print("X-Debug: on", flush=True)  # finds: stdout cgi restricted
    return fine(start_response)


def logs(environ, start_response):
    log.warning("a visitor")  # finds: stdout cgi
    return fine(start_response)


def writes(environ, start_response):
    os.write(1, b"raw")  # finds: stdout cgi
    return fine(start_response)


def runs(environ, start_response):
    subprocess.call(["echo", "from a program"])  # finds: stdout cgi
    return fine(start_response)


def reads(environ, start_response):
    return fine(start_response, sys.stdin.buffer.read() or b"-")  # finds: stdin restricted


def takes(environ, start_response):
    size = int(environ.get("CONTENT_LENGTH") or 0)
    if environ["REQUEST_METHOD"] == "POST":
        print(environ["CONTENT_TYPE"], environ["wsgi.input"].read(size))
    return fine(start_response)


class Visitor:
    name = ""


def mixed(environ, start_response):
    Visitor.name = "ada"
    time.sleep(0.01)
    body = Visitor.name[0].encode()  # finds: parallel
    Visitor.name = ""
    return fine(start_response, body)


def debugs(environ, start_response):
    breakpoint()
    pdb.set_trace()
    return fine(start_response)


def counts(environ, start_response):
    global MADE
    if MADE is None:
        MADE = object()
    CACHE["key"] = "value"
    COUNTS["visits"] += 1  # finds: state
    pages.seen.append(environ["PATH_INFO"])  # finds: state
    BASKET.add("book")
    return fine(start_response)


def text(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return ["not bytes"]  # finds: wsgi


def yields(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"one"
    yield "two"  # finds: wsgi


def header(environ, start_response):
    start_response("200 OK", [("Status", "200")])  # finds: wsgi
    return [b"-"]


def status(environ, start_response):
    start_response("200", [("Content-Type", "text/plain")])  # finds: cgi deployed
    return [b"-"]


def body(environ, start_response):
    return fine(start_response, environ["wsgi.input"].read() or b"-")  # notes: wsgi


def pairs(environ, start_response):
    start_response("200 OK", [("Content-Type",)])  # finds: wsgi
    return [b"-"]


def forks(environ, start_response):
    worker = multiprocessing.get_context("fork").Process(target=len, args=("",))
    worker.start()  # finds: process
    worker.join()
    return fine(start_response)


def starts(environ, start_response):
    threading.Thread(target=time.sleep, args=(0.01,)).start()  # finds: thread
    waited = threading.Thread(target=time.sleep, args=(0.01,))
    waited.start()
    waited.join()
    return fine(start_response)


def handles(environ, start_response):
    signal.signal(signal.SIGUSR1, lambda *_: None)  # finds: signal
    return fine(start_response)


def sets(environ, start_response):
    os.environ["USER_NAME"] = "ada"  # finds: environ
    return fine(start_response)


def relative(environ, start_response):
    with open("note.txt", encoding="utf-8") as file:  # finds: cwd deployed
        return fine(start_response, file.read().encode())


def encoded(environ, start_response):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "note.txt")) as file:
        return fine(start_response, file.read().encode())  # finds: deployed


def closed(environ, start_response):
    try:
        open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "closed.txt"))  # finds: permission
    except PermissionError:
        pass
    return fine(start_response)


def fails(environ, start_response):
    return fine(start_response, {}["missing"])  # finds: error


def hangs(environ, start_response):
    time.sleep(3600)  # finds: hang


def crashes(environ, start_response):
    ctypes.string_at(0)  # finds: crash


def leaves(environ, start_response):
    os._exit(3)  # finds: crash


def application(environ, start_response):
    page = environ["PATH_INFO"].strip("/")
    return globals()[page](environ, start_response)
