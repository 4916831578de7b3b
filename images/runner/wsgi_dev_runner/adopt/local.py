"""Who is local: requests of the developer's machine reach the container from its gateway, and not from 127.0.0.1."""

import sys
from typing import List, Optional

from .dump import Directive
from .words import join, split

WHY = "your machine's requests come from the container's gateway"
_ROUTES = "/proc/net/route"
_ADDRESSES = ["127.0.0.0/8", "::1"]


def gateway(routes: str = _ROUTES) -> Optional[str]:
    """The address that requests from outside the container come from; None where it has no network."""
    try:
        with open(routes, encoding="ascii") as file:
            rows = [line.split() for line in file][1:]
    except OSError:
        return None
    for row in rows:
        if row[1] == "00000000" and row[2] != "00000000":
            return ".".join(map(str, int(row[2], 16).to_bytes(4, sys.byteorder)))
    return None


def let_in(one: Directive, address: Optional[str]) -> Optional[str]:
    """The arguments of a directive that is about local clients, with `address` for one of them; None for any other."""
    if address is None or one.key not in ("require", "allow", "deny"):
        return None
    words = split(one.args)
    negation = words[:1] if words[:1] == ["not"] else []
    lower: List[str] = [word.lower() for word in words[len(negation) :]]
    if one.key == "require" and lower == ["local"]:
        return join([*negation, "ip", *_ADDRESSES, address])
    if lower[:1] == ["ip" if one.key == "require" else "from"] and any(map(_is_local, lower[1:])):
        return join([*words, address])
    return None


def _is_local(word: str) -> bool:
    return word in ("localhost", "::1") or word.startswith("127.")
