"""What the client asks for: which application, and which requests."""

import json
from typing import Any, List, Mapping, NamedTuple


class Order(NamedTuple):
    """Read from a file by `main` and, narrowed to the paths that are still to run, by each pass."""

    #: As in the runner's settings.
    app: Mapping[str, Any]
    root: str
    #: URL path at which the application is mounted, without a slash at its end.
    mount: str
    #: Of the application, each with a query if it has one: "/cart?x=1".
    paths: List[str]
    #: Seconds for the import, and for each request.
    limit: float


def read_order(path: str) -> Order:
    """The order in a file."""
    with open(path, encoding="utf-8") as file:
        return Order(**json.load(file))


def write_order(path: str, order: Order) -> None:
    """The order into a file, for a pass."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump(order._asdict(), file)


def request_name(path: str) -> str:
    """As findings name it."""
    return f"GET {path}"
