"""What the client asks for: which application, and which requests."""

import base64
import json
from typing import Any, List, Mapping, NamedTuple


class Asked(NamedTuple):
    """One request."""

    #: As findings name it, "POST /cart": no two have the same.
    name: str
    method: str
    #: Of the application, with a query if it has one: "/cart?x=1".
    path: str
    #: That of the body among them, but its length.
    headers: Mapping[str, str]
    #: In base64; "": none.
    body: str

    @property
    def data(self) -> bytes:
        return base64.b64decode(self.body)


class Order(NamedTuple):
    """Read from a file by `main` and, narrowed to the requests that are still to run, by each pass."""

    #: As in the runner's settings.
    app: Mapping[str, Any]
    root: str
    #: URL path at which the application is mounted, without a slash at its end.
    mount: str
    requests: List[Asked]
    #: Seconds for the import, and for each request.
    limit: float


def read_order(path: str) -> Order:
    """The order in a file."""
    with open(path, encoding="utf-8") as file:
        values = json.load(file)
    return Order(**{**values, "requests": [Asked(**one) for one in values["requests"]]})


def write_order(path: str, order: Order) -> None:
    """The order into a file, for a pass."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**order._asdict(), "requests": [one._asdict() for one in order.requests]}, file)
