"""Breakpoints are set in this file from outside; `# line NAME` marks where."""

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
    import sqlite3

    begun = threading.Event()

    def tell():
        begun.wait()
        print("asking", flush=True)

    def begin():
        begun.set()
        return 1

    threading.Thread(target=tell).start()
    connection = sqlite3.connect(":memory:")
    # The query itself says that it runs, another thread prints it: Python has nothing more to do in this one.
    connection.create_function("begin", 0, begin)
    rows = connection.execute(
        "with recursive t(x) as (select begin() union all select x + 1 from t where x < 12000000) select max(x) from t"
    ).fetchall()
    return answer(start_response, [f"{rows[0][0]}\n".encode()])


def application(environ, start_response):
    return globals()[environ["PATH_INFO"].strip("/")](environ, start_response)
