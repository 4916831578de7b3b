"""A report that is sent line by line, and breaks after the first one: the client has its 200 by then."""

ORDERS = [{"id": 1, "total": 30}, {"id": 2, "total": None}, {"id": 3, "total": 12}]


def report():
    yield b"id;total;tax\n"
    for order in ORDERS:
        tax = order["total"] * 0.19
        yield f"{order['id']};{order['total']};{tax:.2f}\n".encode()


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/csv; charset=utf-8")])
    return report()
