"""Threads, processes and the server itself: one path for each."""

import concurrent.futures
import multiprocessing
import os
import threading
import time
import urllib.request


def tick():
    while True:
        time.sleep(0.5)


context = multiprocessing.get_context("fork")
context.Process(target=tick, daemon=True, name="beside").start()
threading.Thread(target=tick, daemon=True, name="ticker").start()
POOL = concurrent.futures.ThreadPoolExecutor(2)


def fails(number):
    secret = f"in the pool {number}"
    raise ValueError("pool")  # raised


def pool():
    return str(POOL.submit(fails, 7).result())


def doubled(number):
    breakpoint()
    return 2 * number


def fork():
    child = os.fork()
    if child == 0:
        breakpoint()
        os._exit(3)
    return f"child {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}"


def while_stopped():
    child = os.fork()
    if child == 0:
        # Its breakpoint comes while its parent is at a prompt.
        os.read(READ, 1)
        breakpoint()
        os._exit(0)
    breakpoint()
    status = os.waitpid(child, 0)[1]
    return f"child {os.waitstatus_to_exitcode(status)}"


READ, WRITE = os.pipe()


def workers():
    with context.Pool(2) as processes:
        return str(processes.map(doubled, [1, 2]))


def thread():
    one = threading.Thread(target=lambda: 1 / 0, name="failing")
    one.start()
    one.join()
    return "thread"


def stopped_thread():
    one = threading.Thread(target=doubled, args=(1,), name="stopping")
    one.start()
    one.join()
    return "stopped thread"


def itself():
    try:
        return urllib.request.urlopen("http://127.0.0.1:8000/kinds", timeout=3).read().decode()
    except OSError as error:
        return f"{type(error).__name__}"


def kinds():
    return "kinds"


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [globals()[environ["PATH_INFO"].strip("/")]().encode()]
