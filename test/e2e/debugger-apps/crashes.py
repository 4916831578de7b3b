"""Every way in which a process ends without being asked to: one function for each path."""

import ctypes
import os
import signal
import threading
import time
from wsgiref.util import request_uri

calls = 0


def segmentation(environ):
    pointer = 0
    ctypes.string_at(pointer)  # here segmentation


def abort(environ):
    os.abort()  # here abort


def illegal(environ):
    os.kill(os.getpid(), signal.SIGILL)  # here illegal


def bus(environ):
    signal.raise_signal(signal.SIGBUS)  # here bus


def leave(environ):
    os._exit(3)


def memory(environ):
    os.kill(os.getpid(), signal.SIGKILL)


def in_thread():
    time.sleep(0.2)
    ctypes.string_at(0)  # here thread


def thread(environ):
    threading.Thread(target=in_thread, name="worker").start()
    time.sleep(30)  # here waits


def deep(environ):
    def recurse(depth):
        return ctypes.string_at(0) if depth == 0 else recurse(depth - 1)

    recurse(150)


def leaves_python(environ):
    raise SystemExit(4)


def counted(environ):
    global calls
    calls += 1
    return f"{calls} {request_uri(environ).rpartition('/')[2]}"


def application(environ, start_response):
    name = environ["PATH_INFO"].strip("/") or "counted"
    answer = globals()[name](environ)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(answer).encode()]
