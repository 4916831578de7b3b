"""Breakpoints are set in this file from outside; `# line NAME` marks where."""

import sys
import threading


class Cart:
    def total(self, prices):
        """A docstring is no place to stop at."""
        result = sum(prices)  # line total
        return result

    @staticmethod
    def parts(count):
        for number in range(count):
            part = f"part {number}\n"  # line part
            yield part.encode()


def answer(start_response, body):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return body


def cart(environ, start_response):
    number = int(environ["QUERY_STRING"] or "0")
    total = Cart().total([number, 1])  # line cart
    text = (
        f"total "  # line inside
        f"{total}\n"
    )

    # line comment
    return answer(start_response, [text.encode()])


def answered(environ, start_response):
    try:
        raise ValueError("answered")
    except ValueError:
        start_response("500 Own Error", [("Content-Type", "text/plain")], sys.exc_info())
    return [f"total {Cart().total([1, 2])}\n".encode()]


def parts(environ, start_response):
    return answer(start_response, Cart.parts(2))


def lazy(environ, start_response):
    import lazily

    return answer(start_response, [lazily.word().encode()])


def thread(environ, start_response):
    found = []

    def work():
        value = "from a thread\n"  # line thread
        found.append(value)

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    worker.join()
    return answer(start_response, [found[0].encode()])


def threaded(environ, start_response):
    found = []

    def work():
        value = "from a thread\n"
        breakpoint()
        found.append(value)

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    return answer(start_response, [found[0].encode()])


def sql(environ, start_response):
    """SQLite waits in C code for a lock that another connection has, until /app/release is written to."""
    import os
    import sqlite3
    import tempfile

    begun = threading.Event()
    database = os.path.join(tempfile.mkdtemp(), "locked")
    owner = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    owner.execute("begin exclusive")
    os.mkfifo("/app/release")

    def release():
        begun.wait()
        print("asking", flush=True)
        open("/app/release").read()
        owner.execute("rollback")

    threading.Thread(target=release, daemon=True).start()
    connection = sqlite3.connect(database, timeout=600, isolation_level=None)
    # The statement itself says that it runs, the other thread prints it: Python has nothing more to do in this one.
    connection.set_trace_callback(lambda _statement: begun.set())
    connection.execute("begin exclusive")
    return answer(start_response, [b"locked\n"])


def application(environ, start_response):
    return globals()[environ["PATH_INFO"].strip("/")](environ, start_response)
